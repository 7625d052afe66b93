#!/usr/bin/env bash
# Whatever goes wrong at a registry, or on the way to it: the snapshot ends up in the right state there, and words say why.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

REGISTRY_PASSWORD=$(openssl rand -hex 12)
OTHER_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/b
# The service finds registry.test where the engines do.
SERVICE_AS=("$here/../support/registry.sh" with_names "$ENGINE")

# The credential helper "test" says what lies in the file `login`.
LOGIN=$SCRATCH/login
HELPER=$SCRATCH/bin/docker-credential-test
mkdir "$SCRATCH/bin" "$SCRATCH/docker"
export PATH=$SCRATCH/bin:$PATH DOCKER_CONFIG=$SCRATCH/docker
install_helper()
{
    printf '#!/bin/sh\ncat >/dev/null\nexec cat "%s"\n' "$LOGIN" >"$HELPER"
    chmod +x "$HELPER"
}
login_with() { jq -n --arg secret "$1" '{Username: "alice", Secret: $secret}' >"$LOGIN"; } # PASSWORD
helper_knows() { jq -n --arg host "$1" '{credHelpers: {($host): "test"}}' >"$DOCKER_CONFIG/config.json"; } # HOST

both_engines() { start_service --engine "a=unix://$ENGINE/engine.sock" --engine "b=unix://$OTHER_ENGINE/engine.sock"; }

# put_registry NAME ADDRESS MORE: adds or changes it; MORE is JSON.
put_registry()
{
    expect '20[01]' PUT "/v1/registries/$1" \
        "$(jq -n --arg url "$2" --argjson more "$3" '{url: $url, repository: "team/snapshots"} + $more')"
}

# new_snapshot_of FILE MEBIBYTES: an active snapshot with so much that no registry has seen; sets SNAPSHOT.
new_snapshot_of()
{
    run_in "$ENGINE" "$CONTAINER" "dd if=/dev/urandom of=/file bs=1M count=$1 2>/dev/null"
    new_snapshot '{}'
    await_snapshot 60
    same 'the snapshot' "$OUTCOME" active
}

push_to() # NAME; sets OPERATION
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/push" "{\"registry\": \"$1\"}"
    OPERATION=$(field .operation_id)
}

place() # NAME FILTER: of the place of SNAPSHOT there
{
    api GET "$NS/snapshots/$SNAPSHOT"
    field ".locations[] | select(.kind == \"registry\" and .place == \"$1\") | $2"
}

operation() { api GET "/v1/operations/$OPERATION" && field "$1"; } # FILTER
has_finished() { [[ $(operation '.finished_at // ""') ]]; }
# waits_for WORDS: what OPERATION waits for, or tries once more.
waits_for() { [[ $(operation '"\(.state) \(.error // "")"') =~ ^(waiting|running)\ .*$1 ]]; }
says_when() { [[ $(operation '.next_attempt_at // ""') ]]; }

# ends NAME STATE [WORDS]: OPERATION comes to its end, SNAPSHOT is then in this state there, and the words say why.
ends()
{
    wait_until 90 has_finished
    same "the snapshot in $1" "$(place "$1" .state)" "$2"
    local words
    words=$(place "$1" '.error // ""')
    [[ $words =~ ${3-^$} ]] || fail "not said: ${3-nothing}; but: $words"
    api GET "/v1/registries/$1"
    no_name_left "$ENGINE" "$(field .url)/"
}

