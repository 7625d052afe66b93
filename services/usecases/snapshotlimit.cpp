#include "services/usecases/snapshotlimit.h"

#include "services/storage/settingsrepository.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Done checkSnapshotLimit(Session &session, const NamespaceName &namespaceName)
{
    SANDGLASS_TRY(
        const SettingValue limit,
        SettingsRepository(session).effective(Setting::LargestSnapshotCount, namespaceName));
    SANDGLASS_TRY(const int live, SnapshotRepository(session).countLive(namespaceName));
    if (live < limit.value)
        return {};
    return failure(
        ErrorKind::LimitReached,
        u"namespace %1 has %2 snapshots and may have %3"_s.arg(namespaceName.text())
            .arg(live)
            .arg(limit.value));
}

} // namespace sandglass
