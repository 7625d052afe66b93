#!/usr/bin/env bash
# Ten sandboxes on two engines, five snapshots of each, all asked for at the same time: all become active. Then the same
# while one of the engines is gone for a minute.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"
# shellcheck source=tests/integration/wellbeing.sh
source "$(dirname "$0")/wellbeing.sh"

own_engine --live-restore
ENGINES=("$SANDGLASS_TEST_ENGINES_FOLDER/a" "$ENGINE")

# Sets `sandboxes` to ten that run, five on each engine.
make_sandboxes()
{
    local engine id
    sandboxes=()
    for engine in a b; do
        for _ in 1 2 3 4 5; do
            expect 202 POST "$NS/sandboxes" "$(jq --arg engine $engine '. + {engine: $engine}' <<<"$IDLE")"
            sandboxes+=("$(field .sandbox_id)")
        done
    done
    for id in "${sandboxes[@]}"; do
        wait_until 60 has_status "$NS/sandboxes/$id" running
    done
}

ask_for_fifty()
{
    local id answers=$SCRATCH/answers
    : >"$answers"
    for id in "${sandboxes[@]}"; do
        for _ in 1 2 3 4 5; do
            curl -sS -o /dev/null -w '%{http_code}\n' -H "@$SERVICE_DATA/headers" -H 'Content-Type: application/json' \
                -d '{}' "$SERVICE_URL$NS/sandboxes/$id/snapshots" >>"$answers" &
        done
    done
    wait_until 60 eval "((\$(wc -l <'$answers') == 50))"
    same 'what the 50 requests were answered' "$(sort -u "$answers")" 202
}

await_fifty() # SECONDS WHEN
{
    wait_until "$1" all_went_well || tell_what_is_wrong "$2"
    same 'the number of active snapshots' "$(active_snapshots | wc -l)" 50
}

# As all_is_well; does what an operation that waits asks people to do, where the engine was killed in the middle of a pause.
all_went_well()
{
    local id
    api GET /v1/operations
    for id in $(forgotten_pauses); do
        step "the engine forgot the pause of $id"
        resume_task "$ENGINE" "$id"
    done
    all_is_well
}

delete_all()
{
    local id
    api GET "$NS/snapshots?limit=1000"
    for id in $(field '.snapshots[].snapshot_id'); do
        expect 202 DELETE "$NS/snapshots/$id"
    done
    wait_until 120 no_snapshots
}

no_snapshots()
{
    api GET "$NS/snapshots"
    [[ $(field '.snapshots | length') == 0 ]]
}

start_service --engine "a=unix://${ENGINES[0]}/engine.sock" --engine "b=unix://${ENGINES[1]}/engine.sock"
make_sandboxes

step 'fifty at once'
begin=$(date +%s%3N)
ask_for_fifty
await_fifty 120 'fifty at once'
step "$(($(date +%s%3N) - begin)) ms"
delete_all

step 'fifty at once, and an engine that is gone for a minute'
begin=$(date +%s%3N)
ask_for_fifty
kill_engine "$ENGINE"
gone_for=60
began=$SECONDS
on_first_engine() { (($(active_snapshots | wc -l) >= 25)); }
wait_until 60 on_first_engine # the other engine is not slowed
wait_until "$gone_for" eval "((SECONDS - began >= gone_for))"
start_engine "$ENGINE" --live-restore
await_fifty 120 'after the minute'
step "$(($(date +%s%3N) - begin)) ms"
