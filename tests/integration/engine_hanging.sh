#!/usr/bin/env bash
# An engine that takes connections and never answers holds up nothing of another: snapshots there take as long as without
# it, and it is said which one hangs.
# shellcheck source=tests/integration/test.sh
source "$(dirname "$0")/test.sh"

ROUNDS=5

# take_snapshots: several of SANDBOX, one after the other; sets MEDIAN to the milliseconds that one took.
take_snapshots()
{
    local times=() began
    for ((i = 0; i < ROUNDS; ++i)); do
        began=$(date +%s%3N)
        new_snapshot '{}'
        await_snapshot 30
        times+=($(($(date +%s%3N) - began)))
        same 'the snapshot' "$OUTCOME" active
    done
    MEDIAN=$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$((ROUNDS / 2 + 1))p")
}

hangs()
{
    api GET /v1/engines
    [[ $(field '.engines[] | select(.name == "hanging") | .error') == *silent* ]]
}

mkdir "$SCRATCH/engines"
python3 "$here/fake_engines.py" "$SCRATCH/engines" &
BESIDES+=($!)
wait_until 10 test -e "$SCRATCH/engines/ready"
start
new_sandbox "$IDLE"
take_snapshots # the first ones warm up
take_snapshots
alone=$MEDIAN

expect 201 PUT /v1/engines/hanging "{\"address\": \"unix://$SCRATCH/engines/hanging.sock\"}"
take_snapshots
during_first_contact=$MEDIAN
wait_until 20 hangs
take_snapshots
echo "   a snapshot takes $alone ms alone, $during_first_contact ms and $MEDIAN ms beside an engine that hangs"
# It would be seconds if anything waited for the other engine; the rest is what a busy machine makes of it.
((during_first_contact < 2 * alone + 1000 && MEDIAN < 2 * alone + 1000)) || fail 'the hanging engine holds it up'
