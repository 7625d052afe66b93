#!/usr/bin/env bash
# What others do at an engine is seen within seconds. What the service does there itself it knows, and looks seldom for it.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

looks() { grep -c 'Calling GET /v[0-9.]*/images/json' "$ENGINE/engine.log" || true; }

docker_on_engine() { docker -H "unix://$ENGINE/engine.sock" "$@" >/dev/null; }

# location_is STATE: whether the service says so of the image of SNAPSHOT.
location_is()
{
    api GET "$NS/snapshots/$SNAPSHOT"
    [[ $(field '.locations[0].state') == "$1" ]]
}

own_engine --debug # then its log has the requests
start
new_sandbox "$IDLE"
observed=$SANDBOX

step 'somebody else pauses it, lets it go on, stops it, starts it'
for action in pause:paused unpause:running 'stop --time 0:stopped' start:running; do
    # shellcheck disable=SC2086 # words
    docker_on_engine ${action%:*} "$CONTAINER"
    wait_until 4 has_status "$NS/sandboxes/$SANDBOX" "${action#*:}" || fail "$action is not seen"
done

step 'a row of snapshots'
new_snapshot '{}'
await_snapshot 30
before=$(looks)
began=$SECONDS
for _ in {1..12}; do
    new_snapshot '{}'
    await_snapshot 30
    same 'the snapshot' "$OUTCOME" active
done
seconds=$((SECONDS - began))
made=$(($(looks) - before))
((made <= seconds / 5 + 2)) || fail "12 snapshots in $seconds s made it look $made times"

step 'another sandbox is paused meanwhile'
new_sandbox "$IDLE"
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/urandom of=/file bs=1M count=300 2>/dev/null'
new_snapshot '{}'
wait_until 10 is_paused "$CONTAINER"
docker_on_engine pause "$(container_of "$ENGINE" "$observed")"
wait_until 4 has_status "$NS/sandboxes/$observed" paused || fail 'the pause is not seen'
api GET "$NS/sandboxes/$SANDBOX"
same 'the sandbox that is snapshotted' "$(field .status)" running
await_snapshot 60
same 'its snapshot' "$OUTCOME" active

step 'somebody removes the image, and gives the name back'
api GET "$NS/snapshots/$SNAPSHOT"
image=$(field .image_ref)
docker_on_engine tag "$image" kept:1
docker_on_engine rmi "$image"
wait_until 4 location_is missing || fail 'the missing image is not seen'
docker_on_engine tag kept:1 "$image"
wait_until 4 location_is present || fail 'the image that is back is not seen'

step 'somebody removes the container'
docker_on_engine rm --force "$CONTAINER"
wait_until 4 has_status "$NS/sandboxes/$SANDBOX" missing || fail 'the missing container is not seen'

step 'the engine makes the container of a sandbox whose creation was given up'
expect 202 POST "$NS/sandboxes" '{"image": "not-there:1"}'
given_up=$(field .sandbox_id)
wait_until 30 has_status "$NS/sandboxes/$given_up" failed
create() # NAME SANDBOX
{
    docker_on_engine create --name "$1" --label "io.sandglass.sandbox.id=$2" sandbox-base:busybox /bin/sleep 1000000
}
exists() { docker_on_engine inspect "$1" 2>/dev/null; }
is_gone() { ! exists "$1"; }
create somebody-elses "$given_up"
create sandglass-sb-0123456789abcdef sb-0123456789abcdef
create "sandglass-$given_up" "$given_up"
wait_until 4 is_gone "sandglass-$given_up" || fail 'the container is left behind'
api GET "/v1/audit?limit=1000"
same 'what the audit says' "$(field ".records[] | select(.object == \"$given_up\" and .action == \"remove_container\") | .result")" removed
for name in somebody-elses sandglass-sb-0123456789abcdef; do
    exists "$name" || fail "$name is gone, which is not ours"
done
docker_on_engine start somebody-elses
before=$(looks)
docker_on_engine rename somebody-elses "sandglass-$given_up"
has_looked() { (($(looks) > before)); }
wait_until 4 has_looked
exists "sandglass-$given_up" || fail 'one that ran is gone'
