#!/usr/bin/env bash
# Registries for tests: Debian's docker-registry on a port of loopback, each in a folder of its own, and what can stand
# before one: a token server and a proxy that does harm.
#
# Source it for the functions, or run `registry.sh FUNCTION ARGUMENTS...` for one of them. DIR is a registry's folder,
# which holds all that belongs to it:
#
#   address          "host:port", as it stands in references of images
#   ca.crt           who vouches for it, when it speaks TLS
#   storage          its blobs
#   registry.log     its log, with every request; token.log and proxy.log those of what stands before it
#   proxy/address    the same as address, by way of the fault proxy
#   proxy/faults.json  what the fault proxy does; see faultproxy.py
#
# Users are `alice`, who may do everything, and `robot`, who may only pull from a registry with tokens; with a password
# file everybody may do everything. Their passwords are taken from the variables REGISTRY_PASSWORD (no default) and
# ROBOT_PASSWORD (default "robot-password"), never from arguments.

registry_sources=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# The name that engines know which were started by start_engine_knowing.
REGISTRY_HOST=registry.test

# start_registry DIR [VARIANT [OPTION=VALUE]...]: starts one and returns when it answers. VARIANT is
#   plain    HTTP, no login
#   login    TLS and a password file
#   token    HTTP and a token server
# and with each, where it is not the default:
#   tls=on|off     token with TLS, login without
#   host=NAME      its name in references, in place of the IP address; its certificate has it besides 127.0.0.1 and ::1
#   listen=[::1]   in place of 127.0.0.1; engines believe 127.0.0.0/8 without asking for trust
#   delete=off     refuses to delete
#   lifetime=N     seconds after which the registry refuses a token; 300
#   megabytes=N    its storage is a file system of its own of this size (needs root)
# Without a variant: starts again what was stopped or killed, at the same address and with its data.
start_registry()
{
    local folder=$1
    shift
    mkdir -p "$folder"
    folder=$(realpath "$folder")
    if [[ $(registry_processes "$folder") ]]; then
        echo "A registry runs in $folder already." >&2
        return 1
    fi
    (($# == 0)) || describe_registry "$folder" "$@" || return 1
    serve_registry "$folder"
}

# registry_address DIR: "host:port".
registry_address() { cat "$1/address"; }

# stop_registry DIR: ends it in order, with its token server and its proxy; its data stays.
stop_registry() { end_registry "$1" TERM; }

# kill_registry DIR: at once, as a crash would.
kill_registry() { end_registry "$1" KILL; }

# freeze_registry DIR, thaw_registry DIR: between the two the registry takes connections and stays silent.
freeze_registry() { signal_processes STOP "$(registry_process "$1")"; }
thaw_registry() { signal_processes CONT "$(registry_process "$1")"; }

# remove_registry DIR: all that runs there and all data are gone, whatever state it is in.
remove_registry()
{
    [[ -d $1 ]] || return 0
    end_registry "$1" KILL
    rm -rf "$1"
}

# collect_garbage DIR: what nothing refers to any more is removed from the storage.
collect_garbage() { docker-registry garbage-collect "$(realpath "$1")/registry.yml" >>"$1/garbage.log" 2>&1; }

# start_fault_proxy DIR: starts a proxy before a registry that speaks HTTP. It does no harm until DIR/proxy/faults.json
# is written.
start_fault_proxy()
{
    local folder
    folder=$(realpath "$1")
    mkdir -p "$folder/proxy"
    local port target=${folder}/port
    port=$(pick_port)
    echo "127.0.0.1:$port" >"$folder/proxy/address"
    launch "$folder/proxy.log" /usr/bin/python3 "$registry_sources/faultproxy.py" "$folder/proxy" "$port" "$(<"$target")"
    await_answer "$folder" proxy "http://127.0.0.1:$port/v2/"
}

# set_faults DIR JSON: what the fault proxy does from now on; see faultproxy.py.
set_faults()
{
    printf '%s' "$2" >"$1/proxy/faults.json.new"
    mv "$1/proxy/faults.json.new" "$1/proxy/faults.json"
}

# start_engine_knowing DIR [dockerd's options]: start_engine of engine.sh for an engine that finds the host REGISTRY_HOST at
# ::1, where engines want to be shown whom to trust, and that trust_registry can be used with. Needs root.
start_engine_knowing()
{
    mkdir -p "$1/docker/certs.d"
    chown "${SUDO_UID:-0}" "$1/docker/certs.d"
    { cat /etc/hosts && echo "::1 $REGISTRY_HOST"; } >"$1/hosts"
    # shellcheck disable=SC2034 # used by start_engine
    local ENGINE_AS=("$registry_sources/registry.sh" with_names "$1")
    start_engine "$@"
}

# trust_registry DIR ENGINE: the engine, which was started by start_engine_knowing, believes the registry from now on;
# distrust_registry takes that back. Both work while it runs.
trust_registry()
{
    local certificates
    certificates=$2/docker/certs.d/$(registry_address "$1")
    mkdir -p "$certificates"
    cp "$1/ca.crt" "$certificates/ca.crt"
}
distrust_registry() { rm -rf "$2/docker/certs.d/$(registry_address "$1")"; }

# What follows serves the functions above.

# with_names DIR COMMAND...: becomes the command, for which DIR/hosts and DIR/docker stand in the places of /etc/hosts and
# /etc/docker.
with_names()
{
    mkdir -p /etc/docker
    # shellcheck disable=SC2016 # expanded by the inner shell
    exec unshare --mount --propagation slave sh -c \
        'mount --bind "$0/hosts" /etc/hosts && mount --bind "$0/docker" /etc/docker && exec "$@"' "$@"
}

# describe_registry DIR VARIANT OPTION...: writes registry.yml and all that it refers to.
describe_registry()
{
    local folder=$1 variant=$2 option
    local tls=off host='' listen=127.0.0.1 delete=on lifetime=300 megabytes=''
    shift 2
    [[ $variant != login ]] || tls=on
    for option in "$@"; do
        case $option in
            tls=* | host=* | listen=* | delete=* | lifetime=* | megabytes=*) local "${option?}" ;;
            *)
                echo "What is $option?" >&2
                return 1
                ;;
        esac
    done
    local port
    port=$(pick_port)
    echo "$port" >"$folder/port"
    echo "${host:-$listen}:$port" >"$folder/address"
    echo "$lifetime" >"$folder/lifetime"
    if [[ $tls == on ]]; then
        local scheme=https
        make_certificate "$folder" "${host:-$REGISTRY_HOST}"
    else
        local scheme=http
    fi
    echo "$scheme" >"$folder/scheme"
    mkdir -p "$folder/storage"
    rm -f "$folder/token.port"
    {
        cat <<END
version: 0.1
log: {level: info}
storage:
  filesystem: {rootdirectory: $folder/storage}
  delete: {enabled: $([[ $delete == off ]] && echo false || echo true)}
  maintenance: {uploadpurging: {enabled: false}}
http:
  addr: '$listen:$port'
  secret: $(openssl rand -hex 16)
END
        [[ $tls != on ]] || echo "  tls: {certificate: $folder/registry.crt, key: $folder/registry.key}"
        case $variant in
            plain) ;;
            login) describe_login "$folder" ;;
            token) describe_tokens "$folder" "$scheme" ;;
            *)
                echo "There is no registry of the kind $variant." >&2
                return 1
                ;;
        esac
    } >"$folder/registry.yml" || return 1
    [[ -z $megabytes ]] || make_file_system "$folder" "$megabytes"
}

