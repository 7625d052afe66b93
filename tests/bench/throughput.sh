#!/usr/bin/env bash
# Fifty snapshots at once of ten sandboxes on two engines, against fifty times `docker commit` of the same containers,
# and against fifty bare commit requests, in turns (all containers side by side, those of one after the other, because an
# engine pauses it for each): throughput.sh [BUILD] (build/release). Starts engines of its own; ROUNDS shortens it, MEBIBYTES
# says how much each sandbox has changed. See run.sh. On two cores all three are bound by what they compute: the less there is
# to commit, the more a snapshot's checks and its search for secrets count.
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
folder=$(engine_folder "$build/throughput")
namespace=/v1/namespaces/bench
rounds=${ROUNDS:-5}
mebibytes=${MEBIBYTES:-64} # what installing a package or two leaves
unset DOCKER_HOST

finish()
{
    trap - EXIT
    kill_service || true
    remove_engine "$folder/a" || true
    remove_engine "$folder/b" || true
    rmdir "$folder" || true
    rm -rf "$scratch"
}
trap finish EXIT

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
milliseconds() { date +%s%3N; }

remove_engine "$folder/a"
remove_engine "$folder/b"
folder=$(engine_folder "$build/throughput")
start_engine "$folder/a"
start_engine "$folder/b"
import_base_images "$folder/a"
copy_base_images "$folder/a" "$folder/b"
start_service --engine "a=unix://$folder/a/engine.sock" --engine "b=unix://$folder/b/engine.sock"

sandboxes=()
containers=() # the engine's folder and the id
for name in a b; do
    for _ in 1 2 3 4 5; do
        api POST "$namespace/sandboxes" \
            "{\"image\": \"sandbox-base:busybox\", \"entrypoint\": [\"/bin/sleep\", \"1000000\"], \"engine\": \"$name\"}"
        sandbox=$(field .sandbox_id)
        wait_until 30 has_status "$namespace/sandboxes/$sandbox" running
        container=$(container_of "$folder/$name" "$sandbox")
        run_in "$folder/$name" "$container" "dd if=/dev/urandom of=/file bs=1048576 count=$mebibytes 2>/dev/null" >/dev/null
        sandboxes+=("$sandbox")
        containers+=("$folder/$name $container")
    done
done

docker_commit() { docker -H "unix://$1/engine.sock" commit --pause "$2" "bench:$2-$3" >/dev/null; }
bare_commit()
{
    engine_request "$1" POST "/commit?container=$2&repo=bench&tag=$2-$3&pause=1" \
        -H 'Content-Type: application/json' -d '{}' >/dev/null
}

commit_five() # HOW FOLDER CONTAINER
{
    local number
    for number in 1 2 3 4 5; do "$1" "$2" "$3" "$number"; done
}

plain_commits() # HOW
{
    local begin name container waited=()
    sync
    begin=$(milliseconds)
    for container in "${containers[@]}"; do
        # shellcheck disable=SC2086 # two words
        commit_five "$1" $container &
        waited+=("$!")
    done
    for container in "${waited[@]}"; do wait "$container"; done
    echo $(($(milliseconds) - begin)) >>"$scratch/$1"
    for name in a b; do
        engine_request "$folder/$name" GET /images/json | jq -r '.[].RepoTags[]? | select(startswith("bench:"))' \
            | while read -r image; do engine_request "$folder/$name" DELETE "/images/$image" >/dev/null; done
    done
}

our_snapshots()
{
    local begin sandbox snapshot
    sync
    begin=$(milliseconds)
    for sandbox in "${sandboxes[@]}"; do
        for _ in 1 2 3 4 5; do echo "$SERVICE_URL$namespace/sandboxes/$sandbox/snapshots"; done
    done | xargs -P 50 -L 1 curl -sSf -o /dev/null -X POST -H "@$SERVICE_DATA/headers" -H 'Content-Type: application/json' -d '{}'
    while any_is_creating; do sleep 2; done # seldom, and little: asking costs what the commits would use
    api GET /v1/operations
    echo $(($(field '[.operations[] | select(.kind == "create_snapshot") | .finished_at] | max') - begin)) >>"$scratch/ours"
    api GET "$namespace/snapshots?limit=1000"
    [[ $(field '[.snapshots[] | select(.status == "active")] | length') == 50 ]]
    for snapshot in $(field '.snapshots[].snapshot_id'); do
        api DELETE "$namespace/snapshots/$snapshot"
    done
    until all_ended; do sleep 0.5; done
}

any_is_creating()
{
    api GET "$namespace/snapshots?status=creating&limit=1"
    [[ $(field '.snapshots | length') != 0 ]]
}

all_ended()
{
    api GET /v1/operations
    [[ $(field '[.operations[] | select(.finished_at == null)] | length') == 0 ]]
}

for round in $(seq "$rounds"); do
    if ((round % 2)); then
        plain_commits docker_commit
        our_snapshots
        plain_commits bare_commit
    else
        plain_commits bare_commit
        our_snapshots
        plain_commits docker_commit
    fi
done
ours=$(median <"$scratch/ours")
for how in docker_commit bare_commit; do
    awk -v plain="$(median <"$scratch/$how")" -v ours="$ours" -v how="$how" -v rounds="$rounds" -v size="$mebibytes" \
        'BEGIN {printf "50 snapshots of %d MiB at once: %d ms, 50 times %s: %d ms, medians of %d in turns: %.2f of their throughput%s\n",
            size, ours, how, plain, rounds, plain / ours, how == "docker_commit" ? " (at least 0.95)" : ""}'
done
