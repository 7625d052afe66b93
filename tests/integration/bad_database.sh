#!/usr/bin/env bash
# Both programs on databases as they should not be: they say what is wrong and what to do, end with 1, and leave the file
# as it was; and an audit that somebody tampered with is found. Run as bad_database.sh SANDGLASSD BUILD; needs no engine.
set -euo pipefail

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
# shellcheck source=tests/support/engine.sh
source "$here/../support/engine.sh" # wait_until
# shellcheck source=tests/support/service.sh
source "$here/../support/service.sh"

SANDGLASSD=$1
WINDOW=$2/bin/sandglass # not there when it was not built
scratch=$(mktemp -d --tmpdir sandglass-test.XXXXXX)
besides=()
export QT_QPA_PLATFORM=offscreen
unset DOCKER_HOST

finish()
{
    local status=$?
    trap - EXIT
    ((${#besides[@]} == 0)) || kill "${besides[@]}" 2>/dev/null || true
    kill_service || true
    chmod -R u+w "$scratch" && rm -rf "$scratch"
    exit "$status"
}
trap finish EXIT

fail()
{
    echo "$*" >&2
    exit 1
}

# sql STATEMENT: as with a tool for databases.
sql() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])' "$database" "$1"; }

# sound: a database that was used a little, in a folder of its own.
sound()
{
    SERVICE_DATA=$(mktemp -d "$scratch/data.XXXXXX")
    database=$SERVICE_DATA/sandglass.db
    start_service --engine a=unix:///nonexistent/engine.sock
    api POST /v1/namespaces/team/sandboxes '{"image": "busybox:1"}'
    [[ $STATUS == 202 ]]
    stop_service
}

said() { grep -qF -- "$2" "$1"; }

# refused WORDS: both programs.
refused()
{
    local before status=0 window
    before=$(sha256sum <"$database")
    timeout 20 "$SANDGLASSD" --data-dir "$SERVICE_DATA" --listen 127.0.0.1:0 >"$scratch/said" 2>&1 || status=$?
    ((status == 1)) || fail "sandglassd ended with $status; it said: $(<"$scratch/said")"
    said "$scratch/said" "$1" || fail "\"$1\" was expected, sandglassd said: $(<"$scratch/said")"
    if [[ -x $WINDOW ]]; then
        "$WINDOW" --data-dir "$SERVICE_DATA" >"$scratch/window" 2>&1 &
        window=$!
        besides+=("$window")
        wait_until 20 said "$scratch/window" "$1" || fail "the window said: $(<"$scratch/window")"
        kill -0 "$window" || fail 'the window did not wait until somebody had read it'
        kill "$window"
        wait "$window" || true
    fi
    [[ $(sha256sum <"$database") == "$before" ]] || fail "the database was changed"
    echo "ok: $1"
}

sound
"$SANDGLASSD" --data-dir "$SERVICE_DATA" --verify-audit | grep '^the audit is whole'
sql 'DROP TRIGGER audit_is_not_changed; UPDATE audit SET who_user = "nobody" WHERE seq = 1'
if "$SANDGLASSD" --data-dir "$SERVICE_DATA" --verify-audit >"$scratch/said"; then fail 'tampering was not found'; fi
grep -x 'changed: record 1' "$scratch/said"

sql "UPDATE sandboxes SET status = 'odd'"
refused 'in the table sandboxes has the unknown status "odd"'

sound
truncate -s $(($(stat -c %s "$database") / 2)) "$database"
refused 'The database is damaged'

sound
echo 'not a database, but long enough to look like the beginning of one, or so it seems' >"$database"
refused 'file is not a database'

sound
sql 'PRAGMA user_version = 1000'
refused 'written by a newer Sandglass'

# large: one that is too large to be checked as a whole before it is used.
large()
{
    sound
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO settings SELECT 'n' || i, 'none', hex(randomblob(300)) FROM n"
    (($(stat -c %s "$database") > 8 * 1024 * 1024)) || fail 'it is not large'
}

large
truncate -s $(($(stat -c %s "$database") / 2)) "$database"
refused 'The database is damaged'

large
sql "UPDATE sandboxes SET status = 'odd'"
refused 'in the table sandboxes has the unknown status "odd"'

large
sql "UPDATE sandboxes SET config = 'odd'"
status=0
timeout 20 "$SANDGLASSD" --data-dir "$SERVICE_DATA" --listen 127.0.0.1:0 >"$scratch/said" 2>&1 || status=$?
((status == 1)) || fail "sandglassd ended with $status; it said: $(<"$scratch/said")"
said "$scratch/said" 'has a config that is not JSON' || fail "sandglassd said: $(<"$scratch/said")"
! said "$scratch/said" 'nothing in it was changed' || fail 'it says that nothing was changed'

sound
chmod 400 "$database"
refused 'the file is read-only'

sound
chmod 500 "$SERVICE_DATA"
refused 'the folder is read-only'
chmod 700 "$SERVICE_DATA"

sound
python3 - "$database" <<'END' &
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute('PRAGMA locking_mode = EXCLUSIVE')
connection.execute('BEGIN EXCLUSIVE')
open(sys.argv[1] + '.locked', 'w').close()
time.sleep(600)
END
besides+=($!)
wait_until 10 test -e "$database.locked"
refused 'Another program keeps it for itself'
