#!/usr/bin/env bash
# The password of a registry is used, accepted and refused, and is found nowhere afterwards: not in the data folder, not in
# the log at its most verbose, not in the arguments of a program, and in no answer of the API.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

REGISTRY_PASSWORD=$(openssl rand -hex 20)
REFUSED_PASSWORD=$(openssl rand -hex 20)
LOST_PASSWORD=$(openssl rand -hex 20) # which is given where there is no keychain
export CREDENTIALS_DIRECTORY=$SCRATCH/credentials QT_LOGGING_RULES='*=true'
export DBUS_SESSION_BUS_ADDRESS=unix:path=$SCRATCH/no-bus
SAID=$SCRATCH/said # what the service answered, and what programs were started with
mkdir -m 700 "$CREDENTIALS_DIRECTORY" "$SAID"

credential_is() { (umask 077 && printf 'alice:%s\n' "$1" >"$CREDENTIALS_DIRECTORY/registry.login"); } # PASSWORD

# The passwords as they are, and how they look in base64, in whatever place of it they are.
forms()
{
    local password prefix coded
    for password in "$REGISTRY_PASSWORD" "$REFUSED_PASSWORD" "$LOST_PASSWORD"; do
        echo "$password"
        for prefix in '' a aa; do
            coded=$(printf '%s%s' "$prefix" "$password" | base64 -w 0)
            echo "${coded:4:-4}"
        done
    done
}

find_passwords() { grep -rlaFf "$SCRATCH/forms" "$@"; } # FOLDER...: the files that have one

# hear PATH: keeps what the service answers.
hear()
{
    expect 200 GET "$1"
    printf '%s\n' "$BODY" >>"$SAID/answers"
}

watch_arguments()
{
    while sleep 0.02; do
        cat /proc/[0-9]*/cmdline 2>/dev/null || true
    done >"$SAID/arguments"
}

# push STATE: how it ends; what is at the registry already stays there.
push()
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "login"}'
    local operation
    operation=$(field .operation_id)
    has_finished() { api GET "/v1/operations/$operation" && [[ $(field '.finished_at // ""') ]]; }
    wait_until 60 has_finished
    hear "/v1/operations/$operation"
    same 'the push' "$(field .state)" "$1"
    hear "$NS/snapshots/$SNAPSHOT"
    same 'the snapshot there' "$(field '.locations[] | select(.kind == "registry") | .state')" present
}

forms >"$SCRATCH/forms"
credential_is "$REGISTRY_PASSWORD"
[[ $(find_passwords "$CREDENTIALS_DIRECTORY") ]] || fail 'the search finds nothing'
printf '{"auth": "%s"}' "$(printf 'alice:%s' "$REGISTRY_PASSWORD" | base64 -w 0)" >"$CREDENTIALS_DIRECTORY/coded"
[[ $(find_passwords "$CREDENTIALS_DIRECTORY/coded") ]] || fail 'the search finds no base64'

start
watch_arguments &
BESIDES+=($!)
own_registry login login
registry=$(jq -n --arg url "$(registry_address "$REGISTRY")" --arg ca "$REGISTRY/ca.crt" \
    '{url: $url, repository: "team/snapshots", ca_file: $ca, credential_source: "service_credential"}')

step 'a password that is accepted'
expect '20[01]' PUT /v1/registries/login "$registry"
expect 200 POST /v1/registries/login/test
printf '%s\n' "$BODY" >>"$SAID/answers"
same 'the registry is usable' "$(field .usable)" true
new_sandbox "$IDLE"
new_snapshot '{}'
await_snapshot 30
push succeeded

step 'one that is refused'
credential_is "$REFUSED_PASSWORD"
push failed

step 'one that no keychain takes'
PASSWORD=$LOST_PASSWORD jq 'del(.credential_source) + {credential: {username: "alice", password: env.PASSWORD}}' \
    <<<"$registry" >"$SCRATCH/body"
expect '[45]..' PUT /v1/registries/login '' -H 'Content-Type: application/json' --data-binary "@$SCRATCH/body"
printf '%s\n' "$BODY" >>"$SAID/answers"
[[ $(field .error.message) =~ 'Credentials are missing: no D-Bus session' ]] || fail "not said: no D-Bus session; but $BODY"

step 'they are found nowhere'
for path in /v1/registries /v1/registries/login /v1/settings /v1/audit /v1/operations /v1/engines "$NS/snapshots" "$NS/sandboxes"; do
    hear "$path"
done
grep -q 'registry' "$SERVICE_LOG" || fail 'the log is not verbose'
[[ -s $SAID/arguments ]] || fail 'no arguments were looked at'
grep -qaF "$SERVICE_DATA" "$SAID/arguments" || fail 'the arguments of the service were not looked at'
same 'where they are' "$(find_passwords "$SERVICE_DATA" "$SAID" || true)" ''
stop_service
same 'where they are at the end' "$(find_passwords "$SERVICE_DATA" "$SAID" || true)" ''