# The engine calls no image of the sandbox's snapshots by a name of a registry: by none that begins so.
no_name_left() # ENGINE BEGINNING
{
    local names
    names=$(engine_request "$1" GET /images/json -G \
        --data-urlencode "filters={\"label\":[\"io.sandglass.snapshot.sandbox=$SANDBOX\"]}" \
        | jq -r --arg beginning "$2" '.[] | ((.RepoTags // []) + (.RepoDigests // []))[]
            | select(test("^(sandglass-snapshots:|<none>)") | not) | select(startswith($beginning))')
    same 'what else the engine calls them' "$names" ''
}

is_uploading() { [[ $(find "$REGISTRY/storage" -path '*/_uploads/*/data' -size +4M) ]]; }

install_helper
both_engines
new_sandbox "$IDLE"
new_snapshot_of 1
small=$SNAPSHOT
new_snapshot_of 48
large=$SNAPSHOT

step 'a full disk: the engine tries for nearly a minute, while the rest goes on'
own_registry full plain megabytes=16
put_registry full "$(registry_address "$REGISTRY")" '{"insecure": true}'
push_to full
at_full_disk=$OPERATION

step 'a wrong password, then the right one'
SNAPSHOT=$small
own_registry login login
helper_knows "$(registry_address "$REGISTRY")"
put_registry login "$(registry_address "$REGISTRY")" \
    "$(jq -n --arg ca "$REGISTRY/ca.crt" '{ca_file: $ca, credential_source: "docker_helper"}')"
login_with 'not the password'
push_to login
ends login failed 'credentials were not accepted: .*team/snapshots.* a user name and a password or token that it accepts'
expect 200 GET /v1/registries/login
[[ $(field .error) =~ 'were not accepted' ]] || fail 'the registry does not say what is wrong'

step 'the credential helper is missing, then installed'
rm "$HELPER"
login_with "$REGISTRY_PASSWORD"
push_to login
wait_until 20 waits_for 'docker-credential-test is not installed'
same 'meanwhile the snapshot' "$(place login .state)" uploading
install_helper
ends login present
expect 200 GET /v1/registries/login
same 'what the registry says' "$(field '.error // ""')" ''

step 'a certificate that we do not believe'
put_registry stranger "$(registry_address "$REGISTRY")" '{"credential_source": "docker_helper"}'
push_to stranger
ends stranger failed 'No trusted connection: .*nobody in this system.* vouches for the registry.s certificate.* as its CA file'

step 'a certificate that the engine does not believe, then does'
own_registry trust login host="$REGISTRY_HOST" listen='[::1]'
helper_knows "$(registry_address "$REGISTRY")"
put_registry trust "$(registry_address "$REGISTRY")" \
    "$(jq -n --arg ca "$REGISTRY/ca.crt" '{ca_file: $ca, credential_source: "docker_helper"}')"
push_to trust
ends trust failed 'No trusted connection: .*certs.d/HOST:PORT/ca.crt.*x509: '
trust_registry "$REGISTRY" "$ENGINE"
push_to trust
ends trust present
distrust_registry "$REGISTRY" "$ENGINE"

step 'a host that nobody knows'
put_registry nowhere no.such.registry.invalid:5000 '{}'
push_to nowhere
wait_until 30 waits_for 'Nobody answers: .*the host name "no.such.registry.invalid" is not known.*its address is right'
wait_until 10 says_when
expect 202 POST "/v1/operations/$OPERATION/cancel"
ends nowhere failed 'Cancelled'

step 'it wants fewer requests'
own_registry proxied plain
start_fault_proxy "$REGISTRY"
put_registry proxied "$(<"$REGISTRY/proxy/address")" '{"insecure": true}'
set_faults "$REGISTRY" '[{"do": "answer", "status": 429, "headers": {"Retry-After": "3"}, "method": "HEAD", "times": 1}]'
push_to proxied
wait_until 20 waits_for 'wants fewer requests'
expect 200 GET /v1/registries/proxied
(($(field '.paused_until // 0') > 0)) || fail 'the registry does not say that it is paused'
ends proxied present

step 'it serves another digest than was pushed'
SNAPSHOT=$large
set_faults "$REGISTRY" '[{"do": "digest", "method": "HEAD", "path": ".*/manifests/.*"}]'
push_to proxied
ends proxied failed 'The registry failed: registry proxied has sha256:0000.*not what was pushed, sha256:'
set_faults "$REGISTRY" '[]'
push_to proxied
ends proxied present

step 'it fails now and then'
own_registry failing plain
start_fault_proxy "$REGISTRY"
put_registry failing "$(<"$REGISTRY/proxy/address")" '{"insecure": true}'
set_faults "$REGISTRY" '[{"do": "answer", "status": 500, "method": "HEAD", "path": ".*/manifests/.*", "times": 2},
    {"do": "answer", "status": 503, "method": "PATCH", "times": 1}]'
