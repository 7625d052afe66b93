#!/usr/bin/env bash
# The two Docker Engines that tests share. Both find registry.test at ::1, and believe the registries that trust_registry
# of registry.sh tells them to.
#
#   engines.sh start DIR    starts both, with base images, and writes DIR/engines.env
#   engines.sh stop DIR     removes both and all that they left, also after a crash
set -euo pipefail

if (($# != 2)); then
    sed -n '5,6s/^# \?//p' "$0" >&2
    exit 2
fi
if ((EUID)); then
    exec sudo "$0" "$@"
fi
# shellcheck source=tests/support/engine.sh
source "$(dirname "$0")/engine.sh"
# shellcheck source=tests/support/podman.sh
source "$(dirname "$0")/podman.sh"
# shellcheck source=tests/support/registry.sh
source "$(dirname "$0")/registry.sh"

directory=$(realpath -m "$2")
environment=$directory/engines.env
folder=$(engine_folder "$directory")

remove_engines()
{
    rm -f "$environment"
    local one
    # Those of tests that had one of their own lie there, too, and so do registries of tests.
    for one in "$folder"/*/; do
        if [[ -e $one/registry.yml ]]; then
            remove_registry "${one%/}"
        else
            remove_podman "${one%/}"
            remove_engine "${one%/}"
        fi
    done
    rmdir "$folder"
}

start_engines()
{
    remove_engines
    engine_folder "$directory" >/dev/null
    start_engine_knowing "$folder/b" -H tcp://127.0.0.1:0 &
    local second=$!
    start_engine_knowing "$folder/a"
    import_base_images "$folder/a"
    wait "$second"
    copy_base_images "$folder/a" "$folder/b"
    mkdir -p "$directory"
    cat >"$environment" <<END
SANDGLASS_TEST_ENGINE_A=unix://$folder/a/engine.sock
SANDGLASS_TEST_ENGINE_B=tcp://127.0.0.1:$(engine_port "$folder/b")
SANDGLASS_TEST_ENGINE_B_SOCKET=unix://$folder/b/engine.sock
SANDGLASS_TEST_ENGINE_A_PID_FILE=$folder/a/engine.pid
SANDGLASS_TEST_ENGINE_B_PID_FILE=$folder/b/engine.pid
SANDGLASS_TEST_ENGINES_FOLDER=$folder
END
}

case $1 in
    start)
        trap remove_engines EXIT
        start_engines
        trap - EXIT
        ;;
    stop) remove_engines ;;
    *)
        echo "start or stop, not $1" >&2
        exit 2
        ;;
esac
