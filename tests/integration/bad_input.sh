#!/usr/bin/env bash
# What cannot be accepted is refused with the right status and changes nothing; an engine that cannot be used says why,
# each in its own words and within 5 s, while the service goes on answering.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

everything()
{
    api GET "$NS/sandboxes" && field '[.sandboxes[] | [.sandbox_id, .status]]'
    api GET "$NS/snapshots" && field '[.snapshots[] | [.snapshot_id, .status]]'
    api GET /v1/operations && field '[.operations[] | .operation_id]'
}

# refused PATTERN METHOD PATH [JSON] [curl's options]: as expect, and the answer says why.
refused()
{
    expect "$@"
    [[ $BODY == *'"error":{"code":"'?*'","message":"'?*'"}'* ]] || fail "the refusal of $* does not say why: $BODY"
}

unchanged() { same everything "$(everything)" "$state"; }

start
new_sandbox "$IDLE"
sandboxes=$NS/sandboxes
snapshots=$NS/sandboxes/$SANDBOX/snapshots
long=$(printf 'a%.0s' {1..300})
state=$(everything)

step 'bodies'
for body in '{"image":' '[]' '"text"' 'null' '{"image": "sandbox-base:busybox"} {}' $'\xff\xfe' '{}' '{"image": ""}'; do
    refused 400 POST "$sandboxes" "$body"
done
for fields in '"image": 5' '"image": null' '"image": ["a"]' '"image": "Not An Image"' \
    '"entrypoint": 5' '"entrypoint": [5]' '"resources": "all"' '"resources": {"cpus": "2"}' '"resources": {"cpus": -1}' \
    '"resources": {"memory_mb": 1.5}' '"resources": {"memory_mb": -5}' '"resources": {"memory": 5}' \
    '"timeout_secs": -1' '"timeout_secs": "60"' '"secret_names": "A"' '"secret_names": [1]' '"network": 5' \
    '"imag": "sandbox-base:busybox"' '"engine": "../a"'; do
    refused 400 POST "$sandboxes" "{\"image\": \"sandbox-base:busybox\", $fields}"
done
refused '40[49]' POST "$sandboxes" '{"image": "sandbox-base:busybox", "engine": "nowhere"}'

unchanged
step 'times to live'
for ttl in -1 -9223372036854775808 9223372036854775807 9223372036854775808 1e30 1.5 '"60"' true null '[60]'; do
    [[ $ttl == null ]] || refused 400 POST "$snapshots" "{\"ttl_secs\": $ttl}"
done
refused 400 POST "$snapshots" '{"ttl_sec": 60}'

unchanged
step 'tags'
for tag in 'not a tag' '-begins-with-a-minus' '.begins-with-a-dot' 'has/slash' 'has:colon' 'ümlaut' "${long:0:129}"; do
    refused 400 POST "$snapshots" "$(jq -n --arg tag "$tag" '{tag: $tag}')"
done
refused 400 POST "$snapshots" '{"tag": 7}'

unchanged
step 'ids'
for id in '..%2f..%2fetc' 'sb-..%2F..%2Fx' "$long" "sb-$long" 'sb-%00' '%zz' "sb-'--" 'snap-x'; do
    refused '40[04]' GET "$sandboxes/$id"
    refused '40[04]' POST "$sandboxes/$id/snapshots" '{}'
    refused '40[04]' DELETE "$sandboxes/$id"
    refused '40[04]' GET "$NS/snapshots/$id"
    refused '40[04]' DELETE "$NS/snapshots/$id"
    refused '40[04]' POST "$NS/snapshots/$id/restore" '{}'
    refused '40[04]' POST "/v1/operations/$id/cancel"
done
refused '40[04]' GET "$sandboxes/../../../../etc/passwd" '' --path-as-is
refused '40[04]' POST "/v1/namespaces/..%2fother/sandboxes" "$IDLE"
refused '40[04]' POST "/v1/namespaces/$long/sandboxes" "$IDLE"
refused 400 GET "$NS/snapshots?status=sleeping"
refused 400 GET "$NS/snapshots?limit=-1"
refused 400 GET "$NS/snapshots?cursor=%3Bdrop"

unchanged
step 'restores'
for body in '{"force": "yes"}' '{"force": 1}' '{"forced": true}' '{"reason": 5}' '{"engine": 5}'; do
    refused '40[04]' POST "$NS/snapshots/snap-aaaaaaaaaaaaaaaa/restore" "$body"
done

