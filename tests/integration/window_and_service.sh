#!/usr/bin/env bash
# The window and the service on one database: while the service drives the engine the window watches; when the service is
# killed in the middle of a snapshot the window goes on with it, and drives what the next service is asked for.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

export SANDGLASS_FAULT_FILE=$SCRATCH/faults
SANDGLASSD=$BUILD/bin/sandglassd_with_faults
window_log=$SCRATCH/window.log

# status_in_store: of SNAPSHOT, while no service can be asked.
status_in_store()
{
    python3 - "$SERVICE_DATA/sandglass.db" "$SNAPSHOT" <<'END'
import sqlite3, sys
store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(store.execute("SELECT status FROM snapshots WHERE id = ?", sys.argv[2:]).fetchone()[0])
END
}
is_active_in_store() { [[ $(status_in_store) == active ]]; }
window_did() { grep -q "\"$OPERATION\" \"create_snapshot\" succeeded" "$window_log"; }

began=$(date +%s)
start
new_sandbox "$IDLE"
QT_QPA_PLATFORM=offscreen "$BUILD/bin/sandglass" --data-dir "$SERVICE_DATA" </dev/null >"$window_log" 2>&1 &
window=$!
disown "$window"
BESIDES+=("$window")

step 'the service drives, the window watches'
new_snapshot '{}'
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
kill -0 "$window" || fail "the window ended: $(<"$window_log")"
! window_did || fail 'the window did it'

step 'the service is killed in the middle: the window goes on'
printf 'create_snapshot/commit/after\tkill -KILL $PPID\n' >"$SANDGLASS_FAULT_FILE"
new_snapshot '{}'
wait_until 20 service_ended
wait_until 30 is_active_in_store
wait_until 5 window_did

step 'another service: the window drives what that is asked for'
start
new_snapshot '{}'
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
wait_until 5 window_did
wait_until 20 all_is_well || tell_what_is_wrong 'at the end'
commits=$(engine_request "$ENGINE" GET "/events?since=$began&until=$(($(date +%s) + 1))" -G \
    --data-urlencode "filters={\"type\":[\"container\"],\"event\":[\"commit\"],\"container\":[\"$CONTAINER\"]}" | jq -s length)
same 'the number of commits' "$commits" 3

step 'the window ends in order'
kill "$window"
window_ended() { ! kill -0 "$window" 2>/dev/null; }
wait_until 10 window_ended
BESIDES=()
