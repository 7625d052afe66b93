#!/usr/bin/env bash
# The main job on Podman: a sandbox stands still while it is snapshotted, is restored, and its snapshot is deleted; what is
# there stays known as there, and what somebody takes away is seen. The database is made anew from what Podman has.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

OWN_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/$NAME
remove_podman "$OWN_ENGINE"
start_podman "$OWN_ENGINE"
copy_base_images "$ENGINE" "$OWN_ENGINE"
ENGINE=$OWN_ENGINE
# What people build with Podman is called so; they leave "localhost/" out.
engine_request "$ENGINE" POST '/images/sandbox-base:busybox/tag?repo=localhost/built-here&tag=1'

names() { engine_request "$ENGINE" GET /images/json | jq -r '.[].RepoTags // [] | .[]'; }

has_name() { names | grep -qx "$1"; }
has_no_name() { ! has_name "$1"; }

inspect() { engine_request "$ENGINE" GET "/containers/$1/json" | jq -r "$2"; }

# What the API says of the namespace, without what a rebuild cannot know.
all_of_namespace()
{
    expect 200 GET "$NS/sandboxes"
    field '.sandboxes | map(del(.changed_at, .confirmed_at)) | sort_by(.sandbox_id)'
    expect 200 GET "$NS/snapshots"
    field '.snapshots | map(del(.changed_at, .frozen_ms, .locations[].checked_at)) | sort_by(.snapshot_id)'
}

location_is() # STATE: of SNAPSHOT
{
    api GET "$NS/snapshots/$SNAPSHOT"
    [[ $(field '.locations | map(.state) | join(" ")') == "$1" ]]
}

start
step 'the engine is called by its name'
is_connected() { api GET /v1/engines/a && [[ $(field .state) == connected ]]; }
wait_until 20 is_connected
same 'the product' "$(field .product)" Podman
same 'the version' "$(field .version)" "$(engine_request "$ENGINE" GET /version | jq -r .Version)"

step 'a sandbox, in which something changes without end'
new_sandbox '{"image": "built-here:1", "entrypoint": ["/bin/sleep", "1000000"], "secret_names": ["TOKEN"],
    "resources": {"cpus": 0.5, "memory_mb": 256}}'
run_in "$ENGINE" "$CONTAINER" \
    'mkdir /work && echo precious >/work/file && dd if=/dev/urandom of=/work/large bs=1M count=64 2>/dev/null'
# shellcheck disable=SC2016 # the sandbox's shell expands these
counting=$(engine_request "$ENGINE" POST "/containers/$CONTAINER/exec" -H 'Content-Type: application/json' \
    -d '{"Cmd": ["/bin/sh", "-c", "i=0; while :; do i=$((i + 1)); echo $i >/work/next; mv /work/next /work/count; done"]}' | jq -r .Id)
engine_request "$ENGINE" POST "/exec/$counting/start" -H 'Content-Type: application/json' -d '{"Detach": true}'
upper=$(inspect "$CONTAINER" .GraphDriver.Data.UpperDir)
count() { cat "$upper/work/count" 2>/dev/null || echo 0; }
counts_on() { (($(count) > $1)); }
wait_until 10 counts_on 10

step 'it stands still while it is snapshotted'
new_snapshot '{"ttl_secs": 3600, "note": "two\nlines and \"quotes\""}'
is_frozen() { [[ $(podman_freezer "$CONTAINER") == FROZEN ]]; }
wait_until 30 is_frozen
frozen_at=$(count)
while is_frozen; do
    now=$(count)
    ! is_frozen || same 'the count in a frozen sandbox' "$now" "$frozen_at"
done
await_snapshot 60
same 'the snapshot' "$OUTCOME" active
wait_until 10 counts_on "$frozen_at"
lasting=$SNAPSHOT
original=$SANDBOX
expect 200 GET "$NS/snapshots/$lasting"
(($(field .frozen_ms) > 0)) || fail "it says that it froze it for $(field .frozen_ms) ms"
same image_ref "$(field .image_ref)" "sandglass-snapshots:$original-$lasting"

step 'its image and the image beneath it are held by names'
has_name "docker.io/library/sandglass-snapshots:$original-$lasting" || fail "no name of the snapshot: $(names)"
base=$(inspect "$CONTAINER" .Image)
has_name "0.sandglass/base:${base#sha256:}" || fail "the base image is not held: $(names)"
environment=$(engine_request "$ENGINE" GET "/images/sandglass-snapshots:$original-$lasting/json" | jq -c .Config.Env)
jq -e 'index("TOKEN=")' <<<"$environment" >/dev/null || fail "the secret is not blanked: $environment"

for name in localhost/built-here:1 localhost/sandbox-base:busybox; do
    has_name "$name" || fail "a name that is not ours went: $(names)"
done