describe_login()
{
    local robot=${ROBOT_PASSWORD:-robot-password}
    {
        htpasswd -niBC 5 alice <<<"${REGISTRY_PASSWORD:?the password of alice}"
        htpasswd -niBC 5 robot <<<"$robot"
    } | grep . >"$1/htpasswd"
    echo "auth: {htpasswd: {realm: sandglass, path: $1/htpasswd}}"
}

describe_tokens()
{
    local folder=$1 scheme=$2 port
    port=$(pick_port)
    echo "$port" >"$folder/token.port"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=tokens \
        -keyout "$folder/token.key" -out "$folder/token.crt" 2>/dev/null
    local alice robot=${ROBOT_PASSWORD:-robot-password}
    alice=$(printf '%s' "${REGISTRY_PASSWORD:?the password of alice}" | sha256sum | cut -d ' ' -f 1)
    robot=$(printf '%s' "$robot" | sha256sum | cut -d ' ' -f 1)
    cat >"$folder/users.json" <<END
{"alice": {"sha256": "$alice", "actions": ["pull", "push", "delete", "*"]},
 "robot": {"sha256": "$robot", "actions": ["pull"]}}
END
    cat <<END
auth:
  token:
    realm: $scheme://127.0.0.1:$port/token
    service: registry.sandglass.test
    issuer: sandglass
    rootcertbundle: $folder/token.crt
END
}

