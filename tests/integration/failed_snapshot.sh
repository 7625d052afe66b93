#!/usr/bin/env bash
# A snapshot that failed says why, and is taken again or dismissed.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

export SANDGLASS_FAULT_FILE=$SCRATCH/faults
SANDGLASSD=$BUILD/bin/sandglassd_with_faults

# Somebody takes the image away before it is looked at.
fail_snapshot()
{
    printf 'create_snapshot/inspect image/before\tcurl -sS -o /dev/null -X DELETE --unix-socket %s http://engine/images/%s\n' \
        "$ENGINE/engine.sock" "sandglass-snapshots:$SANDBOX-\$SNAPSHOT" >"$SANDGLASS_FAULT_FILE"
    new_snapshot '{"ttl_secs": 5000, "tag": "mine", "note": "before the change"}'
    await_snapshot 20
    same 'the snapshot' "$OUTCOME" failed
    api GET "$NS/snapshots/$SNAPSHOT"
    [[ $(field .error) == *'somebody removed or renamed it'* ]] || fail 'it does not say why it failed'
    same 'the reason' "$(field .reason)" not_found
    (($(field .changed_at) > $(field .created_at))) || fail 'it does not say when it failed'
}

start
new_sandbox "$IDLE"

step 'taken again'
fail_snapshot
first_created=$(field .created_at)
expect 202 POST "$NS/snapshots/$SNAPSHOT/retry"
same 'its status' "$(field .status)" creating
await_snapshot 20
same 'the snapshot taken again' "$OUTCOME" active
api GET "$NS/snapshots/$SNAPSHOT"
same 'what was asked for' "$(field '[.ttl_secs, .tag, .note] | join(",")')" '5000,mine,before the change'
(($(field .created_at) > first_created)) || fail 'its age does not begin again'
same 'its reason' "$(field .reason)" null
same 'its expiry' "$(field '.expires_at - .created_at')" 5000000
expect 409 POST "$NS/snapshots/$SNAPSHOT/retry"
expect 409 POST "$NS/snapshots/$SNAPSHOT/dismiss"

step 'dismissed'
fail_snapshot
expect 202 POST "$NS/snapshots/$SNAPSHOT/dismiss"
wait_until 20 has_status "$NS/snapshots/$SNAPSHOT" gone
expect 404 POST "$NS/snapshots/$SNAPSHOT/retry"

step 'not taken again without its sandbox'
fail_snapshot
expect 202 DELETE "$NS/sandboxes/$SANDBOX"
wait_until 20 all_operations_ended
expect 409 POST "$NS/snapshots/$SNAPSHOT/retry"
wait_until 20 all_is_well || tell_what_is_wrong 'at the end'
