#include "services/operations/processidentity.h"

#include <QFile>
#include <QStringList>

#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int startTimeField = 19; // counted from the first after the name in parentheses

QByteArray readProc(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed() : QByteArray();
}

/// In clock ticks since the boot; empty when there is no such process, or only its zombie.
QString startTime(const QString &processId)
{
    const QByteArray stat = readProc(u"/proc/%1/stat"_s.arg(processId));
    const QList<QByteArray> fields = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
    const bool isZombie = fields.value(0) == "Z" || fields.value(0) == "X";
    return isZombie ? QString() : QString::fromLatin1(fields.value(startTimeField));
}

QString processSpace()
{
    const QString boot = QString::fromLatin1(readProc(u"/proc/sys/kernel/random/boot_id"_s));
    return boot + u'/' + QFile::symLinkTarget(u"/proc/self/ns/pid"_s).section(u'/', -1);
}

/// Whether it can be seen from here.
bool isOfThisSpace(const QString &identity)
{
    return identity.count(u'/') == 3 && identity.section(u'/', 0, 1) == processSpace();
}

} // namespace

QString processIdentity()
{
    static const QString identity = [] {
        const QString id = QString::number(::getpid());
        return processSpace() + u'/' + id + u'/' + startTime(id);
    }();
    return identity;
}

bool hasEnded(const QString &identity)
{
    return isOfThisSpace(identity) && !isAlive(identity);
}

bool isAlive(const QString &identity)
{
    return isOfThisSpace(identity)
        && startTime(identity.section(u'/', 2, 2)) == identity.section(u'/', 3, 3);
}

} // namespace sandglass
