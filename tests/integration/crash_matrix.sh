#!/usr/bin/env bash
# crash_matrix.sh SANDGLASSD BUILD WHAT [PATTERN]: at every step of every kind of operation (or at those points that match
# the pattern, such as "create_snapshot/.*/after"), before it and after it, something dies, and is started again:
#
#   killed       the service, at once
#   terminated   the service, in order
#   engine       the engine, at once; its containers live on
#   engine_and_containers   the engine, at once, and all its containers with it
#
# and the same in the undo of an operation that somebody cancelled.
#
# Then every operation has come to its end, every snapshot is active, failed or gone, the engine has the images of the
# active ones and the containers of the running sandboxes and no others, and nothing is paused.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

what=$3
pattern=${4:-.*}
NAMESPACE=$NAMESPACE-$what
NS=/v1/namespaces/$NAMESPACE
export SANDGLASS_FAULT_FILE=$SCRATCH/faults
SANDGLASSD=$BUILD/bin/sandglassd_with_faults
points=0
engine_options=()

case $what in
    killed) command="kill -KILL \$PPID" ;;
    terminated) command="kill -TERM \$PPID" ;;
    engine | engine_and_containers)
        [[ $what != engine ]] || engine_options=(--live-restore) # its containers outlive it, frozen or not
        own_engine "${engine_options[@]}"
        command="kill -KILL \$(pgrep -f -- '^dockerd --config-file $ENGINE/engine.json ')"
        ;;
esac

# arm POINT COMMAND [POINT COMMAND]...: what happens, one after the other.
arm() { printf '%s\t%s\n' "$@" >"$SANDGLASS_FAULT_FILE"; }
fired() { [[ ! -s $SANDGLASS_FAULT_FILE ]]; }

# What died is gone; it is started again.
recover()
{
    wait_until 20 fired
    if [[ $what == engine* ]]; then
        wait_until 20 engine_ended
        start_engine "$ENGINE" "${engine_options[@]}"
    else
        wait_until 20 service_ended
        start
    fi
    points=$((points + 1))
}

engine_ended() { ! running "$ENGINE"; }
engine_is_back() { api GET /v1/engines && [[ $(field '.engines[0].state') == connected ]]; }

# verify POINT: soon (an engine that died is tried again with growing delays) all is well.
verify()
{
    wait_until 40 all_is_well || tell_what_is_wrong "after $1"
    wait_until 40 engine_is_back # only then it is restored on
}

# ask KIND: has an operation of that kind done, on a subject of its own.
ask()
{
    case $1 in
        create_sandbox) expect 202 POST "$NS/sandboxes" "$IDLE" ;;
        terminate_sandbox) expect 202 DELETE "$NS/sandboxes/$VICTIM" ;;
        create_snapshot) expect 202 POST "$NS/sandboxes/$SANDBOX/snapshots" '{}' ;;
        restore_snapshot) expect 202 POST "$NS/snapshots/$KEPT/restore" '{}' ;;
        delete_snapshot) expect 202 DELETE "$NS/snapshots/$SNAPSHOT" ;;
        push_snapshot) expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "hub"}' ;;
        pull_snapshot) expect 202 POST "$NS/snapshots/$SNAPSHOT/pull" '{"engine": "a"}' ;;
        *) fail "the matrix does not know how to ask for $1" ;;
    esac
    OPERATION=$(field .operation_id)
}

# prepare KIND: makes the subject that the operation needs.
prepare()
{
    local kept
    if [[ $what == engine_and_containers ]] && ! has_status "$NS/sandboxes/$SANDBOX" running; then
        expect 202 DELETE "$NS/sandboxes/$SANDBOX"
        wait_until 20 has_status "$NS/sandboxes/$SANDBOX" 'terminated gone'
        new_sandbox "$IDLE"
    fi
    kept=$SANDBOX
    case $1 in
        terminate_sandbox)
            new_sandbox "$IDLE"
            VICTIM=$SANDBOX SANDBOX=$kept
            ;;
        push_snapshot)
            new_snapshot '{}'
            await_snapshot 20
            ;;
        delete_snapshot)
            prepare push_snapshot
            push
            ;;
        pull_snapshot)
            prepare delete_snapshot
            engine_request "$ENGINE" DELETE "/images/sandglass-snapshots:$SANDBOX-$SNAPSHOT" >/dev/null
            wait_until 20 is_at engine missing
            ;;
    esac
}

push()
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "hub"}'
    wait_until 30 is_at registry present
}

is_at() # KIND STATE
{
    api GET "$NS/snapshots/$SNAPSHOT"
    [[ $(field ".locations[] | select(.kind == \"$1\") | .state") == "$2" ]]
}

# hit POINT: something dies there, and the operation does its work all the same.
hit()
{
    local point=$1 kind=${1%%/*}
    [[ $point =~ ^($pattern)$ ]] || return 0
    prepare "$kind"
    arm "$point" "$command"
    ask "$kind"
    recover
    verify "$point"
    api GET "/v1/operations/$OPERATION"
    # Of a sandbox that died with its engine there is nothing to take.
    if [[ $what == engine_and_containers && $(field .state) == failed ]]; then return; fi
    same "the operation hit at $point" "$(field .state)" succeeded
}

# hit_undo KIND PLACE: somebody cancels it after its first step, and something dies in its undo.
hit_undo()
{
    local point=$1/undo/$2 first
    [[ $point =~ ^($pattern)$ ]] || return 0
    first=$(printf '%s\n' "${steps[@]}" | grep -m 1 "^$1/")
    prepare "$1"
    arm "$first/after" "curl -sSf -o /dev/null -X POST -H @$SERVICE_DATA/headers $SERVICE_URL/v1/operations/\$OPERATION/cancel" \
        "$point" "$command"
    ask "$1"
    recover
    verify "$point"
    api GET "/v1/operations/$OPERATION"
    same "the operation cancelled, and hit at $point" "$(field .state)" cancelled
}

own_registry hub plain
start
expect 201 PUT /v1/registries/hub "$(jq -n --arg url "$(registry_address "$REGISTRY")" \
    '{url: $url, repository: "team/snapshots", insecure: true}')"
new_sandbox "$IDLE"
new_snapshot '{}'
await_snapshot 20
KEPT=$SNAPSHOT

mapfile -t steps < <("$BUILD/bin/list_steps")
((${#steps[@]} > 20)) || fail 'the list of steps is short'
for step in "${steps[@]}"; do
    hit "$step/before"
    hit "$step/after"
done
for kind in $(printf '%s\n' "${steps[@]}" | cut -d / -f 1 | sort -u); do
    hit_undo "$kind" before
    hit_undo "$kind" after
done
((points > 0)) || fail "no point is like $pattern"

echo "$points points, all well"
