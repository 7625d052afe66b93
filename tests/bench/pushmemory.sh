#!/usr/bin/env bash
# The memory of the service while it pushes a snapshot of 2 GiB, against what it has when idle: pushmemory.sh [BUILD]
# (build/release). MEGABYTES shortens it. Starts an engine and a registry of its own. See run.sh.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
build=$(realpath "${1:-$here/../../build/release}")
# shellcheck source=tests/support/engine.sh
source "$here/../support/engine.sh"
# shellcheck source=tests/support/registry.sh
source "$here/../support/registry.sh"
# shellcheck source=tests/support/service.sh
source "$here/../support/service.sh"

SANDGLASSD=$build/bin/sandglassd
scratch=$(mktemp -d /tmp/sandglass-bench.XXXXXX)
SERVICE_DATA=$scratch/data
engine=$(engine_folder "$build/pushmemory")
namespace=/v1/namespaces/bench
megabytes=${MEGABYTES:-2048}
unset DOCKER_HOST

finish()
{
    trap - EXIT
    kill_service || true
    remove_registry "$scratch/registry" || true
    remove_engine "$engine" || true
    rm -rf "$scratch"
}
trap finish EXIT

resident_kilobytes() { awk '/^VmRSS/ {print $2}' "/proc/$SERVICE_PID/status"; }
has_ended() { api GET "/v1/operations/$operation" && [[ $(field '.finished_at // ""') ]]; }

start_engine "$engine"
import_base_images "$engine"
start_registry "$scratch/registry" plain
start_service --engine "a=unix://$engine/engine.sock"
api PUT /v1/registries/hub "$(jq -n --arg url "$(registry_address "$scratch/registry")" \
    '{url: $url, repository: "team/snapshots", insecure: true}')"
api POST "$namespace/sandboxes" '{"image": "sandbox-base:busybox", "entrypoint": ["/bin/sleep", "1000000"]}'
sandbox=$(field .sandbox_id)
wait_until 30 has_status "$namespace/sandboxes/$sandbox" running
run_in "$engine" "$(container_of "$engine" "$sandbox")" \
    "dd if=/dev/urandom of=/big bs=1048576 count=$megabytes 2>/dev/null" >/dev/null
api POST "$namespace/sandboxes/$sandbox/snapshots" '{"ttl_secs": 0}'
snapshot=$(field .snapshot_id)
wait_until 120 has_status "$namespace/snapshots/$snapshot" active

idle=$(resident_kilobytes)
most=$idle
api POST "$namespace/snapshots/$snapshot/push" '{"registry": "hub"}'
operation=$(field .operation_id)
until has_ended; do
    now=$(resident_kilobytes)
    most=$((now > most ? now : most))
    sleep 0.2
done
[[ $(field .state) == succeeded ]] || { echo "The push ended so: $BODY" >&2; exit 1; }
echo "push of $megabytes MiB: at most $(((most - idle) / 1024)) MB more than when idle, $((idle / 1024)) MB (at most 30)"
