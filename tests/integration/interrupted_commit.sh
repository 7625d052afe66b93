#!/usr/bin/env bash
# The service is killed right after a commit. Its image becomes the snapshot's only if the sandbox stands still since
# before; an image that is older than what stands still now is thrown away, and the sandbox committed anew.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

export SANDGLASS_FAULT_FILE=$SCRATCH/faults
SANDGLASSD=$BUILD/bin/sandglassd_with_faults
REQUEST="curl -sSf -o /dev/null --unix-socket $ENGINE/engine.sock"

arm() { printf '%s\t%s\n' "$1" "$2" >"$SANDGLASS_FAULT_FILE"; }

commits()
{
    engine_request "$ENGINE" GET "/events?since=$began&until=$(($(date +%s) + 1))" -G \
        --data-urlencode "filters={\"type\":[\"container\"],\"event\":[\"commit\"],\"container\":[\"$CONTAINER\"]}" \
        | jq -s length
}

# content TEXT: the snapshot's file holds it.
content()
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{}'
    local origin=$SANDBOX container=$CONTAINER
    await_sandbox "$(field .sandbox_id)"
    same 'the content of the snapshot' "$(run_in "$ENGINE" "$CONTAINER" 'cat /content')" "$1"
    SANDBOX=$origin CONTAINER=$container
}

began=$(date +%s)
start
new_sandbox "$IDLE"

step 'the sandbox stands still: what was committed is taken'
run_in "$ENGINE" "$CONTAINER" 'echo first >/content'
arm create_snapshot/commit/after "kill -KILL \$PPID"
new_snapshot '{}'
wait_until 20 service_ended
start
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
same 'the number of commits' "$(commits)" 1
content first

step 'the sandbox went on meanwhile: it is committed anew'
arm create_snapshot/commit/after "kill -KILL \$PPID"
new_snapshot '{}'
wait_until 20 service_ended
engine_request "$ENGINE" POST "/containers/$CONTAINER/unpause"
run_in "$ENGINE" "$CONTAINER" 'echo second >/content'
start
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
same 'the number of commits' "$(commits)" 3
content second

step 'an image that an attempt before left'
arm 'create_snapshot/look for secrets/after' \
    "curl -sSf -o /dev/null -X POST -H @$SERVICE_DATA/headers $SERVICE_URL/v1/operations/\$OPERATION/cancel"
new_snapshot '{}'
await_snapshot 20
same 'the snapshot' "$OUTCOME" failed
run_in "$ENGINE" "$CONTAINER" 'echo third >/content'
arm create_snapshot/commit/before "$REQUEST -X POST -H 'Content-Type: application/json' \
    -d '{\"Labels\": {\"io.sandglass.snapshot.id\": \"'\$SNAPSHOT'\"}}' \
    \"http://engine/commit?container=$CONTAINER&comment=sandglass%20snapshot%20\$SNAPSHOT\""
expect 202 POST "$NS/snapshots/$SNAPSHOT/retry"
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
api GET "$NS/snapshots/$SNAPSHOT"
created=$(field .created_at)
same 'when its image says that it was created' "$(engine_request "$ENGINE" GET "/images/$(field .image_ref)/json" \
    | jq -r '.Config.Labels["io.sandglass.snapshot.created"]')" "$created"
wait_until 20 all_is_well || tell_what_is_wrong 'at the end'
