#!/usr/bin/env bash
# What has expired goes, from both engines and the registry, and only that; what is pinned, kept by a rule, or in the trash
# stays; the plan changes nothing, and is exactly what is done.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

OTHER_ENGINE=$SANDGLASS_TEST_ENGINES_FOLDER/b

settings() { expect 200 PATCH "$NS/settings" "$1"; }
is_gone() { [[ $(status_of "$NS/snapshots/$1") == gone ]]; }
is_at() { api GET "$NS/snapshots/$SNAPSHOT" && field '.locations[] | .kind + " " + .place + " " + .state' | grep -qx "$1"; }
names_of() { engine_request "$ENGINE" GET /images/json | jq -r --arg id "$1" '.[] | select(.Labels["io.sandglass.snapshot.id"] == $id) | .RepoTags | sort | join(" ")'; }
is_named_renewed() { [[ $(names_of "$1") =~ ^"sandglass-snapshots:$SANDBOX-$1 sandglass-ttl:$SANDBOX-$1."[0-9]+$ ]]; }
is_named_trash() { [[ $(names_of "$1") == "sandglass-snapshots:$SANDBOX-$1 sandglass-trash:$SANDBOX-$1" ]]; }
is_active() { has_status "$NS/snapshots/$1" active; }

# take JSON: an active snapshot; sets SNAPSHOT.
take()
{
    new_snapshot "$1"
    await_snapshot 30
    same 'the snapshot' "$OUTCOME" active
}

# plan: of this test's namespace; the action for SNAPSHOT is its answer's.
plan() { expect 200 GET "/v1/cleanup/plan?namespace=$NAMESPACE"; }
action() { field ".entries[] | select(.snapshot_id == \"$1\") | .action + \" \" + .rule"; }
run_plan() # [MORE JSON]
{
    local id
    id=$(field .plan_id)
    expect 202 POST /v1/cleanup/run "$(jq -n --arg plan "$id" --arg namespace "$NAMESPACE" "{plan_id: \$plan, namespace: \$namespace} + ${1:-{\}}")"
    RUN=$(field .run_id)
}
run_has_ended() { api GET "/v1/cleanup/runs/$RUN" && [[ $(field '.finished_at // ""') ]]; }
in_registry() # SNAPSHOT: the status of its manifest
{
    curl -sS -o /dev/null -w '%{http_code}' -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' \
        "http://$(registry_address "$REGISTRY")/v2/team/snapshots/manifests/$SANDBOX-$1"
}
# The database's tables, but for what engines and operations write by themselves.
tables()
{
    python3 - "$SERVICE_DATA/sandglass.db" <<'END'
import sqlite3, sys
store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for table in "snapshots", "locations", "settings", "audit", "cleanup_runs", "cleanup_items":
    print(store.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall())
END
}

own_registry hub plain
start_service --engine "a=unix://$ENGINE/engine.sock" --engine "b=unix://$OTHER_ENGINE/engine.sock"
expect 201 PUT /v1/registries/hub "$(jq -n --arg url "$(registry_address "$REGISTRY")" --arg namespace "$NAMESPACE" \
    '{url: $url, repository: "team/snapshots", insecure: true, namespaces: [$namespace]}')"
new_sandbox "$IDLE"

step 'expired: gone from both engines and the registry, then from the list'
run_in "$ENGINE" "$CONTAINER" 'dd if=/dev/urandom of=/file bs=1M count=2 2>/dev/null'
take '{"ttl_secs": 3600}'
brief=$SNAPSHOT
wait_until 30 is_at 'registry hub present'
expect 202 POST "$NS/snapshots/$brief/pull" '{"engine": "b"}'
wait_until 30 is_at 'engine b present'
same 'its manifest' "$(in_registry "$brief")" 200
take '{"ttl_secs": 0}'
lasting=$SNAPSHOT
take '{"ttl_secs": 2}'
pinned=$SNAPSHOT
expect 200 POST "$NS/snapshots/pin" "{\"snapshot_ids\": [\"$pinned\"], \"reason\": \"before the release\"}"
expect 200 POST "$NS/snapshots/change-ttl" "{\"snapshot_ids\": [\"$brief\"], \"ttl_secs\": 2}"
expires() { api GET "$NS/snapshots/$1" && [[ $(field .expired) == true ]]; }
wait_until 10 expires "$brief"
wait_until 10 expires "$pinned"
before=$(tables)
plan
same 'the plan of the brief one' "$(action "$brief")" 'delete expired'
same 'the plan of the lasting one' "$(action "$lasting")" 'keep no_ttl'
same 'the plan of the pinned one' "$(action "$pinned")" 'keep pinned'
same 'the number of deletions' "$(field .deletions)" 1
# Two engines have it: its own layer is freed on both.
(($(field .bytes) >= 4 * 1024 * 1024)) || fail "only $(field .bytes) bytes go"
same 'the store' "$(tables)" "$before"
expect 200 PATCH /v1/settings '{"snapshot_cleanup_interval_secs": 1}'
wait_until 30 is_gone "$brief"
same 'its images on engine a' "$(images_of "$SANDBOX" | grep -c "$brief")" 0
ENGINE=$OTHER_ENGINE same 'its images on engine b' "$(ENGINE=$OTHER_ENGINE images_of "$SANDBOX" | grep -c "$brief")" 0
same 'its manifest' "$(in_registry "$brief")" 404
expect 200 GET /v1/cleanup/runs
RUN=$(field '.runs[0].run_id')
same 'who ran it' "$(field '.runs[0].by_timer')" true
wait_until 10 run_has_ended
same 'what became of it' "$(field '.items[] | .snapshot_id + " " + .outcome')" "$brief deleted"
is_active "$lasting" || fail 'the lasting one went'
is_active "$pinned" || fail 'the pinned one went'
expect 200 PATCH /v1/settings '{"snapshot_cleanup_interval_secs": null}'

