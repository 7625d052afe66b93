#!/usr/bin/env bash
# Push and pull of one image of 100 MiB by Sandglass' client, against `docker push` and `docker pull`, in turns:
# transfer.sh [BUILD] (build/release). Every push goes to an empty registry, every pull to an engine without the image.
# Starts engines and registries of its own; ROUNDS and MEGABYTES change it. See run.sh.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
build=$(realpath "${1:-$here/../../build/release}")
# shellcheck source=tests/support/engine.sh
source "$here/../support/engine.sh"
# shellcheck source=tests/support/registry.sh
source "$here/../support/registry.sh"

scratch=$(mktemp -d /tmp/sandglass-bench.XXXXXX)
folder=$(engine_folder "$build/transfer")
rounds=${ROUNDS:-5}
megabytes=${MEGABYTES:-100}
export DOCKER_CONFIG=$scratch/config
unset DOCKER_HOST

finish()
{
    trap - EXIT
    remove_registry "$scratch/registry" || true
    remove_engine "$folder/a" || true
    remove_engine "$folder/b" || true
    rmdir "$folder" || true
    rm -rf "$scratch"
}
trap finish EXIT

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
milliseconds() { date +%s%3N; }

# timed FILE COMMAND...: adds how long it took, in milliseconds, to the file.
timed()
{
    local file=$1 begin
    shift
    sync # what the one left to be written to the disk is written before the other starts
    begin=$(milliseconds)
    "$@" >"$scratch/output"
    echo $(($(milliseconds) - begin)) >>"$file"
}

remove_engine "$folder/a"
remove_engine "$folder/b"
folder=$(engine_folder "$build/transfer")
start_engine "$folder/a"
start_engine "$folder/b"
import_base_images "$folder/a"
copy_base_images "$folder/a" "$folder/b"
mkdir "$scratch/image"
head -c "${megabytes}M" /dev/urandom >"$scratch/image/random"
tar -C "$scratch/image" -c . | docker -H "unix://$folder/a/engine.sock" import - bench:image >/dev/null

# one_turn WHO: a push and a pull by "sandglass" or by "docker".
one_turn()
{
    local from=unix://$folder/a/engine.sock to=unix://$folder/b/engine.sock repository
    remove_registry "$scratch/registry"
    start_registry "$scratch/registry" plain
    repository=$(registry_address "$scratch/registry")/team/bench
    docker -H "$from" tag bench:image "$repository:v1"
    if [[ $1 == sandglass ]]; then
        timed "$scratch/sandglass.push" "$build/bin/bench_transfer" push "$from" "$repository" v1
        timed "$scratch/sandglass.pull" "$build/bin/bench_transfer" pull "$to" "$repository:v1"
    else
        timed "$scratch/docker.push" docker -H "$from" push -q "$repository:v1"
        timed "$scratch/docker.pull" docker -H "$to" pull -q "$repository:v1"
    fi
    docker -H "$from" rmi "$repository:v1" >/dev/null
    docker -H "$to" rmi "$repository:v1" >/dev/null
}

for round in $(seq "$rounds"); do
    # Each goes first as often.
    if ((round % 2)); then order=(sandglass docker); else order=(docker sandglass); fi
    for who in "${order[@]}"; do one_turn "$who"; done
done

for what in push pull; do
    ours=$(median <"$scratch/sandglass.$what")
    theirs=$(median <"$scratch/docker.$what")
    awk -v what="$what" -v ours="$ours" -v theirs="$theirs" -v rounds="$rounds" -v megabytes="$megabytes" 'BEGIN {
        printf "%s of %d MiB: %d ms, docker %d ms at the median of %d: %.2f times (at most 1.03)\n",
            what, megabytes, ours, theirs, rounds, ours / theirs }'
    printf '  sandglass: %s\n  docker:    %s\n' "$(xargs <"$scratch/sandglass.$what")" "$(xargs <"$scratch/docker.$what")"
done
