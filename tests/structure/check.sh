#!/usr/bin/env bash
# What the compiler cannot see: which folder may include which, and words that do not belong where they stand.
#
#   check.sh [ROOT]    prints every breach as PATH:LINE: TEXT [RULE] and fails when there is one
#   check.sh --rules   prints the names of the rules
set -euo pipefail

root=$(realpath "$(dirname "$0")/../..")
list=
case ${1:-} in
    --rules) list=yes ;;
    ?*) root=$1 ;;
esac
cd "$root"
breaches=0

report() # RULE, and the breaches on standard input
{
    local rule=$1 breach
    while IFS= read -r breach; do
        echo "$breach [$rule]"
        breaches=$((breaches + 1))
    done
}

# forbid RULE PATTERN EXCEPT PATH...: no line of the C++ sources under the paths matches the Perl pattern; the files
# whose path matches EXCEPT are left out.
forbid()
{
    local rule=$1 pattern=$2 except=$3
    shift 3
    if [[ $list ]]; then
        echo "$rule"
        return
    fi
    report "$rule" < <(find "$@" -type f \( -name '*.cpp' -o -name '*.h' \) 2>/dev/null \
        | { grep -vE -- "$except" || true; } | sort | xargs -r -d '\n' grep -nHP -- "$pattern")
}

# may_include FOLDER OTHER...: besides itself, FOLDER includes only from the others.
may_include()
{
    local folder=$1 allowed
    allowed=$(IFS='|' && echo "$*")
    forbid "include: $folder" "^\s*#\s*include\s+\"(?!($allowed)/)[^\"]*/" '^$' "$folder"
}

# The arrows between the folders; what is below the folders named is named too where it is used.
may_include services/core
may_include services/domain services/core
may_include services/net services/domain services/core
may_include services/storage services/domain services/core
may_include services/secrets services/domain services/core
may_include services/docker services/net services/domain services/core
may_include services/registry services/net services/domain services/core
may_include services/operations services/docker services/registry services/storage services/secrets \
    services/domain services/core
may_include services/usecases services/operations services/docker services/registry services/storage services/secrets \
    services/domain services/core
may_include services/api services/usecases services/domain services/core
may_include services/metrics services/usecases services/domain services/core
may_include models services/domain services/core
may_include ui models services
may_include app ui models services
forbid 'include: gui under services' '^\s*#\s*include\s+<Q(Widget|Application|GuiApplication|Painter|Color|Icon|Font|Pixmap|Image|Window)\b' \
    '^$' services

forbid 'nested event loop' '\bQEventLoop\b' '^(services/net|tests/support)/' app ui models services tests
forbid 'exec of a dialog or menu' '(\.|->)exec\s*\(' '^$' ui models
forbid 'processEvents' '\bprocessEvents\s*\(' '^$' app ui models services
forbid 'sleep' '\b([mun]?sleep|nanosleep|sleep_for|sleep_until|qWait|qSleep)\s*\(' '^$' app ui models services tests
forbid 'singleton' '(?<!Application::)\binstance\s*\(\s*\)' '^$' app ui models services
forbid 'translation under services' '\b(tr|translate|QT_TR_NOOP|QT_TRANSLATE_NOOP)\s*\(' '^services/core/errorsentence\.' services
forbid 'sql outside storage' '\b(SELECT|INSERT INTO|DELETE FROM|CREATE TABLE|ALTER TABLE|PRAGMA)\b|\bQSql[A-Z]' \
    '^services/storage/' app ui models services
forbid 'unfinished work' '\b(TODO|FIXME|XXX|HACK)\b' '^$' app ui models services tests

if [[ $list ]]; then
    printf '%s\n' 'file name' 'file length'
    exit 0
fi
sources() { find app ui models services tests "$@" -type f 2>/dev/null | sort; }
report 'file name' < <(sources resources packaging docs cmake | grep -iE '(manager|helper|util)[^/]*$' \
    | sed 's|$|: names no thing of the field|')
report 'file length' < <(sources | grep -E '\.(cpp|h|sh)$' | xargs -r -d '\n' wc -l \
    | awk '$2 != "total" && $1 > 500 { print $2 ":" $1 ": lines, of at most 500" }')

((breaches == 0)) || {
    echo "$breaches breaches of the structure"
    exit 1
}
