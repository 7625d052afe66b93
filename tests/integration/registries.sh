#!/usr/bin/env bash
# A snapshot travels: taken on one engine, pushed by itself, restored on another, deleted everywhere; and what becomes of
# it where a registry deletes nothing, is away, or where somebody else has the manifest, too.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/support/registry.sh
source "$here/../support/registry.sh"

export REGISTRY_PASSWORD=s3cret-of-alice ROBOT_PASSWORD=robot-password
ENGINE_B=$SANDGLASS_TEST_ENGINES_FOLDER/b
HUB=$SCRATCH/hub
KEEPER=$SCRATCH/keeper

remove_registries()
{
    remove_registry "$HUB" || true
    remove_registry "$KEEPER" || true
    clear_engine_b || true
}
clear_engine_b()
{
    local ENGINE=$ENGINE_B
    clear_engine
}
trap 'remove_registries; finish' EXIT

# put_registry NAME DIR [JSON]: as /v1/registries has it, with what the JSON says besides.
put_registry()
{
    expect '200|201' PUT "/v1/registries/$1" "$(jq -n --arg url "$(registry_address "$2")" --argjson more "${3:-null}" \
        '{url: $url, repository: "team/snapshots", insecure: true, namespaces: []} + ($more // {})')"
}

location() # REGISTRY FIELD
{
    api GET "$NS/snapshots/$SNAPSHOT"
    field ".locations[] | select(.kind == \"registry\" and .place == \"$1\") | $2"
}
is_at() { [[ $(location "$1" .state) == "$2" ]]; }

manifest_status() # DIR REFERENCE
{
    curl -s -o /dev/null -w '%{http_code}' -I -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
        "http://$(registry_address "$1")/v2/team/snapshots/manifests/$2"
}

image_on() # ENGINE: whether it has the snapshot's image
{
    engine_request "$1" GET "/images/sandglass-snapshots:$SANDBOX-$SNAPSHOT/json" >/dev/null 2>&1
}

is_gone() { api GET "$NS/snapshots/$SNAPSHOT" && [[ $STATUS == 404 ]]; }

# Names at an engine that only a transfer needs.
no_names_of_registries()
{
    local names
    names=$(engine_request "$1" GET /images/json | jq -r '.[] | (.RepoTags // [])[], (.RepoDigests // [])[]' | grep -F 'team/snapshots' || true)
    same "the names of registries at $1" "$names" ''
}

start_registry "$HUB" plain
start_registry "$KEEPER" plain delete=off
start_service --engine "a=unix://$ENGINE/engine.sock" --engine "b=unix://$ENGINE_B/engine.sock"
put_registry hub "$HUB" "$(jq -nc --arg ns "$NAMESPACE" '{namespaces: [$ns]}')"
new_sandbox "$(jq '. + {engine: "a"}' <<<"$IDLE")"
run_in "$ENGINE" "$CONTAINER" 'echo kept >/file'

step 'pushed by itself'
new_snapshot '{"tag": "golden", "ttl_secs": 86400}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
wait_until 60 is_at hub present
DIGEST=$(location hub .digest)
same 'the manifest by its digest' "$(manifest_status "$HUB" "$DIGEST")" 200
same 'the manifest by its tag' "$(manifest_status "$HUB" "$SANDBOX-$SNAPSHOT")" 200
same "the manifest by the user's tag" "$(manifest_status "$HUB" golden)" 200
no_names_of_registries "$ENGINE"
seen=$(skopeo inspect --tls-verify=false "docker://$(registry_address "$HUB")/team/snapshots:golden")
same 'what another program reads: the digest' "$(jq -r .Digest <<<"$seen")" "$DIGEST"
same 'what another program reads: the snapshot' "$(jq -r '.Labels["io.sandglass.snapshot.id"]' <<<"$seen")" "$SNAPSHOT"
# Podman with a store of its own, which pulls every layer.
other_podman() { podman --root "$SCRATCH/podman" --runroot "$SCRATCH/podman-run" --storage-driver vfs "$@"; }
pulled=$(other_podman pull -q --tls-verify=false "$(registry_address "$HUB")/team/snapshots@$DIGEST" 2>"$SCRATCH/podman.log") \
    || fail "podman pull: $(<"$SCRATCH/podman.log")"
same 'what Podman pulled' "$(other_podman image inspect "$pulled" | jq -r '.[0].Labels["io.sandglass.snapshot.id"]')" "$SNAPSHOT"
same 'its layers' "$(other_podman image inspect "$pulled" | jq -c '.[0].RootFS.Layers')" \
    "$(engine_request "$ENGINE" GET "/images/sandglass-snapshots:$SANDBOX-$SNAPSHOT/json" | jq -c .RootFS.Layers)"

step 'restored on an engine that never had it'
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{"engine": "b"}'
same 'restored from the snapshot' "$(field .restored_from_snapshot)" true
RESTORED=$(field .sandbox_id)
wait_until 60 has_status "$NS/sandboxes/$RESTORED" 'running failed'
same 'the restored sandbox' "$(status_of "$NS/sandboxes/$RESTORED")" running
same 'the file' "$(run_in "$ENGINE_B" "$(container_of "$ENGINE_B" "$RESTORED")" 'cat /file')" kept
no_names_of_registries "$ENGINE_B"
api GET "$NS/snapshots/$SNAPSHOT"
same 'the places' "$(field '[.locations[] | .kind + " " + .place + " " + .state] | sort | join(", ")')" \
    'engine a present, engine b present, registry hub present'
