#!/usr/bin/env bash
# A sandbox is snapshotted, broken, restored; an expired snapshot gives a fresh sandbox or is forced; a snapshot is deleted.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

file_in() { run_in "$ENGINE" "$1" 'cat /work/file' 2>&1; }

# restore SNAPSHOT JSON FROM_SNAPSHOT TTL_EXPIRED: restores, checks the answer; sets SANDBOX and CONTAINER.
restore()
{
    expect 202 POST "$NS/snapshots/$1/restore" "$2"
    same 'a restored sandbox' "$(field .status)" pending
    same 'what the restore says' "$(field '"\(.restored_from_snapshot), \(.ttl_expired)"')" "$3, $4"
    await_sandbox "$(field .sandbox_id)"
}

start

step 'create a sandbox and write a file in it'
new_sandbox "$IDLE"
original=$SANDBOX
run_in "$ENGINE" "$CONTAINER" 'mkdir /work && echo precious >/work/file'

step 'snapshot it'
new_snapshot '{"ttl_secs": 3600, "tag": "before-the-accident"}'
lasting=$SNAPSHOT
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
expect 200 GET "$NS/snapshots/$lasting"
same sandbox_id "$(field .sandbox_id)" "$original"
same image_ref "$(field .image_ref)" "sandglass-snapshots:$original-$lasting"
same expires_at "$(field '.expires_at - .created_at')" 3600000
same ttl_secs "$(field .ttl_secs)" 3600
same locations "$(field '.locations | map([.kind, .place, .state] | join(" ")) | join(",")')" 'engine a present'
image=$(engine_request "$ENGINE" GET "/images/sandglass-snapshots:$original-$lasting/json")
same size_bytes "$(field .size_bytes)" "$(jq .Size <<<"$image")"
same 'the label of the image' "$(jq -r '.Config.Labels["io.sandglass.snapshot.id"]' <<<"$image")" "$lasting"

step 'snapshot it again, for one second'
new_snapshot '{"ttl_secs": 1}'
brief=$SNAPSHOT
await_snapshot 30
same 'the brief snapshot' "$OUTCOME" active
expect 200 GET "$NS/sandboxes/$original/snapshots"
same 'the list' "$(field '.snapshots | map(.snapshot_id) | sort | join(" ")')" "$(printf '%s\n' "$lasting" "$brief" | sort | paste -sd' ')"

step 'break it'
run_in "$ENGINE" "$CONTAINER" 'rm /work/file'

step 'restore it: the file is there'
restore "$lasting" '{}' true false
restored=$SANDBOX
[[ $restored != "$original" ]] || fail 'the restored sandbox has the id of the original'
same 'the file' "$(file_in "$CONTAINER")" precious

step 'expired: a fresh sandbox, without the file'
is_expired() { api GET "$NS/snapshots/$brief" && [[ $(field .expired) == true ]]; }
wait_until 5 is_expired
restore "$brief" '' false true
if file_in "$CONTAINER" >/dev/null; then fail 'the fresh sandbox has the file'; fi
run_in "$ENGINE" "$CONTAINER" 'test ! -e /work'

step 'expired and forced: with the file'
restore "$brief" '{"force": true, "reason": "the file is needed"}' true true
forced=$SANDBOX
same 'the file' "$(file_in "$CONTAINER")" precious

step 'refusals'
expect 404 POST "$NS/sandboxes/sb-aaaaaaaaaaaaaaaa/snapshots" '{}'
expect 404 POST "$NS/snapshots/snap-aaaaaaaaaaaaaaaa/restore" '{}'
expect 404 DELETE "$NS/snapshots/snap-aaaaaaaaaaaaaaaa"
expect 404 GET "/v1/namespaces/another/snapshots/$lasting"
expect 404 POST "/v1/namespaces/another/snapshots/$lasting/restore" '{}'
engine_request "$ENGINE" POST "/containers/$(container_of "$ENGINE" "$original")/kill"
expect 409 POST "$NS/sandboxes/$original/snapshots" '{}'

step 'delete: waits for the sandbox that runs from it, and says so'
expect 202 DELETE "$NS/snapshots/$brief"
same 'a deleted snapshot' "$(field .status)" deleting
says_why() { api GET "$NS/snapshots/$brief" && [[ $(field .status) == deleting && $(field .error) == *"$forced"* ]]; }
wait_until 15 says_why
expect 404 POST "$NS/snapshots/$brief/restore" '{"force": true, "reason": "too late"}'
[[ $(field .error.message) == *deleting* ]] || fail "the refusal does not say the status: $BODY"
expect 409 DELETE "$NS/snapshots/$brief"
[[ $(images_of "$original") == *"$brief"* ]] || fail 'the image went although it is in use'

terminate()
{
    expect 202 DELETE "$NS/sandboxes/$1"
    wait_until 30 has_status "$NS/sandboxes/$1" 'terminated gone'
    same 'its container' "$(container_of "$ENGINE" "$1")" ''
}
terminate "$forced"

step 'delete: first the image, then the row'
row_or_image_gone() { status=$(status_of "$NS/snapshots/$1") && [[ $status == gone || $(images_of "$original") != *"$1"* ]]; }
wait_until 60 row_or_image_gone "$brief"
[[ $(images_of "$original") != *"$brief"* ]] || fail 'the row went before the image'
wait_until 10 has_status "$NS/snapshots/$brief" gone
terminate "$restored"
expect 202 DELETE "$NS/snapshots/$lasting"
wait_until 30 has_status "$NS/snapshots/$lasting" gone
same 'what is left of its images' "$(images_of "$original")" ''
expect 404 DELETE "$NS/snapshots/$lasting"

step 'the service stops in order'
stop_service
