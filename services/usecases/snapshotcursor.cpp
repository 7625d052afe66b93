#include "services/usecases/snapshotcursor.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

QString cursorAfter(const Snapshot &snapshot)
{
    return u"%1.%2"_s.arg(toMilliseconds(snapshot.createdAt)).arg(snapshot.id.text());
}

Result<std::pair<Timestamp, SnapshotId>> parseCursor(const QString &cursor)
{
    bool isNumber = false;
    const qint64 created = cursor.section(u'.', 0, 0).toLongLong(&isNumber);
    const auto id = SnapshotId::parse(cursor.section(u'.', 1));
    if (!isNumber || !id)
        return failure(ErrorKind::InvalidArgument, u"the cursor was not made by an earlier page"_s);
    return std::pair(fromMilliseconds(created), *id);
}

} // namespace sandglass
