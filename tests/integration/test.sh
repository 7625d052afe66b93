# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the tests of this folder share; to be sourced first. Each is run as TEST SANDGLASSD BUILD, where BUILD/engines.env
# describes the test rig's engines. The test has a namespace, a data folder and a service of its own; whatever it leaves
# on the shared engine is removed at its end.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/support/engine.sh
source "$here/../support/engine.sh"
# shellcheck source=tests/support/podman.sh
source "$here/../support/podman.sh"
# shellcheck source=tests/support/registry.sh
source "$here/../support/registry.sh"
# shellcheck source=tests/support/service.sh
source "$here/../support/service.sh"

SANDGLASSD=$1
BUILD=$2
NAME=$(basename "$0" .sh)
NAMESPACE=${NAME//_/-}
SCRATCH=$(mktemp -d --tmpdir sandglass-test.XXXXXX)
SERVICE_DATA=$SCRATCH/data
unset DOCKER_HOST
# shellcheck source=/dev/null
source "$BUILD/engines.env"
ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/a # the engine's folder, for engine_request
OWN_ENGINE= # set by own_engine
BESIDES=() # processes that the test started besides the service

NS=/v1/namespaces/$NAMESPACE

finish()
{
    local status=$?
    trap - EXIT
    trap '' INT TERM HUP # a second signal does not stop the cleaning up
    if ((status)); then
        echo "FAILED; last answer ${STATUS:-none}: ${BODY:-}"
        tail -v -n 60 "$SERVICE_DATA"/service-*.log
    fi
    kill_service || true
    ((${#BESIDES[@]} == 0)) || kill "${BESIDES[@]}" || true
    [[ -z $OWN_ENGINE ]] || { remove_podman "$OWN_ENGINE" && remove_engine "$OWN_ENGINE"; } || true
    for ENGINE in "$SANDGLASS_TEST_ENGINES_FOLDER"/{a,b}; do
        clear_engine || true
    done
    remove_own_registries || true
    rm -rf "$SCRATCH"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

step() { printf '%s\n' "-- $*"; }

fail()
{
    echo "$*" >&2
    exit 1
}

# expect PATTERN METHOD PATH [JSON] [curl's options]: as api, and the status must match the pattern.
expect()
{
    local expected=$1
    shift
    api "$@"
    [[ $STATUS =~ ^($expected)$ ]] || fail "$(cut -c1-300 <<<"$*") answered $STATUS, not $expected: $BODY"
}

# same WHAT ACTUAL EXPECTED
same() { [[ $2 == "$3" ]] || fail "$1 is '$2', not '$3'"; }

# own_engine [dockerd's options]: starts an engine of the test's own, which it may kill, and puts ENGINE on it.
own_engine()
{
    OWN_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/$NAME
    remove_engine "$OWN_ENGINE"
    ENGINE=$OWN_ENGINE
    start_engine "$ENGINE" "$@"
    import_base_images "$ENGINE"
}

# own_registry NAME VARIANT [OPTION=VALUE]...: starts a registry of the test's own, see registry.sh; puts REGISTRY on it.
own_registry()
{
    REGISTRY=$SANDGLASS_TEST_ENGINES_FOLDER/$NAME-$1
    remove_registry "$REGISTRY"
    start_registry "$REGISTRY" "${@:2}"
}

remove_own_registries()
{
    local one
    for one in "$SANDGLASS_TEST_ENGINES_FOLDER/$NAME"-*/; do
        [[ ! -d $one ]] || remove_registry "${one%/}"
    done
}

start() { start_service --engine "a=unix://$ENGINE/engine.sock"; }

# A sandbox that does nothing, for long.
IDLE='{"image": "sandbox-base:busybox", "entrypoint": ["/bin/sleep", "1000000"]}'

# new_sandbox JSON: creates one, waits until it runs; sets SANDBOX and CONTAINER.
new_sandbox()
{
    expect 202 POST "$NS/sandboxes" "$1"
    same 'a new sandbox' "$(field .status)" pending
    await_sandbox "$(field .sandbox_id)"
}

await_sandbox() # ID; sets SANDBOX and CONTAINER
{
    SANDBOX=$1
    wait_until 30 has_status "$NS/sandboxes/$SANDBOX" 'running failed'
    same 'the sandbox' "$(status_of "$NS/sandboxes/$SANDBOX")" running
    CONTAINER=$(container_of "$ENGINE" "$SANDBOX")
    [[ $CONTAINER ]] || fail "sandbox $SANDBOX has no container"
}

# new_snapshot JSON: of SANDBOX; sets SNAPSHOT and OPERATION and does not wait.
new_snapshot()
{
    expect 202 POST "$NS/sandboxes/$SANDBOX/snapshots" "$1"
    same 'a new snapshot' "$(field .status)" creating
    SNAPSHOT=$(field .snapshot_id)
    OPERATION=$(field .operation_id)
}

# await_snapshot SECONDS: until SNAPSHOT is active or failed; sets OUTCOME.
await_snapshot()
{
    wait_until "$1" has_status "$NS/snapshots/$SNAPSHOT" 'active failed'
    OUTCOME=$(status_of "$NS/snapshots/$SNAPSHOT")
}

is_paused() { [[ $(engine_request "$ENGINE" GET "/containers/$1/json" | jq .State.Paused) == true ]]; }
is_not_paused() { ! is_paused "$1"; }

# frozen_during_last_commit SINCE: whether of the sandbox's commits since then the one that ended last did so while the sandbox stood still.
frozen_during_last_commit()
{
    engine_request "$ENGINE" GET "/events?since=$1&until=$(($(date +%s) + 1))" -G --data-urlencode \
        "filters={\"type\":[\"container\"],\"event\":[\"commit\",\"pause\",\"unpause\"],\"container\":[\"$CONTAINER\"]}" \
        | jq -se 'map(.Action) | rindex("commit") as $at
            | (.[:$at] | map(select(. != "commit")) | last) == "pause" and .[$at + 1] == "unpause"' >/dev/null
}

# The containers that the operations in BODY say to resume by hand, because the engine forgot a pause.
forgotten_pauses()
{
    field '.operations[] | select(.finished_at == null) | .error // "" | capture("ctr --namespace moby task resume (?<id>[0-9a-f]+)") | .id' | sort -u
}

pause_task() { task_of "$1" pause "$2"; } # ENGINE CONTAINER: behind the engine's back
resume_task() { task_of "$1" resume "$2"; }
task_of() { ctr --address "$1/exec/containerd/containerd.sock" --namespace moby task "$2" "$3"; }

# images_of SANDBOX: the images of its snapshots on the engine, one a line: the id of the snapshot and the name, its own
# if it has that, or a minus for an image without one.
images_of()
{
    engine_request "$ENGINE" GET /images/json -G \
        --data-urlencode "filters={\"label\":[\"io.sandglass.snapshot.sandbox=$1\"]}" \
        | jq -r '.[] | .Labels["io.sandglass.snapshot.id"] + " " + ((.RepoTags // []) - ["<none>:<none>"]
            | (map(select(startswith("sandglass-snapshots:"))) + .)[0] // "-")' | sort
}

# only_images_of_active_snapshots SANDBOX: each active snapshot has its image, and there is no other image.
only_images_of_active_snapshots()
{
    api GET "$NS/sandboxes/$1/snapshots"
    [[ $(images_of "$1") == "$(field '.snapshots[] | select(.status == "active") | .snapshot_id + " " + .image_ref' | sort)" ]]
}

clear_engine()
{
    local filter="filters={\"label\":[\"io.sandglass.namespace=$NAMESPACE\"]}" id
    for id in $(engine_request "$ENGINE" GET /containers/json -G -d all=1 --data-urlencode "$filter" | jq -r '.[].Id'); do
        engine_request "$ENGINE" DELETE "/containers/$id?force=1&v=1" >/dev/null
    done
    # An image that another one is built on goes after that one, and the engine lists them in no such order.
    for _ in {1..5}; do
        for id in $(engine_request "$ENGINE" GET /images/json -G --data-urlencode "$filter" | jq -r '.[].Id'); do
            engine_request "$ENGINE" DELETE "/images/$id?force=1" >/dev/null
        done
    done
}
