#!/usr/bin/env bash
# What is looked at, held and refused before a commit, on an engine whose disk is small.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

# The names of an image of the engine, sorted; one whose id is given.
names_of() { engine_request "$ENGINE" GET "/images/$1/json" | jq -r '.RepoTags | sort | join(" ")'; }
has_names() { [[ $(names_of "$1") == "$2" ]]; }
is_held() { names_of "$1" | grep -qF "0.sandglass/base:${1#sha256:}"; }
is_gone() { ! engine_request "$ENGINE" GET "/images/$1/json" >/dev/null 2>&1; }
prune() # FILTERS: as people do it
{
    engine_request "$ENGINE" POST /images/prune --url-query "filters=$1" >/dev/null
}

own_engine() # in the place of the one in test.sh: with a disk of its own
{
    OWN_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/$NAME
    remove_engine "$OWN_ENGINE"
    ENGINE=$OWN_ENGINE
    mkdir -p "$ENGINE/data"
    mount -t tmpfs -o size=100m sandglass-test "$ENGINE/data"
    start_engine "$ENGINE"
    import_base_images "$ENGINE"
}

# await_failed PATTERN: until SNAPSHOT has failed for a reason that matches.
await_failed()
{
    await_snapshot 30
    same 'the snapshot' "$OUTCOME" failed
    api GET "$NS/snapshots/$SNAPSHOT"
    [[ $(field .error) =~ $1 ]] || fail "the reason is: $(field .error)"
}

check_of() { field ".checks[] | select(.name == \"$1\") | .outcome"; }

own_engine
start
base=$(engine_request "$ENGINE" GET /images/sandbox-base:busybox/json | jq -r .Id)

step 'the image of a sandbox is held, and nobody prunes it away'
new_sandbox "$IDLE"
wait_until 10 is_held "$base"
prune '{"dangling": ["false"]}'
wait_until 10 has_names "$base" "0.sandglass/base:${base#sha256:} sandbox-base:busybox"
engine_request "$ENGINE" DELETE /images/sandbox-base:busybox >/dev/null
prune '{"dangling": ["true"]}'
prune '{"dangling": ["false"]}'
same 'what is left of its names' "$(names_of "$base")" "0.sandglass/base:${base#sha256:}"
new_snapshot '{}'
await_snapshot 30
same 'a snapshot without the name of its base' "$OUTCOME" active
first=$SNAPSHOT

step 'a fresh sandbox is made of what is held'
kept=$SANDBOX
new_snapshot '{"ttl_secs": 1}'
await_snapshot 30
is_expired() { api GET "$NS/snapshots/$SNAPSHOT" && [[ $(field .expired) == true ]]; }
wait_until 5 is_expired
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{}'
same 'whether it is restored' "$(field .restored_from_snapshot)" false
await_sandbox "$(field .sandbox_id)"
expect 202 DELETE "$NS/sandboxes/$SANDBOX"
wait_until 30 has_status "$NS/sandboxes/$SANDBOX" 'terminated gone'
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 30 has_status "$NS/snapshots/$SNAPSHOT" gone
await_sandbox "$kept"

step 'a plan says what a snapshot would be'
expect 200 GET "$NS/sandboxes/$SANDBOX/snapshot-plan"
same 'whether it can run' "$(field .can_run)" true
same 'free space' "$(check_of free_space)" passed
same 'layers' "$(check_of layer_depth)" passed
same 'the base image' "$(check_of base_image)" passed

step 'a snapshot for which the disk is too small is refused before the sandbox is frozen'
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/zero of=/big bs=1048576 count=40 2>/dev/null'
expect 200 GET "$NS/sandboxes/$SANDBOX/snapshot-plan"
same 'whether it can run' "$(field .can_run)" false
same 'free space' "$(check_of free_space)" failed
new_snapshot '{}'
await_failed 'No space is left: .*needs about 3 times.*Free space on that disk'
api GET "/v1/operations/$OPERATION"
same 'where it ended' "$(field '[.steps[] | select(.started_at and (.finished_at | not)) | .name][0]')" \
    'inspect sandbox'
run_in "$ENGINE" "$CONTAINER" 'rm /big'

step 'secrets are found, and noted beside the snapshot'
plain=$SANDBOX
value=hunter2-of-the-environment
in_file=hunter2-of-the-file
holder=$(engine_request "$ENGINE" POST /containers/create -H 'Content-Type: application/json' \
    -d '{"Image": "'"$base"'"}' | jq -r .Id)
engine_request "$ENGINE" POST "/commit?container=$holder&repo=secrets&tag=1" \
    --url-query "changes=ENV API_TOKEN=$value" --url-query 'changes=ENV GREETING=hello' >/dev/null
