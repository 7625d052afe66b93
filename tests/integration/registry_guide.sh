#!/usr/bin/env bash
# The commands of docs/registries.md do what it says, where a registry and engines of the test can stand for those that it
# names; what it tells the API of other registries is accepted.
# shellcheck disable=SC2016,SC2034 # its variables, v1 and ns, are used by the commands
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

REGISTRY_PASSWORD=$(openssl rand -hex 12)
SERVICE_AS=("$here/../support/registry.sh" with_names "$ENGINE")
mkdir "$SCRATCH/bin" "$SCRATCH/docker"
export PATH=$SCRATCH/bin:$PATH DOCKER_CONFIG=$SCRATCH/docker
OTHER_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/b

# commands_of SECTION: those of the guide, a line each.
commands_of()
{
    awk -v section="## $1" '
        /^## / { inside = $0 == section }
        inside && /^    / {
            sub(/^    /, "")
            command = command == "" ? $0 : command " " $0
            if (gsub(/\047/, "&", command) % 2 == 0) { print command; command = "" }
        }' "$here/../../docs/registries.md"
}

# here_and_now: the names of the guide replaced by those of this test. The keychain's place is taken by a helper.
here_and_now()
{
    sed -e "s|registry\.lab:5000|$(registry_address "$REGISTRY")|g; s|/etc/docker|$ENGINE/docker|g" \
        -e "s|/etc/sandglass/lab-ca\.pem|$REGISTRY/ca.crt|g; s|lab-ca\.pem|$REGISTRY/ca.crt|g" \
        -e 's|"credential": {[^}]*}|"credential_source": "docker_helper"|' \
        -e "s|snap-…|$SNAPSHOT|g; s|op-…|$OPERATION|g; s|  *#.*||"
}

# ask: of the guide; STATUS and BODY are what came of it.
ask()
{
    BODY=$(curl -sS -m 60 -H "@$SERVICE_DATA/headers" -H 'Content-Type: application/json' -w '\n%{http_code}' "$@")
    STATUS=${BODY##*$'\n'}
    BODY=${BODY%$'\n'*}
}

# run_guide SECTION BEGINNING STATUS: runs the section's command that begins so, and its answer has this status.
run_guide()
{
    local command
    command=$(commands_of "$1" | grep -m 1 -F -- "$2" | here_and_now) || fail "the guide has no: $2"
    eval "$command"
    [[ $STATUS =~ ^($3)$ ]] || fail "$command answered $STATUS, not $3: $BODY"
}

has_finished() { api GET "/v1/operations/$OPERATION" && [[ $(field '.finished_at // ""') ]]; }
await_place() # KIND NAME: until SNAPSHOT is there
{
    is_there() { api GET "$NS/snapshots/$SNAPSHOT" && field '.locations[] | .kind + " " + .place + " " + .state' | grep -qx "$1 present"; }
    wait_until 60 is_there "$1 $2"
}

own_registry lab login host="$REGISTRY_HOST" listen='[::1]'
jq -n --arg secret "$REGISTRY_PASSWORD" '{Username: "alice", Secret: $secret}' >"$SCRATCH/login"
printf '#!/bin/sh\ncat >/dev/null\nexec cat "%s"\n' "$SCRATCH/login" >"$SCRATCH/bin/docker-credential-test"
chmod +x "$SCRATCH/bin/docker-credential-test"
jq -n --arg host "$(registry_address "$REGISTRY")" '{credHelpers: {($host): "test"}}' >"$DOCKER_CONFIG/config.json"
start_service --engine "a=unix://$ENGINE/engine.sock" --engine "b=unix://$OTHER_ENGINE/engine.sock"
v1=$SERVICE_URL/v1
ns=$SERVICE_URL$NS
OPERATION=none SNAPSHOT=none
new_sandbox "$IDLE"
new_snapshot '{}'
await_snapshot 30

step 'a private registry'
section='A private registry with its own authority'
run_guide "$section" 'ask -X PUT' 201
while read -r command; do
    eval "$command"
done < <(commands_of "$section" | grep -v '^ask ' | here_and_now)
trust_registry "$REGISTRY" "$OTHER_ENGINE"

step 'in short'
section='In short'
run_guide "$section" 'ask -X POST $v1/registries/lab/test' 200
same 'the registry is usable' "$(field .usable)" true
run_guide "$section" 'snap-…/push' 202
OPERATION=$(field .operation_id)
await_place registry lab
run_guide "$section" 'op-…' 200
[[ $(field '.progress.layers | length') -gt 0 ]] || fail 'the operation has no progress'
run_guide "$section" 'snap-…/check' 204
run_guide "$section" 'snap-…/pull' 202
await_place engine b
run_guide "$section" 'snap-…/restore' 202
restored=$(field .sandbox_id)
wait_until 60 has_status "$NS/sandboxes/$restored" running
run_guide "$section" 'registries/lab/credential' 404
run_guide "$section" 'ask -X DELETE $v1/registries/lab ' 409

step 'what it says of other registries is accepted'
for section in 'In short' 'Docker Hub' 'Amazon ECR' 'Harbor' 'GitHub (GHCR)' 'Plain HTTP' 'Where credentials come from'; do
    ask -X DELETE "$v1/registries/lab?leave_snapshots=true"
    run_guide "$section" 'ask -X PUT' '20[01]'
done
run_guide 'Where credentials come from' 'registries/importable' 200
distrust_registry "$REGISTRY" "$ENGINE"
distrust_registry "$REGISTRY" "$OTHER_ENGINE"
