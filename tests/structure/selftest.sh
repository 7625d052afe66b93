#!/usr/bin/env bash
# Every rule of check.sh finds a bad sample, and lets a good one pass.
set -euo pipefail

check=$(realpath "$(dirname "$0")/check.sh")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tried=() # the rules
expected=() # for each sample: the rule that must find it, or nothing
paths=()
contents=()

bad() # RULE PATH CONTENT
{
    tried+=("$1")
    sample "$@"
}

good() { sample '' "$@"; } # PATH CONTENT

# All samples stand in one tree, each in a file of its own, so that one run tells of all.
sample()
{
    mkdir -p "$root/$(dirname "$2")"
    if [[ -e $root/$2 ]]; then
        echo "Two samples for $2"
        exit 2
    fi
    printf '%b\n' "$3" >"$root/$2"
    expected+=("$1")
    paths+=("$2")
    contents+=("$3")
}

bad 'include: services/core' services/core/x1.h '#include "services/domain/ttl.h"'
bad 'include: services/domain' services/domain/x2.h '#include "services/storage/session.h"'
bad 'include: services/net' services/net/x3.cpp '  #  include "services/docker/dockerclient.h"'
bad 'include: services/storage' services/storage/x4.h '#include "services/docker/dockerclient.h"'
bad 'include: services/secrets' services/secrets/x5.h '#include "services/storage/session.h"'
bad 'include: services/docker' services/docker/x6.h '#include "services/storage/session.h"'
bad 'include: services/registry' services/registry/x7.h '#include "services/docker/dockerclient.h"'
bad 'include: services/operations' services/operations/x8.h '#include "services/usecases/usecases.h"'
bad 'include: services/usecases' services/usecases/x9.h '#include "services/api/api.h"'
bad 'include: services/api' services/api/x10.h '#include "services/storage/session.h"'
bad 'include: services/metrics' services/metrics/x11.h '#include "ui/window.h"'
bad 'include: models' models/x12.h '#include "services/usecases/usecases.h"'
bad 'include: models' models/deeper/x13.h '#include "ui/window.h"'
bad 'include: ui' ui/x14.h '#include "app/appcontext.h"'
bad 'include: app' app/x15.h '#include "tests/support/waitfor.h"'
bad 'include: gui under services' services/api/x16.h '#include <QWidget>'
good services/operations/x17.h '#include "services/docker/dockerclient.h"\n#include "services/operations/y.h"\n#include <QList>'
good models/x18.cpp '#include "x.moc"'
good tests/net/x19.cpp '#include "services/net/httptransport.h"'

bad 'nested event loop' services/docker/x20.cpp 'QEventLoop loop;'
good services/net/x21.cpp 'QEventLoop loop;'
bad 'exec of a dialog or menu' ui/x22.cpp 'dialog.exec();'
bad 'exec of a dialog or menu' ui/x23.cpp 'menu->exec(position);'
bad 'processEvents' ui/x24.cpp 'QCoreApplication::processEvents();'
good tests/ui/x25.cpp 'QCoreApplication::processEvents();'
bad 'sleep' services/net/x26.cpp 'QThread::msleep(5);'
bad 'sleep' tests/net/x27.cpp 'QTest::qWait(100);'
bad 'sleep' services/net/x28.cpp 'std::this_thread::sleep_for(1s);'
good services/api/x29.cpp '// it sleeps while there is nothing to wait for'
bad 'singleton' services/net/x30.h 'static Connections &instance();'
good app/x31.cpp 'QCoreApplication::instance()->quit();'
bad 'translation under services' services/usecases/x32.cpp 'return tr("no");'
good services/core/errorsentence.cpp 'return tr("no");'
good services/usecases/x34.cpp 'str(text);'
bad 'sql outside storage' services/usecases/x35.cpp 'u"SELECT id FROM snapshots"_s'
bad 'sql outside storage' models/x36.cpp 'QSqlQuery query;'
good services/storage/x37.cpp 'u"SELECT id FROM snapshots"_s'
bad 'unfinished work' services/net/x38.cpp '// TODO: retry'
bad 'file name' services/net/socketmanager.h '#pragma once'
bad 'file name' ui/StringUtils.h '#pragma once'
bad 'file length' services/net/x41.cpp "$(seq 501 | sed 's|^|// |')"
good services/net/x42.cpp "$(seq 499 | sed 's|^|// |')"

said=$("$check" "$root" || true)
failures=0
fail()
{
    echo "$1"
    failures=$((failures + 1))
}
for i in "${!paths[@]}"; do
    found=$(grep -F -- "${paths[i]}:" <<<"$said" || true)
    if [[ ${expected[i]} ]]; then
        [[ $found == *"[${expected[i]}]" ]] || fail "The rule '${expected[i]}' does not find this: ${contents[i]}"
    else
        [[ -z $found ]] || fail "This is allowed: $found"
    fi
done
while IFS= read -r rule; do
    printf '%s\n' "${tried[@]}" | grep -qxF -- "$rule" || fail "The rule '$rule' has no bad sample."
done < <("$check" --rules)

exit "$((failures > 0))"