unchanged
step 'paths, methods, sizes, hosts, tokens'
refused 404 GET /v1/nothing
refused 405 PUT "$sandboxes" '{}'
head -c 20M /dev/zero | tr '\0' a >"$SCRATCH/long-body"
refused 413 POST "$sandboxes" '' -H 'Content-Type: application/json' --data-binary "@$SCRATCH/long-body"
api GET "$sandboxes" '' -H "X-Long: $(head -c 100000 /dev/zero | tr '\0' a)" || true
[[ $STATUS == 4* || $STATUS == 000 ]] || fail "a header of 100 kB was answered $STATUS"
refused '400|403|421' GET "$sandboxes" '' -H 'Host: evil.example'
curl_status() { curl -s -o "$SCRATCH/answer" -w '%{http_code}' "$@"; }
same 'without a token' "$(curl_status "$SERVICE_URL$sandboxes")" 401
same 'with a wrong token' "$(curl_status -H 'Authorization: Bearer wrong' "$SERVICE_URL$sandboxes")" 401
same 'with another scheme' "$(curl_status -u api:wrong "$SERVICE_URL$sandboxes")" 401
same 'a deletion without a token' "$(curl_status -X DELETE "$SERVICE_URL$sandboxes/$SANDBOX")" 401
same 'health without a token' "$(curl_status "$SERVICE_URL/healthz")" 200

unchanged
step 'what is large but right is taken'
expect 202 POST "$snapshots" '{"ttl_secs": 0}'
stop_service

step 'engines that cannot be used'
mkdir -m 755 "$SCRATCH/engines"
chmod 755 "$SCRATCH"
python3 "$here/fake_engines.py" "$SCRATCH/engines" &
BESIDES+=($!)
wait_until 10 test -e "$SCRATCH/engines/ready"

# As somebody who may not use every socket, which root always may.
cp "$SANDGLASSD" "$SCRATCH/sandglassd"
SANDGLASSD=$SCRATCH/sandglassd
SERVICE_DATA=$SCRATCH/data-of-nobody
mkdir "$SERVICE_DATA"
if ((EUID == 0)); then
    chown nobody "$SERVICE_DATA"
    SERVICE_AS=(setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all env HOME="$SERVICE_DATA")
fi
engines=$SCRATCH/engines
began=$(date +%s%N)
start_service --engine "missing=unix://$engines/nothing.sock" --engine "forbidden=unix://$engines/forbidden.sock" \
    --engine "refusing=tcp://127.0.0.1:1" --engine "web=unix://$engines/web.sock" --engine "old=unix://$engines/old.sock" \
    --engine "new=unix://$engines/new.sock" --engine "hanging=unix://$engines/hanging.sock"
undecided() { api GET /v1/engines && field '[.engines[] | select((.error // "") == "") | .name] | join(" ")'; }
nothing_to_ask() { [[ $(undecided) == @(|hanging) ]]; }
all_decided() { [[ $(undecided) == '' ]]; }
wait_until 5 nothing_to_ask
wait_until 7 all_decided # silence is known for what it is after 5 s
echo "   all known after $((($(date +%s%N) - began) / 1000000)) ms"
api GET /v1/engines
field '.engines[] | "   \(.name): \(.state): \(.error)"'
same 'the number of engines' "$(field '.engines | length')" 7
same 'the number of different messages' "$(field '[.engines[].error] | unique | length')" 7
same 'the ones that are not supported' "$(field '[.engines[] | select(.state == "unsupported") | .name] | sort | join(" ")')" 'new old'
same 'the ones that are connected' "$(field '[.engines[] | select(.state == "connected") | .name] | join(" ")')" ''
says() { [[ $(field ".engines[] | select(.name == \"$1\") | .error") =~ $2 ]] || fail "engine $1 does not say '$2'"; }
says missing "$engines/nothing.sock"
says forbidden '[Pp]ermi|allowed'
says refusing '127.0.0.1:1'
says web 'ngine'
says old '1\.24'
says new '1\.99'
says hanging 'answer|silent'

step 'the service goes on answering, and says which engine cannot be used'
answered=$(curl -sS -H "@$SERVICE_DATA/headers" -o "$SCRATCH/answer" -w '%{time_total}' "$SERVICE_URL$NS/sandboxes")
awk -v seconds="$answered" 'BEGIN { exit seconds > 1 }' || fail "an answer took $answered s"
for address in 'unix://relative.sock' 'ftp://host' 'tcp://' 'tcp://host:99999' 'unix://' "unix:///$long"; do
    expect 400 PUT /v1/engines/another "$(jq -n --arg address "$address" '{address: $address}')"
done
expect '40[04]' PUT '/v1/engines/..%2fx' '{"address": "unix:///elsewhere.sock"}'
expect 200 GET /v1/engines
same 'the number of engines' "$(field '.engines | length')" 7
