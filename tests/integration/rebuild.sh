#!/usr/bin/env bash
# The database is lost. `sandglassd --rebuild` brings everything back from the engine: what the API says of a sandbox and of
# its snapshots is the same as before.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

# What the API says, without the times of the rows themselves and without what only the lost database knew: for how long a
# sandbox stood still, and who pinned a snapshot and why.
all_of_namespace()
{
    expect 200 GET "$NS/sandboxes"
    field '.sandboxes | map(del(.changed_at, .confirmed_at)) | sort_by(.sandbox_id)'
    expect 200 GET "$NS/snapshots"
    field '.snapshots | map(del(.changed_at, .frozen_ms, .locations[].checked_at, .pin.reason, .pin.by)) | sort_by(.snapshot_id)'
}

step 'a sandbox with snapshots, and one restored from them'
start
new_sandbox '{"image": "sandbox-base:busybox", "entrypoint": ["/bin/sleep", "1000000"], "name": "first", "timeout_secs": 86400,
    "resources": {"cpus": 0.5, "memory_mb": 64}, "secret_names": ["TOKEN"], "network": "none"}'
run_in "$ENGINE" "$CONTAINER" 'mkdir -p /root && echo "machine example.org login me password geheim" >/root/.netrc'
new_snapshot '{"ttl_secs": 3600, "tag": "golden", "note": "a \"note\" with $signs"}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
api GET "$NS/snapshots/$SNAPSHOT"
same 'where it holds what looks like secrets' "$(field '[.findings[].subject] | join(",")')" /root/.netrc
engine_request "$ENGINE" GET "/images/$(field .image_ref)/json" | jq -c .Config.Labels >"$SCRATCH/labels"
grep -q netrc "$SCRATCH/labels" || fail 'the image does not say so'
! grep -q geheim "$SCRATCH/labels" || fail 'the image tells what it is'
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{"name": "second"}'
await_sandbox "$(field .sandbox_id)"
new_snapshot '{"ttl_secs": 0}'
await_snapshot 30
same 'the second snapshot' "$OUTCOME" active
expect 200 POST "$NS/snapshots/pin" "{\"snapshot_ids\": [\"$SNAPSHOT\"], \"reason\": \"wanted\"}"
expect 200 POST "$NS/snapshots/change-ttl" "{\"snapshot_ids\": [\"$SNAPSHOT\"], \"ttl_secs\": 864000}"
names() { engine_request "$ENGINE" GET /images/json | jq -r '[.[].RepoTags[]?] | join(" ")'; }
is_noted() { [[ $(names) == *"sandglass-pinned:"*"-$SNAPSHOT"* && $(names) == *"sandglass-ttl:"*"-$SNAPSHOT.864000"* ]]; }
wait_until 10 is_noted
before=$(all_of_namespace)
grep -q '"pin"' <<<"$before" || fail 'nothing is pinned'

step 'the database is deleted'
stop_service
rm "$SERVICE_DATA"/sandglass.db*

step 'rebuild'
rebuilt=$("$SANDGLASSD" --data-dir "$SERVICE_DATA" --engine "a=unix://$ENGINE/engine.sock" --rebuild)
grep -q 'sandboxes added 2, snapshots added 2' <<<"$rebuilt" || fail "it says: $rebuilt"
start
same 'what the API says' "$(all_of_namespace)" "$before"

step 'once more changes nothing'
expect 200 POST /v1/rebuild '{}'
same 'the second rebuild' "$(field '.engines[0] | [.known, (.sandboxes | length), (.snapshots | length)] | @text')" '[4,0,0]'
same 'what the API says' "$(all_of_namespace)" "$before"

step 'what is in the trash is found there'
expect 200 POST "$NS/snapshots/unpin" "{\"snapshot_ids\": [\"$SNAPSHOT\"]}"
is_unpinned() { [[ $(names) != *"sandglass-pinned:"* ]]; }
wait_until 10 is_unpinned
expect 202 DELETE "$NS/snapshots/$SNAPSHOT?trash_secs=3600"
is_named_trash() { [[ $(names) == *"sandglass-trash:"*"-$SNAPSHOT"* ]]; }
wait_until 10 is_named_trash
stop_service
rm "$SERVICE_DATA"/sandglass.db*
"$SANDGLASSD" --data-dir "$SERVICE_DATA" --engine "a=unix://$ENGINE/engine.sock" --rebuild >/dev/null
start
same 'the snapshot' "$(status_of "$NS/snapshots/$SNAPSHOT")" trashed
api GET "$NS/snapshots/$SNAPSHOT"
same 'its TTL' "$(field .ttl_secs)" 864000

step 'what became of it goes with its image'
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
is_gone() { has_status "$NS/snapshots/$SNAPSHOT" gone; }
wait_until 30 is_gone
[[ $(names) != *"$SNAPSHOT"* ]] || fail "the engine still has $(names)"