engine_request "$ENGINE" DELETE "/containers/$holder" >/dev/null
new_sandbox '{"image": "secrets:1", "entrypoint": ["/bin/sleep", "1000000"]}'
run_in "$ENGINE" "$CONTAINER" "mkdir /root; echo machine h login a password $in_file > /root/.netrc; echo x > /other"
found='API_TOKEN named false /root/.netrc credentials false'
findings() { field '[.findings[] | .subject, .kind, .blanked] | map(tostring) | join(" ")'; }
expect 200 GET "$NS/sandboxes/$SANDBOX/snapshot-plan"
same 'what a plan finds' "$(findings)" "$found"
new_snapshot '{}'
await_snapshot 30
same 'a snapshot with secrets' "$OUTCOME" active
expect 200 GET "$NS/snapshots/$SNAPSHOT"
same 'what is noted' "$(findings)" "$found"
with_secrets=$SNAPSHOT

step 'secrets are refused where that is asked for'
new_snapshot '{"accept_findings": false}'
await_failed 'API_TOKEN in the environment, /root/.netrc'
new_snapshot '{"accept_findings": false, "scrub_environment": true}'
await_failed 'secrets: /root/.netrc;'

step 'a blanked variable is nowhere in the image'
new_snapshot '{"accept_findings": true, "scrub_environment": true}'
await_snapshot 30
same 'a snapshot with a blanked variable' "$OUTCOME" active
expect 200 GET "$NS/snapshots/$SNAPSHOT"
same 'what is noted' "$(findings)" 'API_TOKEN named true /root/.netrc credentials false'
image=$(field .image_ref)
engine_request "$ENGINE" GET "/images/$image/json" >"$SCRATCH/image.json"
same 'its variables' "$(jq -r '.Config.Env | sort | join(" ")' "$SCRATCH/image.json")" 'API_TOKEN= GREETING=hello PATH=/bin'
engine_request "$ENGINE" GET "/images/$image/get" >"$SCRATCH/image.tar"
! grep -aqF "$value" "$SCRATCH/image.json" "$SCRATCH/image.tar" || fail 'the value is in the image'
grep -aqF "$in_file" "$SCRATCH/image.tar" || fail 'the comparison sees nothing'
same 'images of it' "$(images_of "$SANDBOX" | wc -l)" 2
expect 200 GET "/v1/audit?limit=100"
same 'accepted in the audit' \
    "$(field ".records[] | select(.object == \"$SNAPSHOT\" and .result == \"active\") | .reason")" \
    'accepted secrets: /root/.netrc'
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{}'
blanked=$SNAPSHOT original=$SANDBOX
await_sandbox "$(field .sandbox_id)"
# shellcheck disable=SC2016 # the sandbox's shell expands it
run_in "$ENGINE" "$CONTAINER" 'test -z "$API_TOKEN" && test "$GREETING" = hello && test -e /root/.netrc' \
    || fail 'the restored sandbox differs'
restored=$SANDBOX

step 'what was found is written nowhere'
! grep -aqrF "$in_file" "$SERVICE_DATA" || fail "the file's content is in the data folder"
! grep -qF "$value" "$SERVICE_LOG" || fail 'the value is in the log'
for path in "$NS/snapshots" "$NS/sandboxes/$original/snapshot-plan" /v1/operations /v1/audit; do
    expect 200 GET "$path"
    ! grep -qF -e "$value" -e "$in_file" <<<"$BODY" || fail "the value is in the answer to $path"
done
for id in "$restored" "$original"; do
    expect 202 DELETE "$NS/sandboxes/$id"
    wait_until 30 has_status "$NS/sandboxes/$id" 'terminated gone'
done
for id in "$blanked" "$with_secrets"; do
    expect 202 DELETE "$NS/snapshots/$id"
    wait_until 30 has_status "$NS/snapshots/$id" gone
done
engine_request "$ENGINE" DELETE /images/secrets:1 >/dev/null
SANDBOX=$plain

step 'the image is let go with the last that needs it'
expect 202 DELETE "$NS/sandboxes/$SANDBOX"
wait_until 30 has_status "$NS/sandboxes/$SANDBOX" 'terminated gone'
is_held "$base" || fail 'the snapshot needs it still'
expect 202 DELETE "$NS/snapshots/$first"
wait_until 30 is_gone "$base"

step 'a sandbox with as many layers as an engine allows'
import_base_images "$ENGINE"
engine_request "$ENGINE" GET /images/sandbox-base:busybox/get | "$here/layered_image.py" deep:124 124 \
    | engine_request "$ENGINE" POST /images/load -H 'Content-Type: application/x-tar' -T - >/dev/null
new_sandbox '{"image": "deep:124", "entrypoint": ["/bin/sleep", "1000000"]}'
expect 200 GET "$NS/sandboxes/$SANDBOX/snapshot-plan"
same 'layers' "$(field .layers) $(check_of layer_depth)" '124 warning'
run_in "$ENGINE" "$CONTAINER" 'echo one > /more'
new_snapshot '{}'
await_snapshot 30
same 'the last one that is possible' "$OUTCOME" active
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{}'
await_sandbox "$(field .sandbox_id)"
new_snapshot '{}'
await_failed '125 layers.*docker export'
