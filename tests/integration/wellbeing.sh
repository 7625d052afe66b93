# shellcheck shell=bash
# Whether everything has come to a good end: no operation unfinished, every snapshot active, or failed with a reason, and
# on the engines the images of the active ones and the containers of the sandboxes and no others, none paused. To be
# sourced after test.sh. ENGINES are the engines' folders; only ENGINE unless set.

ENGINES=()

all_operations_ended()
{
    api GET /v1/operations
    [[ $STATUS == 200 && $(field '[.operations[] | select(.finished_at == null)] | length') == 0 ]]
}

# on_engines PATH [curl's options]: the elements of the arrays that the engines answer.
on_engines()
{
    local engine
    for engine in "${ENGINES[@]:-$ENGINE}"; do
        engine_request "$engine" GET "$1" -G "${@:2}" \
            --data-urlencode "filters={\"label\":[\"io.sandglass.namespace=$NAMESPACE\"]}"
    done
}

# The containers of this test's sandboxes on the engines, one a line: the sandbox and the container's state.
containers()
{
    on_engines /containers/json -d all=1 | jq -r '.[] | select(.Labels["io.sandglass.sandbox.id"]) | .Labels["io.sandglass.sandbox.id"] + " " + .State' | sort
}

# What the service says of them, in the same words.
sandboxes()
{
    api GET "$NS/sandboxes"
    field '.sandboxes[] | {running: "running", stopped: "exited"}[.status] as $state | select($state) | .sandbox_id + " " + $state' | sort
}

images()
{
    on_engines /images/json | jq -r '.[] | select(.Labels["io.sandglass.snapshot.id"]) | .Labels["io.sandglass.snapshot.id"] + " "
            + ((.RepoTags // []) - ["<none>:<none>"] | .[0] // "-")' | sort
}

active_snapshots()
{
    api GET "$NS/snapshots?limit=1000"
    # The image of one whose pull was given up is not there, and is said not to be.
    field '.snapshots[] | select(.status == "active" and all(.locations[]; .kind != "engine" or .state != "failed")) | .snapshot_id + " " + .image_ref' | sort
}

settled_snapshots()
{
    api GET "$NS/snapshots?limit=1000"
    [[ $(field '[.snapshots[] | select(.status != "active" and (.status != "failed" or (.error // "") == ""))] | length') == 0 ]]
}

all_is_well()
{
    all_operations_ended && settled_snapshots \
        && [[ $(containers) == "$(sandboxes)" && $(images) == "$(active_snapshots)" ]]
}

tell_what_is_wrong() # WHEN
{
    api GET /v1/operations
    field '.operations[] | select(.finished_at == null)' >&2
    fail "$1: the containers are
$(containers)
not
$(sandboxes)
and the images
$(images)
not
$(active_snapshots)"
}
