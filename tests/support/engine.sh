#!/usr/bin/env bash
# Private Docker Engines: each in a folder of its own, apart from the machine's engine and from one another.
#
# Source it for the functions, or run `engine.sh FUNCTION ARGUMENTS...` for one of them. DIR is an engine's folder. Its
# path must be short, because sockets lie beneath it (a socket's path may have 107 characters): see engine_folder.

# engine_folder NAME: the folder for the engine (or the engines) of this name, which is made when it is not there. The
# same name gives the same folder, so that what an earlier run left behind is found; NAME is usually a long path.
engine_folder()
{
    local folder
    folder=/var/tmp/$(short_name "$1")
    mkdir -m 711 "$folder" 2>/dev/null || true
    if [[ -L $folder || ! -d $folder || ! -O $folder ]]; then
        echo "$folder is not ours; remove it." >&2
        return 1
    fi
    echo "$folder"
}

# The words before dockerd, when something is to be prepared for it.
ENGINE_AS=()

# start_engine DIR [dockerd's options]: starts an engine and returns when it answers at DIR/engine.sock. DIR may hold
# the data of an engine that was stopped or killed before. With `-H tcp://127.0.0.1:0` it also listens on a free port,
# see engine_port.
start_engine()
{
    local folder=$1 group
    shift
    mkdir -p "$folder"
    if running "$folder"; then
        echo "An engine runs in $folder already." >&2
        return 1
    fi
    group=$(short_name "$folder")
    # Files that name dead processes: their ids may have been given to others by now (or be zombies), and dockerd and
    # containerd then wait for those, or refuse to start.
    rm -f "$folder/engine.pid" "$folder/exec/containerd/containerd.pid"
    # Engines of one machine share an identity through this file unless they are given one each.
    echo "{\"deprecated-key-path\": \"$folder/key.json\"}" >"$folder/engine.json"
    PATH=$PATH:/usr/sbin:/sbin setsid "${ENGINE_AS[@]}" dockerd --config-file "$folder/engine.json" \
        --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/engine.pid" \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$group" \
        --bridge=none --iptables=false --ip6tables=false \
        --group "${SUDO_GID:-0}" -H "unix://$folder/engine.sock" "$@" \
        </dev/null >"$folder/engine.log" 2>&1 &
    local started=$!
    disown "$started" # so that the shell does not report its end
    local deadline=$((SECONDS + 90))
    until answers "$folder"; do
        if ! kill -0 "$started" 2>/dev/null || ((SECONDS > deadline)); then
            echo "The engine in $folder does not start; its last words:" >&2
            tail -n 20 "$folder/engine.log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# engine_port DIR: the port that the engine chose for itself; another one after each start.
engine_port()
{
    local deadline=$((SECONDS + 10))
    until sed -n 's/.*API listen on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$1/engine.log" | grep .; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# stop_engine DIR: stops the engine in order; its data stays.
stop_engine() { signal_engine "$1" TERM && await_end "$1"; }

# kill_engine DIR: kills it at once, as a crash would; containers live on without it, and its data stays.
kill_engine() { signal_engine "$1" KILL && await_end "$1"; }

# freeze_engine DIR, thaw_engine DIR: between the two the engine takes connections and stays silent.
freeze_engine() { signal_engine "$1" STOP; }
thaw_engine() { signal_engine "$1" CONT; }

# remove_engine DIR: the engine, its containers, its data and all traces outside DIR are gone, whatever state it is in.
remove_engine()
{
    local folder=$1 group
    [[ -d $folder ]] || return 0
    group=$(short_name "$folder")
    signal_engine "$folder" KILL 2>/dev/null || true
    kill_processes "$folder" "$group"
    # A shim's socket lies elsewhere and outlives it.
    find "$folder" -path "$folder/exec/containerd/daemon/*/address" -print0 \
        | xargs -r -0 awk '{ sub("^unix://", ""); print }' | xargs -r -d '\n' rm -f
    awk -v beneath="$folder/" 'index($5, beneath) == 1 { print $5 }' /proc/self/mountinfo \
        | sort -r | xargs -r -n 1 umount -l
    find /sys/fs/cgroup -depth -type d -path "*/$group*" -exec rmdir {} +
    rm -rf "$folder"
}

# engine_request DIR METHOD PATH [curl's options]: one call of the engine's API; fails when the engine refuses.
engine_request()
{
    local folder=$1 method=$2 path=$3
    shift 3
    curl -sS --fail-with-body --unix-socket "$folder/engine.sock" -X "$method" "$@" "http://engine$path"
}

# import_base_images DIR: images to make sandboxes of, without asking any registry:
#   sandbox-base:busybox   a shell and the usual commands
#   sandbox-base:volume    the same, declares a volume, runs until it is stopped
import_base_images()
{
    local folder=$1 root=$1/base program
    mkdir -p "$root/bin" "$root/etc" "$root/tmp"
    for program in $(/bin/busybox --list); do
        ln -sf busybox "$root/bin/$program"
    done
    cp --remove-destination /bin/busybox "$root/bin/busybox"
    printf 'root:x:0:0:root:/:/bin/sh\nworker:x:1000:1000:worker:/tmp:/bin/sh\n' >"$root/etc/passwd"
    chmod 1777 "$root/tmp"
    tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$folder/base.tar" .
    local busybox=(--url-query 'changes=ENV PATH=/bin' --url-query 'changes=CMD ["/bin/sh"]')
    local volume=(--url-query 'changes=ENV PATH=/bin' --url-query 'changes=VOLUME /data'
        --url-query 'changes=ENTRYPOINT ["/bin/sleep"]' --url-query 'changes=CMD ["1000000"]')
    import_image "$folder" busybox "${busybox[@]}"
    import_image "$folder" volume "${volume[@]}"
    rm -rf "$root" "$folder/base.tar"
}

# copy_base_images FROM TO: puts the images of one engine on another, with the same ids.
copy_base_images()
{
    engine_request "$1" GET "/images/get?names=sandbox-base:busybox&names=sandbox-base:volume" \
        | engine_request "$2" POST /images/load -H 'Content-Type: application/x-tar' -T - >/dev/null
}

# What follows serves the functions above.

short_name() { echo "sandglass-$(sha256sum <<<"$1" | cut -c1-10)"; }

answers() { curl -fsS -m 2 -o /dev/null --unix-socket "$1/engine.sock" http://engine/_ping 2>/dev/null; }

# The process that runs in a folder, told by what it was started with, never by a number in a file alone.
engine_process() { pgrep -f -- "^dockerd --config-file $1/engine.json " || true; }

running() { [[ -n $(engine_process "$1") ]]; }

signal_engine()
{
    local process
    process=$(engine_process "$1")
    if [[ -z $process ]]; then
        echo "No engine runs in $1." >&2
        return 1
    fi
    kill -s "$2" "$process"
}

await_end()
{
    local deadline=$((SECONDS + 60))
    while running "$1" || pgrep -f -- "containerd --config $1/" >/dev/null; do
        if ((SECONDS > deadline)); then
            echo "The engine in $1 does not end." >&2
            return 1
        fi
        sleep 0.1
    done
}

# Everything that belongs to an engine: its containerd and its shims name the folder in their arguments, its
# containers' processes are in its control groups, where some may be frozen.
kill_processes()
{
    local folder=$1 group=$2 processes state deadline=$((SECONDS + 30))
    while :; do
        for state in /sys/fs/cgroup/freezer/"$group"/*/freezer.state; do
            [[ ! -e $state ]] || echo THAWED >"$state"
        done
        for state in /sys/fs/cgroup/"$group"/*/cgroup.freeze; do
            [[ ! -e $state ]] || echo 0 >"$state"
        done
        processes=$({
            engine_process "$folder"
            pgrep -f -- "$folder/exec/containerd" || true
            cat /sys/fs/cgroup/{,*/}"$group"/*/cgroup.procs 2>/dev/null || true
        } | sort -u)
        [[ -z $processes ]] && return 0
        if ((SECONDS > deadline)); then
            echo "Processes of the engine in $folder do not end: $processes" >&2
            return 1
        fi
        # shellcheck disable=SC2086 # one argument per process
        kill -s KILL $processes 2>/dev/null || true
        sleep 0.1
    done
}

import_image()
{
    local folder=$1 tag=$2
    shift 2
    engine_request "$folder" POST "/images/create?fromSrc=-&repo=sandbox-base&tag=$tag" "$@" \
        -H 'Content-Type: application/x-tar' -T "$folder/base.tar" >/dev/null
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    "$@"
fi
