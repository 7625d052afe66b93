#!/usr/bin/env bash
# Installs what is needed, builds, and opens the console of Sandglass.
#
#   packaging/run.sh                with a display: the console; without one: as --demo
#   packaging/run.sh --demo         the main job in text, and pictures of the window
#   packaging/run.sh --headless     the service, until it is interrupted
#   packaging/run.sh --build-only   builds and starts nothing
#
# What follows is handed to the program that is started. Where no Docker Engine answers (DOCKER_HOST, then
# /var/run/docker.sock), and always for --demo, a private one is started, which needs root or sudo; it is removed at the
# end with all that is in it. May be run again at any time, and leaves nothing running.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
cd "$root"
# shellcheck source=tests/support/engine.sh
source tests/support/engine.sh
# shellcheck source=tests/support/service.sh
source tests/support/service.sh
# shellcheck source=packaging/demo.sh
source packaging/demo.sh

mode=window
case ${1:-} in
    --demo | --headless | --build-only)
        mode=${1#--}
        shift
        ;;
    --help | -h)
        sed -n '2,11s/^# \?//p' "$0"
        exit
        ;;
esac
if [[ $mode == window && -z ${DISPLAY:-} ]]; then
    echo 'There is no display here, so this is the main job in text; see packaging/run.sh --help.'
    mode=demo
fi

as_root=()
((EUID == 0)) || as_root=(sudo)
SCRATCH=
ENGINE=
CHILD=

finish()
{
    local status=$?
    trap - EXIT
    trap '' INT TERM HUP # a second signal does not stop the cleaning up
    if [[ $CHILD ]]; then
        kill "$CHILD" 2>/dev/null || true
        wait "$CHILD" || true
    fi
    end_service KILL || true
    [[ -z $ENGINE ]] || "${as_root[@]}" tests/support/engine.sh remove_engine "$ENGINE"
    [[ -z $SCRATCH ]] || rm -rf "$SCRATCH"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# A command that a signal to this script interrupts at once.
foreground()
{
    "$@" &
    CHILD=$!
    local status=0
    wait "$CHILD" || status=$?
    CHILD=
    return "$status"
}

build()
{
    packaging/install.sh build
    mkdir -p build/release
    [[ -e build/release/bin/sandglass ]] || echo 'Building; the first time takes some minutes.'
    quietly cmake --preset release
    if [[ -t 1 ]]; then
        foreground cmake --build --preset release --target sandglass sandglassd
    else
        quietly cmake --build --preset release --target sandglass sandglassd
    fi
}

# A command whose output matters only when it fails.
quietly()
{
    if ! foreground "$@" >build/release/run.log 2>&1; then
        cat build/release/run.log >&2
        return 1
    fi
}

# Whether the engine that the programs would take by themselves answers.
engine_answers()
{
    local address=${DOCKER_HOST:-unix:///var/run/docker.sock}
    case $address in
        unix://*) curl -fsS -m 5 -o /dev/null --unix-socket "${address#unix://}" http://engine/_ping 2>/dev/null ;;
        tcp://*) curl -fsS -m 5 -o /dev/null "http://${address#tcp://}/_ping" 2>/dev/null ;;
        *) return 1 ;;
    esac
}

# Starts a private engine with images to make sandboxes of; its data folder, and ours, are gone at the end.
start_private_engine()
{
    if ((EUID)) && ! command -v sudo >/dev/null; then
        echo 'To start a private Docker Engine, run this as root or install sudo.' >&2
        return 1
    fi
    packaging/install.sh engine
    echo 'Starting a private Docker Engine.'
    ENGINE=$("${as_root[@]}" tests/support/engine.sh engine_folder "$root/packaging/run.sh")
    "${as_root[@]}" tests/support/engine.sh remove_engine "$ENGINE"
    "${as_root[@]}" tests/support/engine.sh engine_folder "$root/packaging/run.sh" >/dev/null
    "${as_root[@]}" tests/support/engine.sh start_engine "$ENGINE" 9>&-
    "${as_root[@]}" tests/support/engine.sh import_base_images "$ENGINE"
    SCRATCH=$(mktemp -d /tmp/sandglass-run.XXXXXX)
    SERVICE_DATA=$SCRATCH/data
    where=(--data-dir "$SERVICE_DATA" --engine "private=unix://$ENGINE/engine.sock")
}

build
[[ $mode != build-only ]] || exit 0

# One run per clone at a time: two would share a private engine.
exec 9>build/release/run.lock
if ! flock -n 9; then
    echo 'packaging/run.sh runs already from this folder.' >&2
    exit 1
fi

SANDGLASSD=$root/build/release/bin/sandglassd
where=() # the data folder and the engine; none: the programs' own choice
if [[ $mode == demo ]] || ! engine_answers; then
    start_private_engine
fi
case $mode in
    demo)
        run_demo
        ;;
    headless)
        [[ -z $ENGINE ]] || make_sample_sandbox
        echo "The token for requests is in the file api-token in the data folder (${SERVICE_DATA:-~/.local/share/sandglass})."
        foreground "$SANDGLASSD" "${where[@]}" "$@"
        ;;
    window)
        [[ -z $ENGINE ]] || make_sample_sandbox
        foreground build/release/bin/sandglass "${where[@]}" "$@"
        ;;
esac
