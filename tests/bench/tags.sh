#!/usr/bin/env bash
# A thousand tags listed by Sandglass against curl of the same page, in turns: tags.sh [BUILD] (build/release). Starts a
# registry of its own; ROUNDS shortens it. See run.sh.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
build=$(realpath "${1:-$here/../../build/release}")
# shellcheck source=tests/support/registry.sh
source "$here/../support/registry.sh"

scratch=$(mktemp -d /tmp/sandglass-bench.XXXXXX)
rounds=${ROUNDS:-20}
finish()
{
    trap - EXIT
    remove_registry "$scratch/registry"
    rm -rf "$scratch"
}
trap finish EXIT

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

start_registry "$scratch/registry" plain
address=$(registry_address "$scratch/registry")
repository=http://$address/v2/team/snapshots
printf '{}' >"$scratch/config"
config=sha256:$(sha256sum "$scratch/config" | cut -d ' ' -f 1)
location=$(curl -fsS -D - -o /dev/null -X POST "$repository/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //p')
curl -fsS -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$scratch/config" "$location&digest=$config"
cat >"$scratch/manifest" <<END
{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": [],
 "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "$config"}}
END
# Names as long as those of snapshots.
curl -fsS -X PUT -H 'Content-Type: application/vnd.docker.distribution.manifest.v2+json' \
    --data-binary "@$scratch/manifest" "$repository/manifests/sb-0123456789abcdef-snap-0123456789ab[0001-1000]"

for ((round = 0; round < rounds; ++round)); do
    curl -fsS -o /dev/null -w '%{time_total}\n' "$repository/tags/list?n=1000" >>"$scratch/curl"
    "$build/bin/bench_tags" "$address" team/snapshots >>"$scratch/ours" 2>"$scratch/count"
done
awk -v count="$(<"$scratch/count")" -v ours="$(median <"$scratch/ours")" -v curl="$(median <"$scratch/curl")" -v rounds="$rounds" \
    'BEGIN {printf "%d tags listed: %.1f ms, curl %.1f ms (at most 1000 ms more); median of %d\n", count, ours, curl * 1000, rounds}'
