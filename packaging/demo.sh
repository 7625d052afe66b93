# shellcheck shell=bash disable=SC2154 # run.sh sets root and where
# The main job in text, by the service's API; sourced by run.sh, which has started an engine.

namespace=/v1/namespaces/default

# make_sample_sandbox: a sandbox to try things with, made through the service.
make_sample_sandbox()
{
    start_service "${where[@]:2}"
    new_sample_sandbox
    stop_service
    echo "Sandbox $sandbox is there to try things with."
}

new_sample_sandbox() # sets sandbox
{
    ask 202 POST "$namespace/sandboxes" \
        '{"name": "sample", "image": "sandbox-base:busybox", "entrypoint": ["/bin/sleep", "1000000"], "network": "none"}'
    sandbox=$(field .sandbox_id)
    await "$namespace/sandboxes/$sandbox" running
    in_sandbox "$sandbox" 'mkdir /work && echo "three weeks of work" >/work/notes.txt'
}

# run_demo: tells what it does and what it sees.
run_demo()
{
    local sandbox snapshot brief
    start_service "${where[@]:2}"

    say 'A sandbox is created, and something is written in it.'
    new_sample_sandbox
    saw "sandbox $sandbox is running; $(notes_of "$sandbox")"

    say 'It is snapshotted, and once more for one second only.'
    snapshot=$(take_snapshot "$sandbox" '{"ttl_secs": 1209600, "tag": "before-the-accident"}')
    ask 200 GET "$namespace/snapshots/$snapshot"
    saw "snapshot $snapshot is active: $(field .size_bytes | numfmt --to=iec-i --suffix=B), image $(field .image_ref)"
    saw "it expires on $(date -d "@$(field '.expires_at / 1000 | floor')" '+%Y-%m-%d %H:%M')"
    brief=$(take_snapshot "$sandbox" '{"ttl_secs": 1, "tag": "for-a-second"}')
    saw "snapshot $brief is active"

    say 'The sandbox is broken.'
    in_sandbox "$sandbox" 'rm -r /work'
    saw "$(notes_of "$sandbox")"

    say 'The snapshot is restored, as a new sandbox.'
    restore "$snapshot" '{"name": "restored"}'

    say 'The other snapshot has expired: restored, it gives a fresh sandbox.'
    wait_until 10 has_expired "$brief"
    restore "$brief" '{"name": "fresh"}'

    say 'Forced, and with a reason, it gives its files nevertheless.'
    restore "$brief" '{"name": "forced", "force": true, "reason": "the notes are needed"}'
    local forced=$restored

    take_pictures

    say 'The expired snapshot is deleted, after the sandbox that runs from its image.'
    ask 202 DELETE "$namespace/sandboxes/$forced"
    ask 202 DELETE "$namespace/snapshots/$brief"
    await "$namespace/snapshots/$brief" gone
    saw "snapshot $brief and its image are gone"

    stop_service
    say 'How to go on'
    saw 'packaging/run.sh              with a display: the window, on your own engine where one answers'
    saw 'packaging/run.sh --headless   the service; docs/api.md tells what it answers'
}

# What follows serves the functions above.

say() { printf '\n%s\n' "$*"; }
saw() { printf '    %s\n' "$*"; }

# ask STATUS METHOD PATH [JSON]: as api; an answer of another status ends the run.
ask()
{
    local expected=$1
    shift
    api "$@"
    if [[ $STATUS != "$expected" ]]; then
        echo "$1 $2 answered $STATUS: $BODY" >&2
        exit 1
    fi
}

await() # PATH STATUS
{
    wait_until 60 has_status "$1" "$2 failed"
    if [[ $(status_of "$1") != "$2" ]]; then
        api GET "$1"
        echo "$1 did not become $2: $BODY" >&2
        exit 1
    fi
}

take_snapshot() # SANDBOX JSON; prints its id
{
    ask 202 POST "$namespace/sandboxes/$1/snapshots" "$2"
    local snapshot
    snapshot=$(field .snapshot_id)
    await "$namespace/snapshots/$snapshot" active
    echo "$snapshot"
}

restore() # SNAPSHOT JSON; sets restored
{
    ask 202 POST "$namespace/snapshots/$1/restore" "$2"
    saw "the service answers: $(field '"restored_from_snapshot=\(.restored_from_snapshot), ttl_expired=\(.ttl_expired)"')"
    restored=$(field .sandbox_id)
    await "$namespace/sandboxes/$restored" running
    saw "sandbox $restored is running; $(notes_of "$restored")"
}

has_expired() { api GET "$namespace/snapshots/$1" && [[ $(field .expired) == true ]]; }

in_sandbox() { run_in "$ENGINE" "$(container_of "$ENGINE" "$1")" "$2"; }

notes_of()
{
    local notes
    if notes=$(in_sandbox "$1" 'cat /work/notes.txt' 2>/dev/null); then
        echo "/work/notes.txt says \"$notes\""
    else
        echo '/work/notes.txt is not there'
    fi
}

take_pictures()
{
    local pictures=build/release/screenshots
    say 'Pictures of the window are taken.'
    mkdir -p "$pictures"
    if foreground env QT_QPA_PLATFORM="offscreen:configfile=$root/tests/support/offscreen.json" \
        build/release/bin/sandglass "${where[@]}" --screenshots "$pictures" >"$SCRATCH/screenshots.log" 2>&1; then
        saw "they are in $pictures"
    else
        cat "$SCRATCH/screenshots.log" >&2
        return 1
    fi
}
