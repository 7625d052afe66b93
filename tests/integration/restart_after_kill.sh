#!/usr/bin/env bash
# The service is killed at once, and a little later each time, after it answered that it makes a snapshot. Started again,
# it brings the snapshot to an end within 10 s and leaves no image that is no snapshot's.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

start
new_sandbox "$IDLE"
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/urandom of=/file bs=1M count=60 2>/dev/null'

for delay in 0 0.02 0.05 0.1 0.2 0.4 0.8; do
    new_snapshot '{}'
    sleep "$delay"
    kill_service
    start
    await_snapshot 10
    step "killed after $delay s: $OUTCOME"
    wait_until 10 is_not_paused "$CONTAINER"
    wait_until 10 only_images_of_active_snapshots "$SANDBOX"
    same 'the sandbox' "$(status_of "$NS/sandboxes/$SANDBOX")" running
    [[ $OUTCOME == active || $(api GET "$NS/snapshots/$SNAPSHOT" && field '.error // ""') ]] \
        || fail 'the failed snapshot does not say why'
done
