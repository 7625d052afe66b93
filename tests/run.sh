#!/usr/bin/env bash
# Installs what is needed, builds, starts the test rig, runs every test and prints a summary. Needs no terminal, may run
# in several clones at once, and leaves nothing running. Fails when anything did.
#
# Three builds: `release` is what is shipped, and runs every test; `nogui` compiles every file by itself, without the
# window; `asan` runs the unit tests under the address and undefined-behaviour sanitizers.
set -uo pipefail
exec </dev/null
cd "$(dirname "$0")/.." || exit 1

summary=()
failed=
scratch=$(mktemp -d /tmp/sandglass-tests.XXXXXX) # short: sockets lie in it

finish()
{
    local status=$? processes
    trap - EXIT
    trap '' INT TERM HUP # a second signal does not stop the cleaning up
    # More than nothing only when this was interrupted, or a test took too long.
    while processes=$(still_running) && [[ $processes ]]; do
        # shellcheck disable=SC2086 # one argument per process
        kill -s KILL $processes 2>/dev/null
    done
    tests/support/engines.sh stop build/release
    rm -rf "$scratch"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

# All that was started by this run, whoever its parent is by now: each phase is marked in its environment.
still_running()
{
    # grep fails when a process ends meanwhile, whatever it found.
    (grep -lzxF "SANDGLASS_TEST_RUN=$scratch" /proc/[0-9]*/environ 2>/dev/null || true) | cut -d / -f 3
}

# phase NAME COMMAND...: runs it, takes its time and keeps its result for the summary. The command runs beside the
# shell, so that a signal is heard at once.
phase()
{
    local name=$1 started=$SECONDS result=passed
    shift
    printf '\n=== %s\n' "$name"
    SANDGLASS_TEST_RUN=$scratch "$@" &
    wait $! || result=FAILED
    [[ $result == passed ]] || failed=yes
    summary+=("$(printf '%-7s %4d s  %s' "$result" $((SECONDS - started)) "$name")")
    [[ $result == passed ]]
}

build() # PRESET [cmake's options]
{
    local preset=$1
    shift
    cmake --preset "$preset" "$@" >"$scratch/configure.log" 2>&1 || {
        cat "$scratch/configure.log"
        return 1
    }
    cmake --build --preset "$preset" -- --quiet
}

# Tests see no settings, no data and no engine of whoever runs them.
run_tests() # BUILD [ctest's options]
{
    local build=$1 home=$scratch/home
    shift
    chmod 711 "$scratch" # one test runs the service as nobody
    mkdir -p "$home/runtime"
    chmod 700 "$home/runtime"
    env -u DOCKER_HOST -u DISPLAY -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS \
        TMPDIR="$scratch" HOME="$home" XDG_RUNTIME_DIR="$home/runtime" XDG_CONFIG_HOME="$home/config" \
        XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" XDG_STATE_HOME="$home/state" \
        ctest --test-dir "$build" --output-on-failure --no-tests=error --output-junit junit.xml "$@"
}

phase 'install' packaging/install.sh build engine tests || exit 1
if phase 'build release' build release; then
    phase 'unit tests' run_tests build/release -L unit --parallel 2
    phase 'tests with engines and registries' run_tests build/release -LE 'unit|complete'
fi
phase 'build nogui' build nogui -DSANDGLASS_TESTS=OFF
phase 'build asan' build asan -DSANDGLASS_GUI=OFF && phase 'unit tests under sanitizers' run_tests build/asan -L unit --parallel 2

printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
printf '        %4d s  in all\n' "$SECONDS"
if [[ $failed ]]; then
    echo 'FAILED'
    exit 1
fi
echo 'All passed.'