step 'a plan is executed as it was shown; what changed since is skipped'
take '{"ttl_secs": 1}'
first=$SNAPSHOT
take '{"ttl_secs": 1}'
second=$SNAPSHOT
wait_until 10 expires "$second"
plan
same 'the number of deletions' "$(field .deletions)" 2
kept=$BODY
expect 200 POST "$NS/snapshots/pin" "{\"snapshot_ids\": [\"$second\"], \"reason\": \"wanted\"}"
BODY=$kept
run_plan
wait_until 30 run_has_ended
same 'what became of the first' "$(field ".items[] | select(.snapshot_id == \"$first\") | .outcome")" deleted
[[ $(field ".items[] | select(.snapshot_id == \"$second\") | .outcome + \" \" + .reason") == skipped*pinned* ]] \
    || fail "the second was not skipped: $BODY"
is_active "$second" || fail 'the pinned one went'
BODY=$kept
expect 409 POST /v1/cleanup/run "$(jq '{plan_id, namespace}' <<<"$kept")"

# Its time comes while the others are tried.
expect 200 PUT "$NS/schedules/often" \
    "{\"sandbox_id\": \"$SANDBOX\", \"cron\": \"* * * * *\", \"ttl_secs\": 7200, \"tag_pattern\": \"often-{time}\"}"
schedule=$(field .schedule_id)

step 'the trash: restorable, and gone after its time'
settings '{"trash_secs": 3600}'
take '{"ttl_secs": 1}'
trashed=$SNAPSHOT
wait_until 10 expires "$trashed"
plan
run_plan
same 'the expired one' "$(status_of "$NS/snapshots/$trashed")" trashed
[[ $(images_of "$SANDBOX") == *"$trashed"* ]] || fail 'its image went'
wait_until 10 is_named_trash "$trashed"
expect 200 POST "$NS/snapshots/take-back" "{\"snapshot_ids\": [\"$trashed\"]}"
wait_until 10 is_named_renewed "$trashed" # its time began again
expect 202 POST "$NS/snapshots/$trashed/restore" '{"force": true, "reason": "test"}'
restored=$(field .sandbox_id)
wait_until 30 has_status "$NS/sandboxes/$restored" 'running failed'
same 'the restored sandbox' "$(status_of "$NS/sandboxes/$restored")" running
expect 202 DELETE "$NS/sandboxes/$restored"
wait_until 30 has_status "$NS/sandboxes/$restored" 'terminated gone'
expect 202 DELETE "$NS/snapshots/$trashed?trash_secs=1"
same 'what the deletion says' "$(field .status)" trashed
wait_until 30 is_gone "$trashed"
[[ $(images_of "$SANDBOX") != *"$trashed"* ]] || fail 'its image stays'
take '{"ttl_secs": 0}'
expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
same 'what the deletion says' "$(field .status)" trashed
wait_until 10 is_named_trash "$SNAPSHOT"
settings '{"trash_secs": null}'

step 'space is short: what is in the trash goes early, if that was chosen'
settings '{"trash_least_free_percent": 99}'
wait_until 30 is_gone "$SNAPSHOT"
[[ $(images_of "$SANDBOX") != *"$SNAPSHOT"* ]] || fail 'its image stays'
expect 200 GET "/v1/audit?limit=50"
[[ $BODY == *'of the disk of engine a is free'* ]] || fail "the audit does not say why: $BODY"
settings '{"trash_least_free_percent": null}'

