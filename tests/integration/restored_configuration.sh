#!/usr/bin/env bash
# A restored container is configured as the original was: the engine's two descriptions are compared field by field.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

# What a container is made of, without what belongs to the one container only: ids, generated names, our labels, times.
configuration()
{
    engine_request "$ENGINE" GET "/containers/$1/json" | jq -S '
        .Config.Labels |= with_entries(select(.key | startswith("io.sandglass.") | not))
        | {
            Config: (.Config | del(.Image) | .Hostname = "(its own)"),
            HostConfig: .HostConfig,
            Mounts: [.Mounts[] | if .Type == "volume" then .Name = "(its own)" | .Source = "(its own)" else . end],
            Networks: (.NetworkSettings.Networks | keys),
            Platform: .Platform,
            Path: .Path,
            Args: .Args
        }'
}

# An image with much to inherit, made from a container that never ran.
image=sandbox-base:restored-configuration
base=$(engine_request "$ENGINE" POST /containers/create -H 'Content-Type: application/json' \
    -d '{"Image": "sandbox-base:busybox", "Labels": {"io.sandglass.namespace": "'"$NAMESPACE"'"}}' | jq -r .Id)
engine_request "$ENGINE" POST "/commit?container=$base&repo=${image%:*}&tag=${image#*:}" \
    --url-query 'changes=USER worker' --url-query 'changes=WORKDIR /tmp' --url-query 'changes=VOLUME /data' \
    --url-query 'changes=ENV GREETING="with a space and ümlaut" EMPTY=' --url-query 'changes=EXPOSE 8080/tcp' \
    --url-query 'changes=LABEL owner=somebody' --url-query 'changes=CMD ["one", "two words"]' >/dev/null

start
step 'a sandbox with limits, without a network'
new_sandbox '{"image": "'$image'", "entrypoint": ["/bin/sleep", "1000000"], "network": "none",
    "resources": {"cpus": 0.5, "memory_mb": 64}}'
original=$CONTAINER
# More than the API offers; the engine changes it on a container that runs.
engine_request "$ENGINE" POST "/containers/$original/update" -H 'Content-Type: application/json' \
    -d '{"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}, "PidsLimit": 50, "CpuShares": 512}' >/dev/null
before=$(configuration "$original")

# compare JSON: restores SNAPSHOT and compares.
compare()
{
    expect 202 POST "$NS/snapshots/$SNAPSHOT/restore" "$1"
    await_sandbox "$(field .sandbox_id)"
    [[ $CONTAINER != "$original" ]] || fail 'the restored sandbox is the original'
    diff <(echo "$before") <(configuration "$CONTAINER") || fail 'the restored container differs'
    same 'its snapshot label' \
        "$(engine_request "$ENGINE" GET "/containers/$CONTAINER/json" | jq -r '.Config.Labels["io.sandglass.snapshot.id"]')" ''
}

# The comparison itself is worth something only when it sees what was set.
for expected in '.Config.User == "worker"' '.Config.WorkingDir == "/tmp"' '.HostConfig.Memory == 67108864' \
    '.HostConfig.NanoCpus == 500000000' '.HostConfig.RestartPolicy.MaximumRetryCount == 3' '.HostConfig.PidsLimit == 50' \
    '.HostConfig.NetworkMode == "none"' '.Mounts[0].Destination == "/data"' '.Config.Labels.owner == "somebody"' \
    '.Config.Entrypoint == ["/bin/sleep"] or .Path == "/bin/sleep"' '[.Config.Env[] | select(startswith("GREETING="))] | length == 1'; do
    jq -e "$expected" <<<"$before" >/dev/null || fail "the original does not have $expected"
done

step 'restored from the snapshot'
new_snapshot '{"ttl_secs": 1}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active
is_expired() { api GET "$NS/snapshots/$SNAPSHOT" && [[ $(field .expired) == true ]]; }
wait_until 5 is_expired
compare '{"force": true, "reason": "to compare"}'

step 'fresh from the original configuration'
compare '{}'
