# shellcheck shell=bash
# Runs sandglassd and talks to it; to be sourced, with engine.sh. Before start_service these must be set:
#
#   SANDGLASSD     the program
#   SERVICE_DATA   its data folder, which is made when it is not there

service_starts=0

# start_service [sandglassd's options]: starts it on a free port and returns when it listens. Sets SERVICE_PID,
# SERVICE_URL and SERVICE_LOG.
start_service()
{
    mkdir -p "$SERVICE_DATA"
    service_starts=$((service_starts + 1))
    SERVICE_LOG=$SERVICE_DATA/service-$service_starts.log
    : >"$SERVICE_LOG"
    "${SERVICE_AS[@]}" "$SANDGLASSD" --data-dir "$SERVICE_DATA" --listen 127.0.0.1:0 "$@" \
        </dev/null >"$SERVICE_LOG" 2>&1 &
    SERVICE_PID=$!
    disown "$SERVICE_PID" # so that the shell does not report its end
    if ! wait_until 20 service_decided || ! service_listens; then
        echo "The service does not start; it said:" >&2
        cat "$SERVICE_LOG" >&2
        return 1
    fi
    SERVICE_URL=$(sed -n 's/^listening on //p' "$SERVICE_LOG")
    (umask 077 && printf 'Authorization: Bearer %s\n' "$(<"$SERVICE_DATA/api-token")" >"$SERVICE_DATA/headers")
}

# The words before the program, when it is to run as somebody else.
SERVICE_AS=()

stop_service() { end_service TERM; }
kill_service() { end_service KILL; }

# api METHOD PATH [JSON] [curl's options]: one request. Sets STATUS and BODY; an answer of any status is success.
api()
{
    local method=$1 path=$2 json=${3-}
    shift "$(($# < 3 ? $# : 3))"
    local body=()
    [[ -z $json ]] || body=(-H 'Content-Type: application/json' --data-binary "$json")
    BODY=$(curl -sS -m 30 -H "@$SERVICE_DATA/headers" -X "$method" "${body[@]}" -w '\n%{http_code}' "$@" \
        -- "$SERVICE_URL$path")
    STATUS=${BODY##*$'\n'}
    BODY=${BODY%$'\n'*}
}

# field EXPRESSION: of the last answer, by jq.
field() { jq -r "$1" <<<"$BODY"; }

# status_of PATH: the field `status` of what is there, or "gone".
status_of()
{
    api GET "$1"
    if [[ $STATUS == 404 ]]; then echo gone; else field .status; fi
}

has_status() { [[ " $2 " == *" $(status_of "$1") "* ]]; } # PATH "STATUS OR STATUS"

# container_of DIR SANDBOX: its container's id on the engine in DIR.
container_of()
{
    engine_request "$1" GET /containers/json -G --data-urlencode all=1 \
        --data-urlencode "filters={\"label\":[\"io.sandglass.sandbox.id=$2\"]}" | jq -r '.[].Id'
}

# run_in DIR CONTAINER COMMAND: runs a shell's command in a container; its output and its exit code.
run_in()
{
    local id
    id=$(jq -n --arg command "$3" '{AttachStdout: true, AttachStderr: true, Tty: true, Cmd: ["/bin/sh", "-c", $command]}' \
        | engine_request "$1" POST "/containers/$2/exec" -H 'Content-Type: application/json' -d @- | jq -r .Id)
    engine_request "$1" POST "/exec/$id/start" -H 'Content-Type: application/json' -d '{"Tty": true}' | tr -d '\r'
    return "$(engine_request "$1" GET "/exec/$id/json" | jq .ExitCode)"
}

# wait_until SECONDS COMMAND...: until the command succeeds; fails when that takes longer.
wait_until()
{
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS > deadline)); then
            echo "Waited in vain: $*" >&2
            return 1
        fi
        sleep 0.1
    done
}

# What follows serves the functions above.

service_listens() { grep -q '^listening on ' "$SERVICE_LOG"; }
service_decided() { service_listens || ! kill -0 "$SERVICE_PID" 2>/dev/null; }
service_ended() { ! kill -0 "$SERVICE_PID" 2>/dev/null; }

end_service()
{
    [[ ${SERVICE_PID:-} ]] || return 0
    kill -s "$1" "$SERVICE_PID" 2>/dev/null || true
    wait_until 20 service_ended
    SERVICE_PID=
}