# make_certificate DIR HOST: an authority, and the registry's certificate for a name and for loopback.
make_certificate()
{
    local folder=$1 host=$2 key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    openssl req -x509 "${key[@]}" -days 3 -subj '/CN=Sandglass test authority' \
        -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
    openssl req "${key[@]}" -subj "/CN=$host" -keyout "$folder/registry.key" -out "$folder/registry.csr" 2>/dev/null
    openssl x509 -req -in "$folder/registry.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial \
        -days 3 -extfile <(echo "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1,IP:::1") \
        -out "$folder/registry.crt" 2>/dev/null
}

make_file_system()
{
    rm -f "$1/storage.img"
    truncate -s "$2M" "$1/storage.img"
    PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -m 0 "$1/storage.img"
}

# serve_registry DIR: starts what registry.yml describes, and the token server that belongs to it.
serve_registry()
{
    local folder=$1 scheme
    scheme=$(<"$folder/scheme")
    if [[ -e $folder/token.port ]]; then
        launch "$folder/token.log" /usr/bin/python3 "$registry_sources/tokenserver.py" "$folder" "$(<"$folder/token.port")" \
            "$(<"$folder/lifetime")" "$scheme"
        await_answer "$folder" token "$scheme://127.0.0.1:$(<"$folder/token.port")/token" || return 1
    fi
    if [[ -e $folder/storage.img ]]; then
        # The mount is seen by the registry alone and goes with it, whatever ends it.
        # shellcheck disable=SC2016 # expanded by the inner shell
        launch "$folder/registry.log" unshare --mount sh -c \
            'mount -o loop "$0/storage.img" "$0/storage" && exec docker-registry serve "$0/registry.yml"' "$folder"
    else
        launch "$folder/registry.log" docker-registry serve "$folder/registry.yml"
    fi
    await_answer "$folder" registry "$scheme://$(sed -n "s/^  addr: '\(.*\)'/\1/p" "$folder/registry.yml")/v2/"
}

# launch LOG COMMAND...: in the background and in a session of its own; LAUNCHED is its process.
launch()
{
    local log=$1
    shift
    # The passwords that the caller knows are none of the program's business.
    env -u REGISTRY_PASSWORD -u ROBOT_PASSWORD setsid "$@" </dev/null >>"$log" 2>&1 &
    LAUNCHED=$!
    disown "$LAUNCHED" # so that the shell does not report its end
}

# await_answer DIR NAME URL: until what was launched answers, with whatever status.
await_answer()
{
    local deadline=$((SECONDS + 30))
    until curl -gsk -m 2 -o /dev/null "$3"; do
        if ! kill -0 "$LAUNCHED" 2>/dev/null || ((SECONDS > deadline)); then
            echo "The $2 in $1 does not start; its last words:" >&2
            tail -n 20 "$1/$2.log" >&2
            return 1
        fi
        sleep 0.02
    done
}

# A port that nobody listens on, outside the range that systems give to clients, so that it can be had again later.
pick_port()
{
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        [[ $(awk -v port="$(printf ':%04X' "$port")" 'index($2, port)' /proc/net/tcp /proc/net/tcp6) ]] || break
    done
    echo "$port"
}

# Processes are told by what they were started with, never by a number in a file.
registry_process() { pgrep -f -- "^docker-registry serve $(realpath "$1")/registry.yml\$" || true; }
registry_processes()
{
    local folder
    folder=$(realpath "$1")
    registry_process "$folder"
    pgrep -f -- "^/usr/bin/python3 $registry_sources/(tokenserver.py $folder|faultproxy.py $folder/proxy) " || true
}

# signal_processes SIGNAL PROCESSES: fails when there is none.
signal_processes()
{
    if [[ -z $2 ]]; then
        echo "Nothing runs there." >&2
        return 1
    fi
    # shellcheck disable=SC2086 # one argument per process
    kill -s "$1" $2
}

end_registry()
{
    local processes deadline=$((SECONDS + 10)) signal=$2
    while processes=$(registry_processes "$1") && [[ $processes ]]; do
        signal_processes "$signal" "$processes" 2>/dev/null || true
        # It waits for connections to become idle: a client that keeps on must not hold it up.
        ((SECONDS <= deadline)) || signal=KILL
        sleep 0.02
    done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    "$@"
fi
