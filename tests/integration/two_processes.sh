#!/usr/bin/env bash
# Two services on one database: one drives the engine, the other queues; when the first dies in the middle of its work
# the other takes over, and nothing is done twice.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

export SANDGLASS_FAULT_FILE=$SCRATCH/faults
SANDGLASSD=$BUILD/bin/sandglassd_with_faults
snapshots=6

# How many commits the engine made of the sandbox since the test began.
commits()
{
    engine_request "$ENGINE" GET "/events?since=$began&until=$(($(date +%s) + 1))" -G \
        --data-urlencode "filters={\"type\":[\"container\"],\"event\":[\"commit\"],\"container\":[\"$CONTAINER\"]}" \
        | jq -s length
}

driver_took_all() { (($(grep -c '"create_snapshot" succeeded' "$driver_log") == $1)); }

began=$(date +%s)
start
driver=$SERVICE_PID driver_url=$SERVICE_URL driver_log=$SERVICE_LOG
new_sandbox "$IDLE"
start
BESIDES+=("$driver")
watcher_url=$SERVICE_URL watcher_log=$SERVICE_LOG
[[ $watcher_url != "$driver_url" ]] || fail 'there are not two services'

step 'what the one is asked for, the other does'
new_snapshot '{}'
await_snapshot 20
same 'the snapshot' "$OUTCOME" active
wait_until 5 driver_took_all 1
! grep -q '"create_snapshot"' "$watcher_log" || fail 'both drive the engine'

step 'both are asked, and the driver dies in the middle'
printf 'create_snapshot/commit/after\tkill -KILL $PPID\n' >"$SANDGLASS_FAULT_FILE"
for i in $(seq "$snapshots"); do
    if ((i % 2)); then SERVICE_URL=$driver_url; else SERVICE_URL=$watcher_url; fi
    # The driver may be dead by now; then the other one is asked.
    api POST "$NS/sandboxes/$SANDBOX/snapshots" '{}' 2>/dev/null || true
    if [[ $STATUS != 202 ]]; then
        SERVICE_URL=$watcher_url
        new_snapshot '{}'
    fi
done
SERVICE_URL=$watcher_url
driver_died() { ! kill -0 "$driver" 2>/dev/null; }
wait_until 20 driver_died
BESIDES=()
took_over=$(date +%s%3N)
wait_until 20 all_is_well || tell_what_is_wrong 'after the driver died'
step "the other one was done $(($(date +%s%3N) - took_over)) ms later"
active=$(active_snapshots | wc -l)
((active >= snapshots)) || fail "only $active snapshots are active"
same 'the number of commits' "$(commits)" "$active"

step 'the driver is killed in the middle of a commit'
# Of two commits beside one another in the engine only one becomes the snapshot; an engine does not tell of them before they end.
driver=$SERVICE_PID
start
BESIDES+=("$driver")
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/urandom of=/file bs=1M count=300 2>/dev/null'
new_snapshot '{}'
wait_until 20 is_paused "$CONTAINER"
kill -KILL "$driver"
BESIDES=()
await_snapshot 40
same 'the snapshot' "$OUTCOME" active
frozen_during_last_commit "$began" || fail 'the sandbox went on during the commit'
wait_until 40 all_is_well || tell_what_is_wrong 'after the driver was killed in the middle of a commit'
