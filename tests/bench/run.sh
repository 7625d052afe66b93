#!/usr/bin/env bash
# The figures that Sandglass promises, measured on this machine: run.sh [BUILD] (build/release). Starts an engine of its
# own; ROUNDS and IDLE_SECONDS shorten it. Not part of the tests: a figure of a shared machine proves nothing about a change.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
build=$(realpath "${1:-$here/../../build/release}")
# shellcheck source=tests/support/engine.sh
source "$here/../support/engine.sh"
# shellcheck source=tests/support/service.sh
source "$here/../support/service.sh"

SANDGLASSD=$build/bin/sandglassd
scratch=$(mktemp -d /tmp/sandglass-bench.XXXXXX)
SERVICE_DATA=$scratch/data
engine=$(engine_folder "$build/bench")
namespace=/v1/namespaces/bench
rounds=${ROUNDS:-5}
idle_seconds=${IDLE_SECONDS:-60}
unset DOCKER_HOST
watched=

finish()
{
    trap - EXIT
    [[ -z $watched ]] || kill "$watched" 2>/dev/null || true
    kill_service || true
    remove_engine "$engine" || true
    rm -rf "$scratch"
}
trap finish EXIT

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
milliseconds() { date +%s%3N; }

# ticks_of PROCESS: processor time so far, in ticks of 10 ms.
ticks_of() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$1/stat"; }
resident_megabytes() { awk '/^VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }

# idle NAME PROCESS: what it costs to let it run and do nothing.
idle()
{
    local before
    sleep 10 # what a start leaves to be done
    before=$(ticks_of "$2")
    sleep "$idle_seconds"
    awk -v name="$1" -v ticks="$(($(ticks_of "$2") - before))" -v seconds="$idle_seconds" -v memory="$(resident_megabytes "$2")" \
        'BEGIN {printf "%s idle: %.2f %% of a core (at most 0.3), %d MB resident (at most 120)\n", name, ticks / seconds, memory}'
}

remove_engine "$engine"
engine=$(engine_folder "$build/bench")
start_engine "$engine"
import_base_images "$engine"
start_service --engine "a=unix://$engine/engine.sock"

api POST "$namespace/sandboxes" '{"image": "sandbox-base:busybox", "entrypoint": ["/bin/sleep", "1000000"]}'
sandbox=$(field .sandbox_id)
wait_until 30 has_status "$namespace/sandboxes/$sandbox" running
container=$(container_of "$engine" "$sandbox")

# A POST that creates a snapshot, one after the other, with nothing else going on.
for _ in $(seq 40); do
    curl -sS -o "$scratch/answer" -w '%{time_total}\n' -H "@$SERVICE_DATA/headers" -H 'Content-Type: application/json' \
        -d '{"ttl_secs": 60}' "$SERVICE_URL$namespace/sandboxes/$sandbox/snapshots" | awk '{printf "%.1f\n", $1 * 1000}'
    wait_until 30 has_status "$namespace/snapshots/$(jq -r .snapshot_id "$scratch/answer")" active
done | median | xargs printf 'POST of a snapshot: %s ms at the median of 40 (at most 20)\n'

# In turns in one run, each going first as often: the engine's own commit, and ours of the same container with 1 GiB
# changed. What the one left to be written to the disk is written before the other starts.
run_in "$engine" "$container" 'dd if=/dev/urandom of=/big bs=1048576 count=1024 2>/dev/null' >/dev/null

plain_commit()
{
    local begin
    sync
    begin=$(milliseconds)
    engine_request "$engine" POST "/commit?container=$container&repo=bench&tag=plain&pause=1" \
        -H 'Content-Type: application/json' -d '{}' >/dev/null
    echo $(($(milliseconds) - begin)) >>"$scratch/plain"
    engine_request "$engine" DELETE /images/bench:plain >/dev/null
}

our_snapshot()
{
    local begin snapshot operation
    sync
    begin=$(milliseconds)
    api POST "$namespace/sandboxes/$sandbox/snapshots" '{"ttl_secs": 60}'
    snapshot=$(field .snapshot_id)
    operation=$(field .operation_id)
    # Seldom, and the end taken from the operation: asking costs what the commit would use.
    until has_status "$namespace/snapshots/$snapshot" 'active failed'; do sleep 0.5; done
    api GET "/v1/operations/$operation"
    echo $(($(field .finished_at) - begin)) >>"$scratch/ours"
    [[ $(status_of "$namespace/snapshots/$snapshot") == active ]]
    api DELETE "$namespace/snapshots/$snapshot"
    wait_until 60 has_status "$namespace/snapshots/$snapshot" gone
}

for round in $(seq "$rounds"); do
    if ((round % 2)); then
        plain_commit
        our_snapshot
    else
        our_snapshot
        plain_commit
    fi
done
awk -v plain="$(median <"$scratch/plain")" -v ours="$(median <"$scratch/ours")" -v rounds="$rounds" \
    'BEGIN {printf "snapshot of 1 GiB: %d ms, docker commit --pause: %d ms, medians of %d in turns: %.3f times (at most 1.05)\n", ours, plain, rounds, ours / plain}'

"$build/bin/bench_journal" "$scratch/journal" | sed 's/$/ (seen elsewhere: at most 500)/;1s/ (.*//'

idle sandglassd "$SERVICE_PID"

if [[ -x $build/bin/bench_startup ]]; then
    for _ in $(seq "$rounds"); do
        QT_QPA_PLATFORM=offscreen "$build/bin/bench_startup" "$scratch/startup" 10000
    done | median | xargs printf 'start to usable window with 10,000 snapshots: %s ms at the median (at most 400)\n'
    stop_service
    QT_QPA_PLATFORM=offscreen "$build/bin/sandglass" --data-dir "$SERVICE_DATA" 2>"$scratch/window.log" &
    watched=$!
    idle sandglass "$watched"
fi
