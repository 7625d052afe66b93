#!/usr/bin/env bash
# Whatever happens during a commit, in the end the container is not paused, the snapshot is active or failed, and no image
# is left that is no snapshot's.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

no_orphans()
{
    wait_until 30 only_images_of_active_snapshots "$SANDBOX"
    local nameless
    nameless=$(engine_request "$ENGINE" GET /images/json -G --data-urlencode 'filters={"dangling":["true"]}')
    same 'the number of images without a name' "$(jq length <<<"$nameless")" 0
}

# Begins a snapshot and returns in the middle of its commit.
begin_commit()
{
    new_snapshot '{}'
    wait_until 10 is_paused "$CONTAINER"
}

began=$(date +%s)
own_engine
start
new_sandbox "$IDLE"
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/urandom of=/file bs=1M count=300 2>/dev/null'

step 'cancelled during the commit'
begin_commit
expect 202 POST "/v1/operations/$OPERATION/cancel"
await_snapshot 30
wait_until 10 is_not_paused "$CONTAINER"
same 'the cancelled snapshot' "$OUTCOME" failed
no_orphans
same 'the sandbox' "$(status_of "$NS/sandboxes/$SANDBOX")" running

step 'the image taken away before the service hears of it'
begin_commit
kill -s STOP "$SERVICE_PID"
is_committed() { [[ $(images_of "$SANDBOX") == *"$SNAPSHOT -"* ]]; }
wait_until 30 is_committed
for image in $(engine_request "$ENGINE" GET /images/json -G --data-urlencode \
    "filters={\"label\":[\"io.sandglass.snapshot.id=$SNAPSHOT\"]}" | jq -r '.[].Id'); do
    engine_request "$ENGINE" DELETE "/images/$image" >/dev/null
done
kill -s CONT "$SERVICE_PID"
await_snapshot 30
wait_until 10 is_not_paused "$CONTAINER"
same 'the snapshot without an image' "$OUTCOME" failed
api GET "$NS/snapshots/$SNAPSHOT"
[[ $(field .error) == *[Nn]o\ such\ image* ]] || fail "the failed snapshot does not say why: $BODY"
no_orphans

step 'service killed during the commit'
begin_commit
kill_service
start
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
frozen_during_last_commit "$began" || fail 'the sandbox went on during the commit'
wait_until 10 is_not_paused "$CONTAINER"
no_orphans

step 'service stopped in order during the commit'
begin_commit
stop_service
is_not_paused "$CONTAINER" || fail 'the sandbox was left standing still'
start
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
frozen_during_last_commit "$began" || fail 'the sandbox went on during the commit'
wait_until 10 is_not_paused "$CONTAINER"
no_orphans

step 'engine killed during the commit'
begin_commit
kill_engine "$ENGINE"
start_engine "$ENGINE"
await_snapshot 60
echo "   the snapshot is $OUTCOME"
wait_until 10 is_not_paused "$CONTAINER"
no_orphans

step 'engine killed during the commit, and the service before the engine is back'
engine_request "$ENGINE" POST "/containers/$CONTAINER/start"
wait_until 30 has_status "$NS/sandboxes/$SANDBOX" running
begin_commit
kill_engine "$ENGINE"
kill_service
start
start_engine "$ENGINE"
await_snapshot 60
echo "   the snapshot is $OUTCOME"
wait_until 10 is_not_paused "$CONTAINER"
no_orphans

step 'after all that a snapshot works'
engine_request "$ENGINE" POST "/containers/$CONTAINER/start"
wait_until 30 has_status "$NS/sandboxes/$SANDBOX" running
new_snapshot '{}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
same 'paused' "$(is_paused "$CONTAINER" && echo yes || echo no)" no
no_orphans

step 'the engine killed in the middle of a pause, which it forgets'
kill_engine "$ENGINE"
start_engine "$ENGINE" --live-restore
new_sandbox "$IDLE"
freeze_engine "$ENGINE"
pause_task "$ENGINE" "$CONTAINER"
kill_engine "$ENGINE"
start_engine "$ENGINE" --live-restore
same 'whether the engine says that it is paused' "$(is_paused "$CONTAINER" && echo yes || echo no)" no
new_snapshot '{}'
says_what_to_do()
{
    api GET /v1/operations
    [[ $(forgotten_pauses) == "$CONTAINER" ]]
}
wait_until 30 says_what_to_do
same 'the snapshot' "$(status_of "$NS/snapshots/$SNAPSHOT")" creating
resume_task "$ENGINE" "$CONTAINER"
await_snapshot 60
same 'the snapshot in the end' "$OUTCOME" active
is_not_paused "$CONTAINER" || fail 'the sandbox is paused'
run_in "$ENGINE" "$CONTAINER" true
no_orphans
