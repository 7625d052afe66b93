#include "services/storage/databasecopy.h"

#include "services/core/logging.h"
#include "services/storage/session.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostCopies = 5;
const QString unfinished = u".part"_s;

tl::unexpected<Error> copyFailure(const QFile &file)
{
    return failure(Error{
        ErrorKind::Storage,
        u"copy the database before its schema is changed: %1"_s.arg(file.errorString()),
        file.fileName(),
        {},
        0});
}

/// SQLite makes the copy but does not wait until it is on the disk.
Done writeCopy(QSqlDatabase &connection, QFile &copy)
{
    if (!copy.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner))
        return copyFailure(copy);
    SANDGLASS_CHECK(Session(connection, {}).run(u"VACUUM INTO ?"_s, {copy.fileName()}));
    if (::fsync(copy.handle()) != 0)
        return copyFailure(copy);
    return {};
}

void removeOldCopies(const QFileInfo &database)
{
    const QFileInfoList copies = database.dir().entryInfoList(
        {database.fileName() + u".schema-*Z"_s}, QDir::Files, QDir::Time);
    for (const QFileInfo &old : copies.mid(mostCopies)) {
        if (!QFile::remove(old.filePath()))
            qCWarning(storageLog) << "cannot remove the old copy" << old.filePath();
    }
}

} // namespace

Done copyBeforeMigration(QSqlDatabase &connection, int schemaVersion, Timestamp now)
{
    const QFileInfo database(connection.databaseName());
    const QString moment = QDateTime::fromMSecsSinceEpoch(toMilliseconds(now), Qt::UTC)
                               .toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    const QString name =
        u"%1.schema-%2.%3"_s.arg(database.filePath()).arg(schemaVersion).arg(moment);
    if (QFile::exists(name))
        return {}; // another program made it a moment ago
    QFile::remove(name + unfinished);
    QFile copy(name + unfinished);
    const Done written = writeCopy(connection, copy);
    if (!written) {
        copy.remove();
        return written;
    }
    if (!copy.rename(name))
        return copyFailure(copy);
    removeOldCopies(database);
    return {};
}

} // namespace sandglass