expect 202 DELETE "$NS/sandboxes/$RESTORED"
wait_until 60 has_status "$NS/sandboxes/$RESTORED" terminated

step 'pushed and pulled once more: what is there stays there'
started()
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/$1" "$2" -H "Idempotency-Key: once-more-$1"
    field .operation_id
}
operation_is() # ID "STATE OR STATE"
{
    api GET "/v1/operations/$1"
    [[ " $2 " == *" $(field .state) "* ]]
}
for transfer in push pull; do
    body='{"registry": "hub"}'
    [[ $transfer == push ]] || body='{"engine": "b"}'
    first=$(started $transfer "$body")
    wait_until 60 operation_is "$first" 'succeeded failed'
    same "the $transfer" "$(field .state)" succeeded
    same "the $transfer that is asked for again with its key" "$(started $transfer "$body")" "$first"
done
expect 409 POST "$NS/snapshots/$SNAPSHOT/pull" '{"engine": "a"}' -H 'Idempotency-Key: once-more-pull'
api GET "$NS/snapshots/$SNAPSHOT"
same 'the places' "$(field '[.locations[] | .kind + " " + .place + " " + .state] | sort | join(", ")')" \
    'engine a present, engine b present, registry hub present'
same 'the digest' "$(location hub .digest)" "$DIGEST"
no_names_of_registries "$ENGINE_B"
stop_registry "$HUB"
expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "hub"}'
again=$(field .operation_id)
expect 409 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "hub"}'
wait_until 30 operation_is "$again" waiting
expect 202 POST "/v1/operations/$again/cancel"
wait_until 30 operation_is "$again" cancelled
is_at hub present || fail "a push that was cancelled took it from the registry: $BODY"
start_registry "$HUB"
checked() { [[ $(location hub .checked_at) != null ]]; }
wait_until 30 checked # whether it is still there

step 'deleted everywhere'
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 60 is_gone
same 'the manifest by its digest' "$(manifest_status "$HUB" "$DIGEST")" 404
same "the manifest by the user's tag" "$(manifest_status "$HUB" golden)" 404
image_on "$ENGINE" && fail 'engine a still has the image'
image_on "$ENGINE_B" && fail 'engine b still has the image'

step 'a registry that deletes nothing'
put_registry keeper "$KEEPER"
new_snapshot '{}'
await_snapshot 30
wait_until 60 is_at hub present
expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "keeper"}'
wait_until 60 is_at keeper present
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 60 has_status "$NS/snapshots/$SNAPSHOT" failed
is_at keeper failed || fail "the registry that deletes nothing: $BODY"
[[ $(location keeper .error) == *'deletion is disabled'* ]] || fail "it does not say why: $BODY"
same 'the place that could be cleaned' "$(location hub .state)" ''
image_on "$ENGINE" && fail 'engine a still has the image'
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 60 is_gone

step "somebody else's tag on the manifest"
new_snapshot '{}'
await_snapshot 30
wait_until 60 is_at hub present
DIGEST=$(location hub .digest)
skopeo copy -q --src-tls-verify=false --dest-tls-verify=false \
    "docker://$(registry_address "$HUB")/team/snapshots@$DIGEST" "docker://$(registry_address "$HUB")/team/snapshots:theirs"
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 60 has_status "$NS/snapshots/$SNAPSHOT" failed
same 'the manifest' "$(manifest_status "$HUB" "$DIGEST")" 200
[[ $(location hub .error) == *theirs* ]] || fail "it does not name the tag: $BODY"
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
wait_until 60 is_gone
same 'the manifest in the end' "$(manifest_status "$HUB" "$DIGEST")" 200

step 'a registry that is away: the snapshot is active, the place failed, and a new try helps'
stop_registry "$HUB"
new_snapshot '{}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
push_of()
{
    api GET /v1/operations
    field "[.operations[] | select(.kind == \"push_snapshot\" and .snapshot_id == \"$SNAPSHOT\")][0]$1"
}
push_waits() { [[ $(push_of .state) == waiting && $(push_of .error) == *"$(registry_address "$HUB")"* ]]; }
wait_until 30 push_waits
expect 202 POST "/v1/operations/$(push_of .operation_id)/cancel"
wait_until 30 is_at hub failed
start_registry "$HUB"
expect 202 POST "$NS/snapshots/$SNAPSHOT/push" '{"registry": "hub"}'
wait_until 60 is_at hub present

step 'what others removed there is found, and restored from the engine all the same'
DIGEST=$(location hub .digest)
curl -s -o /dev/null -X DELETE "http://$(registry_address "$HUB")/v2/team/snapshots/manifests/$DIGEST"
expect 204 POST "$NS/snapshots/$SNAPSHOT/check"
is_at hub missing || fail "what is gone is not shown as missing: $BODY"
expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" '{"engine": "a"}'

step 'no place has it'
expect 409 POST "$NS/snapshots/$SNAPSHOT/restore" '{"engine": "b"}'
[[ $(field .error.message) == *'nor in a registry'* ]] || fail "it does not say that no place has it: $BODY"

step 'registries in use are not forgotten by accident'
expect 409 DELETE /v1/registries/hub
expect 204 DELETE '/v1/registries/hub?leave_snapshots=true'
expect 404 GET /v1/registries/hub
