#include "services/operations/faultpoint.h"

#include <QFile>

#include <cstdlib>
#include <mutex>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

/// Each line of the file that SANDGLASS_FAULT_FILE names is a point
/// ("create_snapshot/commit/before"), a tab, and a shell's command, whose parent process ($PPID) is
/// the service and whose $OPERATION is the operation. The first line is armed; when its point is
/// reached it is taken out of the file and its command run.
void reachFaultPoint(const Operation &operation, const QString &step, FaultPlace place)
{
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    QFile file(qEnvironmentVariable("SANDGLASS_FAULT_FILE"));
    if (!file.open(QIODevice::ReadWrite))
        return;
    const QByteArray point = (nameOf(operation.kind) + u'/' + step
                              + (place == FaultPlace::Before ? u"/before"_s : u"/after"_s))
                                 .toUtf8();
    const QByteArray line = file.readLine().trimmed();
    const qsizetype tab = line.indexOf('\t');
    if (tab < 0 || line.left(tab) != point)
        return;
    const QByteArray rest = file.readAll();
    file.resize(0);
    file.seek(0);
    file.write(rest);
    file.close();
    const QByteArray command = "OPERATION=" + operation.id.text().toUtf8()
        + " SNAPSHOT=" + operation.snapshot.text().toUtf8() + '\n' + line.mid(tab + 1);
    if (std::system(command.constData()) != 0)
        qFatal("the command of fault point %s failed", point.constData());
}

} // namespace sandglass
