#!/usr/bin/env bash
# An engine that asks for a client certificate: snapshots are taken over TLS, and whatever is wrong with a certificate or
# a key is said in its own words.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

CERTIFICATES=$SCRATCH/certificates

# authority NAME: a certificate authority.
authority()
{
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" \
        -keyout "$CERTIFICATES/$1.key" -out "$CERTIFICATES/$1.pem" 2>/dev/null
}

# certificate NAME AUTHORITY DAYS EXTENSIONS: signed by the authority; it expired when DAYS is negative.
certificate()
{
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" \
        -keyout "$CERTIFICATES/$1.key" -out "$CERTIFICATES/$1.csr" 2>/dev/null
    openssl x509 -req -in "$CERTIFICATES/$1.csr" -CA "$CERTIFICATES/$2.pem" -CAkey "$CERTIFICATES/$2.key" \
        -CAcreateserial -days "$3" -extfile <(printf '%s\n' "$4") -out "$CERTIFICATES/$1.pem" 2>/dev/null
}

# serve CERTIFICATE: the engine runs and shows this one; sets PORT.
serve()
{
    [[ -z $(engine_process "$ENGINE") ]] || stop_engine "$ENGINE"
    start_engine "$ENGINE" -H tcp://127.0.0.1:0 --tlsverify --tlscacert "$CERTIFICATES/clients.pem" \
        --tlscert "$CERTIFICATES/$1.pem" --tlskey "$CERTIFICATES/$1.key"
    PORT=$(engine_port "$ENGINE")
}

engine_says() # PATTERN: what engine `secure` is, its state and why
{
    api GET /v1/engines
    [[ $(field '.engines[] | select(.name == "secure") | .state + " " + (.error // "")') =~ $1 ]]
}

# expect_error WORDS HOST CA CERTIFICATE KEY: putting the engine there gives an error with these words.
expect_error()
{
    local body
    body=$(jq -n --arg host "$2:$PORT" --arg ca "$3" --arg certificate "$4" --arg key "$5" \
        '{address: "tcp://\($host)",
          tls: ({ca_file: $ca, certificate_file: $certificate, key_file: $key} | with_entries(select(.value != "")))}')
    expect '20[01]' PUT /v1/engines/secure "$body"
    wait_until 15 engine_says "^unreachable .*$1" || fail "not said: $1; but $BODY"
}

mkdir "$CERTIFICATES"
authority servers
authority clients
authority strangers
certificate good servers 1 'subjectAltName=IP:127.0.0.1'
certificate expired servers -1 'subjectAltName=IP:127.0.0.1'
certificate client clients 1 'extendedKeyUsage=clientAuth'
certificate stranger strangers 1 'extendedKeyUsage=clientAuth'
ca=$CERTIFICATES/servers.pem
client=("$CERTIFICATES/client.pem" "$CERTIFICATES/client.key")

OWN_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/$NAME
remove_engine "$OWN_ENGINE"
ENGINE=$OWN_ENGINE
serve good
import_base_images "$ENGINE"

step 'the first start takes what Docker has in its environment'
mkdir "$SCRATCH/docker"
cp "$ca" "$SCRATCH/docker/ca.pem"
cp "${client[0]}" "$SCRATCH/docker/cert.pem"
cp "${client[1]}" "$SCRATCH/docker/key.pem"
DOCKER_HOST=tcp://127.0.0.1:$PORT DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$SCRATCH/docker start_service
new_sandbox "$IDLE"
new_snapshot '{}'
await_snapshot 30
same 'the snapshot' "$OUTCOME" active

step 'what is wrong is said'
expect_error 'nobody in .*strangers.pem vouches' 127.0.0.1 "$CERTIFICATES/strangers.pem" "${client[@]}"
expect_error "nobody in this system's list of authorities vouches" 127.0.0.1 '' "${client[@]}"
expect_error 'not for \\?"localhost\\?" but for 127.0.0.1' localhost "$ca" "${client[@]}"
expect_error 'wants a client certificate, and none is given' 127.0.0.1 "$ca" '' ''
expect_error 'refuses our client certificate' 127.0.0.1 "$ca" "$CERTIFICATES/stranger.pem" "$CERTIFICATES/stranger.key"
expect_error 'client certificate cannot be read: .*missing.pem' 127.0.0.1 "$ca" "$CERTIFICATES/missing.pem" "${client[1]}"
expect_error 'client certificate has no certificate in it' 127.0.0.1 "$ca" "${client[1]}" "${client[1]}"
expect_error 'key of the client certificate cannot be read' 127.0.0.1 "$ca" "${client[0]}" "$CERTIFICATES/missing.key"
expect_error 'key of the client certificate is no RSA or EC key' 127.0.0.1 "$ca" "${client[0]}" "$ca"
expect_error 'key does not belong to the client certificate' 127.0.0.1 "$ca" "${client[0]}" "$CERTIFICATES/stranger.key"
expect_error 'authorities cannot be read' 127.0.0.1 "$CERTIFICATES/missing.pem" "${client[@]}"

step 'without TLS the engine is asked in vain'
expect 200 PUT /v1/engines/secure "{\"address\": \"tcp://127.0.0.1:$PORT\"}"
wait_until 15 engine_says '^unreachable .*HTTPS server'

step 'an expired certificate is refused'
serve expired
expect_error "engine's certificate expired on" 127.0.0.1 "$ca" "${client[@]}"

step 'and all is well again as soon as it is replaced'
serve good
expect 200 PUT /v1/engines/secure \
    "{\"address\": \"tcp://127.0.0.1:$PORT\",
      \"tls\": {\"ca_file\": \"$ca\", \"certificate_file\": \"${client[0]}\", \"key_file\": \"${client[1]}\"}}"
wait_until 15 engine_says '^connected'
! grep -r 'PRIVATE KEY' "$SERVICE_DATA" || fail 'a key lies in the data folder'
