#include "tests/support/ownprocess.h"

#include <QDir>
#include <QFile>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

int openDescriptors()
{
    const QDir folder(u"/proc/self/fd"_s);
    return int(folder.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size());
}

QList<int> childrenOf(int process)
{
    QList<int> children;
    const QDir threads(u"/proc/%1/task"_s.arg(process));
    for (const QString &thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(threads.filePath(thread + u"/children"_s));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &number : file.readAll().simplified().split(' ')) {
            if (!number.isEmpty())
                children.append(number.toInt());
        }
    }
    return children;
}

} // namespace sandglass