step 'restored: as it was when it was frozen, and configured as before'
expect 202 POST "$NS/snapshots/$lasting/restore" '{}'
await_sandbox "$(field .sandbox_id)"
same 'the file' "$(run_in "$ENGINE" "$CONTAINER" 'cat /work/file')" precious
same 'the count in the snapshot' "$(run_in "$ENGINE" "$CONTAINER" 'cat /work/count')" "$frozen_at"
same 'the limits' "$(inspect "$CONTAINER" '.HostConfig | "\(.NanoCpus) \(.Memory)"')" '500000000 268435456'
# shellcheck disable=SC2016
same 'the name of its host' "$(run_in "$ENGINE" "$CONTAINER" 'echo $HOSTNAME')" "${CONTAINER:0:12}"
restored=$SANDBOX

step 'expired: fresh from the original image, of which only our name is left'
SANDBOX=$original
new_snapshot '{"ttl_secs": 1}'
brief=$SNAPSHOT
await_snapshot 60
same 'the brief snapshot' "$OUTCOME" active
for name in localhost/built-here:1 localhost/sandbox-base:busybox; do
    engine_request "$ENGINE" DELETE "/images/$name" >/dev/null
done
is_expired() { api GET "$NS/snapshots/$brief" && [[ $(field .expired) == true ]]; }
wait_until 5 is_expired
expect 202 POST "$NS/snapshots/$brief/restore" '{}'
await_sandbox "$(field .sandbox_id)"
run_in "$ENGINE" "$CONTAINER" 'test ! -e /work' || fail 'the fresh sandbox has the files'
fresh=$SANDBOX

step 'after a new look at the engine all is still there'
stop_service
before_look=$(date +%s%3N)
start
looked() { api GET /v1/engines/a && [[ $(field .state) == connected ]] && (($(field .last_seen_at) > before_look)); }
wait_until 20 looked
for SNAPSHOT in "$lasting" "$brief"; do
    location_is present || fail "$SNAPSHOT: $BODY"
done
has_name "0.sandglass/base:${base#sha256:}" || fail "the base image is not held any more: $(names)"

step 'what others do is seen: a pause, an image without its name and with it again, a container removed'
engine_request "$ENGINE" POST "/containers/$CONTAINER/pause"
wait_until 10 has_status "$NS/sandboxes/$fresh" paused
engine_request "$ENGINE" POST "/containers/$CONTAINER/unpause"
wait_until 10 has_status "$NS/sandboxes/$fresh" running
reference=sandglass-snapshots:$original-$brief
engine_request "$ENGINE" POST "/images/$reference/tag?repo=kept&tag=1"
engine_request "$ENGINE" DELETE "/images/$reference" >/dev/null
wait_until 10 location_is missing
engine_request "$ENGINE" POST "/images/kept:1/tag?repo=${reference%:*}&tag=${reference#*:}"
wait_until 10 location_is present
engine_request "$ENGINE" DELETE /images/kept:1 >/dev/null
engine_request "$ENGINE" DELETE "/containers/$CONTAINER?force=1&v=1"
wait_until 10 has_status "$NS/sandboxes/$fresh" missing

step 'one that was paused before stays paused'
SANDBOX=$restored
CONTAINER=$(container_of "$ENGINE" "$restored")
engine_request "$ENGINE" POST "/containers/$CONTAINER/pause"
new_snapshot '{}'
await_snapshot 60
same 'the snapshot of a paused sandbox' "$OUTCOME" active
is_frozen || fail 'it runs, although it was paused'
engine_request "$ENGINE" POST "/containers/$CONTAINER/unpause"
paused=$SNAPSHOT

step 'the database is made anew'
expect 202 DELETE "$NS/sandboxes/$fresh"
wait_until 30 has_status "$NS/sandboxes/$fresh" 'terminated gone'
wait_until 10 has_status "$NS/sandboxes/$restored" running
known() { all_of_namespace | jq 'map(select((.sandbox_id // "") != "'"$fresh"'" or has("snapshot_id")))'; }
before=$(known)
stop_service
rm "$SERVICE_DATA"/sandglass.db*
rebuilt=$("$SANDGLASSD" --data-dir "$SERVICE_DATA" --engine "a=unix://$ENGINE/engine.sock" --rebuild)
grep -q 'sandboxes added 2, snapshots added 3' <<<"$rebuilt" || fail "it says: $rebuilt"
start
wait_until 20 is_connected
# A line break in a note is lost on the way.
diff <(echo "${before//two\\nlines/two lines}") <(known) || fail 'the API says something else'

step 'deleted: image and row are gone, and nothing of ours is left'
for sandbox in "$original" "$restored"; do
    expect 202 DELETE "$NS/sandboxes/$sandbox"
    wait_until 30 has_status "$NS/sandboxes/$sandbox" 'terminated gone'
    same 'its container' "$(container_of "$ENGINE" "$sandbox")" ''
done
for snapshot in "$paused" "$brief" "$lasting"; do
    expect 202 DELETE "$NS/snapshots/$snapshot"
    wait_until 30 has_status "$NS/snapshots/$snapshot" gone
done
same 'the images of its snapshots' "$(images_of "$original")$(images_of "$restored")" ''
stop_service
start
wait_until 10 has_no_name "0.sandglass/base:${base#sha256:}"