push_to failing
wait_until 20 waits_for 'The registry failed: '
ends failing present

step 'the connection is cut in the middle of an upload'
own_registry cut plain
start_fault_proxy "$REGISTRY"
put_registry cut "$(<"$REGISTRY/proxy/address")" '{"insecure": true}'
set_faults "$REGISTRY" '[{"do": "cut", "bytes": 8000000, "method": "PATCH", "times": 1}]'
push_to cut
ends cut present
grep -q '^PATCH .* cut$' "$REGISTRY/proxy.log" || fail 'nothing was cut'

step 'it is killed in the middle of an upload, and started again'
own_registry killed plain
put_registry killed "$(registry_address "$REGISTRY")" '{"insecure": true}'
push_to killed
wait_until 30 is_uploading
kill_registry "$REGISTRY"
start_registry "$REGISTRY"
ends killed present

step 'its token expires in the middle of an upload'
own_registry token token lifetime=1
helper_knows "$(registry_address "$REGISTRY")"
put_registry token "$(registry_address "$REGISTRY")" '{"insecure": true, "credential_source": "docker_helper"}'
push_to token
wait_until 30 is_uploading
freeze_registry "$REGISTRY"
sleep 3 # longer than the token lives
thaw_registry "$REGISTRY"
ends token failed 'credentials were not accepted: .*may have expired on the way.*unauthorized: '
stop_registry "$REGISTRY"
echo 300 >"$REGISTRY/lifetime"
start_registry "$REGISTRY"
push_to token
ends token present

step 'the disk is still full'
OPERATION=$at_full_disk
wait_until 120 waits_for 'The registry failed: .*received unexpected HTTP status: 500'
expect 202 POST "/v1/operations/$OPERATION/cancel"
ends full failed 'Cancelled'
SNAPSHOT=$large

step 'the first registry lost what is to be restored on another engine: the next one has it'
lose() # NAME: what others do who remove SNAPSHOT there
{
    curl -sS --fail -X DELETE \
        "http://$(registry_address "$SANDGLASS_TEST_ENGINES_FOLDER/$NAME-$1")/v2/team/snapshots/manifests/$(place "$1" .digest)"
}
lose cut
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{"engine": "b"}'
restored=$(field .sandbox_id)
wait_until 60 has_status "$NS/sandboxes/$restored" 'running failed'
same 'the restored sandbox' "$(status_of "$NS/sandboxes/$restored")" running
same 'the snapshot in cut' "$(place cut .state)" missing
no_name_left "$OTHER_ENGINE" ''

step 'all of them lost it'
SNAPSHOT=$small
lose proxied
for registry in login trust; do
    expect '20[04]' DELETE "/v1/registries/$registry?leave_snapshots=true"
done
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{"engine": "b"}'
restored=$(field .sandbox_id)
wait_until 30 has_status "$NS/sandboxes/$restored" 'running failed'
same 'the restored sandbox' "$(status_of "$NS/sandboxes/$restored")" failed
expect 200 GET "$NS/sandboxes/$restored"
[[ $(field .error) =~ 'manifest unknown' ]] || fail "not said: manifest unknown; but: $(field .error)"
no_name_left "$OTHER_ENGINE" ''

step 'the service is killed in the middle of a push, and started again'
SNAPSHOT=$large
own_registry survivor plain
put_registry survivor "$(registry_address "$REGISTRY")" '{"insecure": true}'
push_to survivor
wait_until 30 is_uploading
kill_service
both_engines
ends survivor present
no_name_left "$ENGINE" ''
