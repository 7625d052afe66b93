#!/usr/bin/env bash
# A private Podman with its Docker-compatible socket; to be sourced after engine.sh, whose engine_request speaks with it,
# too. DIR is its folder, which must be short as an engine's.
#
# It has process ids, mounts and a network of its own, which end with its first process: so neither its bridge nor its
# mounts nor its caches are seen by the machine, whether it has another Podman or not.

# start_podman DIR: starts it and returns when it answers at DIR/engine.sock.
start_podman()
{
    local folder=$1 deadline=$((SECONDS + 60))
    mkdir -p "$folder"
    write_podman_configuration "$folder"
    mkdir -p "$folder"/{run,tmp,mounts/{containers,cni}}
    # Where Podman writes whatever its arguments say; empty on the machine unless it uses Podman itself.
    mkdir -p "${podman_places[@]}"
    PATH=$PATH:/usr/sbin:/sbin setsid unshare --mount --net --pid --fork --kill-child --mount-proc \
        bash "${BASH_SOURCE[0]}" serve_podman "$folder" </dev/null >"$folder/engine.log" 2>&1 &
    local started=$!
    disown "$started" # so that the shell does not report its end
    until answers "$folder"; do
        if ! kill -0 "$started" 2>/dev/null || ((SECONDS > deadline)); then
            echo "Podman in $folder does not start; its last words:" >&2
            tail -n 20 "$folder/engine.log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# remove_podman DIR: it, its containers, its data and all traces outside DIR are gone, whatever state it is in. Nothing
# happens when DIR is no Podman's.
remove_podman()
{
    local folder=$1 deadline=$((SECONDS + 30)) processes
    [[ -e $folder/containers.conf ]] || return 0
    while processes=$(podman_processes "$folder") && [[ $processes ]]; do
        if ((SECONDS > deadline)); then
            echo "Podman in $folder does not end." >&2
            return 1
        fi
        thaw_podman_containers "$folder" # a frozen process does not end
        # shellcheck disable=SC2086 # one argument per process
        kill -s KILL $processes 2>/dev/null || true
        sleep 0.1
    done
    remove_podman_groups "$folder" 2>/dev/null
    rm -rf "$folder"
    rmdir "${podman_places[@]}" 2>/dev/null || true
}

# podman_freezer CONTAINER: FROZEN or THAWED, by the kernel's word.
podman_freezer()
{
    local group
    for group in /sys/fs/cgroup/{freezer/,}libpod_parent/libpod-"$1"; do
        [[ ! -e $group/freezer.state ]] || cat "$group/freezer.state"
        [[ ! -e $group/cgroup.freeze ]] || sed 's/1/FROZEN/; s/0/THAWED/' "$group/cgroup.freeze"
    done
}

# What follows serves the functions above.

podman_places=(/var/lib/containers /var/lib/cni)

write_podman_configuration()
{
    # The usual limits are more than a confined machine allows, and what Debian would run containers with refuses
    # machines with both versions of control groups. Locks and events would lie outside the folder, or in the journal.
    cat >"$1/containers.conf" <<END
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
END
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/data"\nrunroot = "%s/run"\n' "$1" "$1" >"$1/storage.conf"
}

# Runs as the first process of the namespaces.
serve_podman()
{
    local folder=$1
    ip link set lo up
    mount --bind "$folder/mounts/containers" /var/lib/containers
    mount --bind "$folder/mounts/cni" /var/lib/cni
    mount -t tmpfs -o mode=755 run /run
    # Not replaced by Podman: the first process has to bury the orphans.
    CONTAINERS_CONF=$folder/containers.conf CONTAINERS_STORAGE_CONF=$folder/storage.conf TMPDIR=$folder/tmp \
        podman --root "$folder/data" --runroot "$folder/run" --tmpdir "$folder/state" \
        system service --time=0 "unix://$folder/engine.sock" &
    wait $!
}

podman_processes() { pgrep -f -- "podman.sh serve_podman $1\$" || true; }

podman_groups()
{
    local container
    for container in "$1"/data/overlay-containers/*/; do
        find /sys/fs/cgroup -depth -type d -path "*/libpod_parent/libpod-$(basename "$container")*"
    done
}

thaw_podman_containers()
{
    local group
    for group in $(podman_groups "$1"); do
        [[ ! -e $group/freezer.state ]] || echo THAWED >"$group/freezer.state"
        [[ ! -e $group/cgroup.freeze ]] || echo 0 >"$group/cgroup.freeze"
    done
}

# Those of its containers, and those above them where no other Podman uses them.
remove_podman_groups()
{
    podman_groups "$1" | xargs -r rmdir || true
    find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' -exec rmdir {} + || true
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    "$@"
fi