step 'the service is killed in the middle of a cleanup, and started again'
for _ in 1 2 3; do
    take '{"ttl_secs": 1}'
done
wait_until 10 expires "$SNAPSHOT"
plan
same 'the number of deletions' "$(field .deletions)" 3
run_plan
kill_service
start_service --engine "a=unix://$ENGINE/engine.sock" --engine "b=unix://$OTHER_ENGINE/engine.sock"
wait_until 40 run_has_ended
same 'what became of them' "$(field '[.items[].outcome] | unique | join(" ")')" deleted
same 'the snapshots that stay' "$(api GET "$NS/snapshots" && field '[.snapshots[] | select(.schedule | not) | .snapshot_id] | sort | join(" ")')" \
    "$(printf '%s\n' "$lasting" "$pinned" "$second" | sort | paste -sd' ')"
wait_until 20 only_images_of_active_snapshots "$SANDBOX"

step 'much is asked about first'
expect 200 PATCH /v1/settings '{"cleanup_most_deletions": 1}'
for _ in 1 2; do
    take '{"ttl_secs": 1}'
done
wait_until 10 expires "$SNAPSHOT"
plan
[[ $(field .question) == *'more than 1 at once'* ]] || fail "nothing is asked: $BODY"
kept=$BODY
expect 409 POST /v1/cleanup/run "$(jq '{plan_id, namespace}' <<<"$kept")"
is_active "$SNAPSHOT" || fail 'it went unasked'
BODY=$kept
run_plan '{confirm: true}'
wait_until 30 run_has_ended
same 'what became of them' "$(field '[.items[].outcome] | join(" ")')" 'deleted deleted'

step 'orphans: found, adopted, never deleted unasked'
take '{"ttl_secs": 0}'
orphan=$SNAPSHOT
reference=sandglass-snapshots:$SANDBOX-$orphan
engine_request "$ENGINE" GET "/images/$reference/get" >"$SCRATCH/image.tar"
expect 202 DELETE "$NS/snapshots/$orphan"
wait_until 30 is_gone "$orphan"
load_image() { engine_request "$ENGINE" POST /images/load -H 'Content-Type: application/x-tar' --data-binary @"$SCRATCH/image.tar" >/dev/null; }
orphans()
{
    expect 200 GET /v1/cleanup/orphans
    field ".engines[] | select(.engine == \"a\") | .images[] | select(.snapshot_id == \"$orphan\") | .image_id"
}
load_image
image=$(orphans)
[[ $image ]] || fail "the orphan is not found: $BODY"
expect 404 DELETE '/v1/cleanup/orphans?engine=a&image_id=sha256:0'
expect 200 DELETE "/v1/cleanup/orphans?engine=a&image_id=$image"
[[ ! $(orphans) && $(images_of "$SANDBOX") != *"$orphan"* ]] || fail 'the orphan stays'
load_image
[[ $(orphans) ]] || fail 'the orphan is not found again'
expect 200 POST /v1/rebuild
is_active "$orphan" || fail 'the orphan was not adopted'
[[ ! $(orphans) ]] || fail 'what was adopted is an orphan'

step 'a schedule took one by itself'
scheduled() { api GET "$NS/snapshots" && field ".snapshots[] | select(.schedule == \"$schedule\") | .$1"; }
was_taken() { [[ $(scheduled status | sort -u) == active ]]; }
wait_until 75 was_taken
expect 200 DELETE "$NS/schedules/often"
wait_until 20 was_taken # what began meanwhile, too
[[ $(scheduled tag | head -n 1) =~ ^often-[0-9]{4}$ ]] || fail "its tag is $(scheduled tag)"
for SNAPSHOT in "$orphan" $(scheduled snapshot_id); do
    expect 202 DELETE "$NS/snapshots/$SNAPSHOT"
    wait_until 30 is_gone "$SNAPSHOT"
done

step 'the counts, and the plan without the service'
expect 200 GET /v1/stats
same 'the snapshots' "$(field ".namespaces[\"$NAMESPACE\"].by_status.active")" 3
stop_service
"$SANDGLASSD" --data-dir "$SERVICE_DATA" --cleanup-plan >"$SCRATCH/plan"
grep -q "^keep .*$pinned .*before the release" "$SCRATCH/plan" || fail "$(cat "$SCRATCH/plan")"
same 'the snapshots of the namespace' "$(grep -c "^keep *$NAMESPACE " "$SCRATCH/plan")" 3
tail -n 1 "$SCRATCH/plan" | grep -q '^0 of [0-9]* snapshots' || fail "$(cat "$SCRATCH/plan")"
