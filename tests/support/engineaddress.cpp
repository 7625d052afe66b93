#include "tests/support/engineaddress.h"

#include <QFile>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// What the rig says about its engines under this name.
QString fromRig(const QString &name)
{
    if (const QString value = qEnvironmentVariable(qPrintable(name)); !value.isEmpty())
        return value;
    QFile file(QStringLiteral(SANDGLASS_BUILD_DIR) + u"/engines.env"_s);
    if (file.open(QIODevice::ReadOnly)) {
        const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
        for (const QString &line : lines) {
            if (line.startsWith(name + u'='))
                return line.mid(name.size() + 1);
        }
    }
    qFatal("%s is not known: start the test engines first", qPrintable(name));
}

} // namespace

QString testEngineAddress(TestEngine engine)
{
    return fromRig(
        engine == TestEngine::A ? u"SANDGLASS_TEST_ENGINE_A"_s : u"SANDGLASS_TEST_ENGINE_B"_s);
}

QString testEngineFolder(TestEngine engine)
{
    return fromRig(u"SANDGLASS_TEST_ENGINES_FOLDER"_s)
        + (engine == TestEngine::A ? u"/a"_s : u"/b"_s);
}

} // namespace sandglass
