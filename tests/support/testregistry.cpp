#include "tests/support/testregistry.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestRun = 60'000; // milliseconds

} // namespace

TestRegistry::TestRegistry(const QStringList &description)
{
    run(u"start_registry"_s, description);
}

TestRegistry::~TestRegistry()
{
    run(u"remove_registry"_s);
}

QString TestRegistry::address() const
{
    return content(u"address"_s).trimmed();
}

QString TestRegistry::authoritiesFile() const
{
    return m_folder.filePath(u"ca.crt"_s);
}

QString TestRegistry::log() const
{
    return content(u"registry.log"_s);
}

bool TestRegistry::hasTag(const QString &repository, const QString &tag) const
{
    return QFileInfo::exists(m_folder.filePath(
        u"storage/docker/registry/v2/repositories/%1/_manifests/tags/%2/current/link"_s.arg(
            repository, tag)));
}

void TestRegistry::stop()
{
    run(u"stop_registry"_s);
}

void TestRegistry::kill()
{
    run(u"kill_registry"_s);
}

void TestRegistry::start()
{
    run(u"start_registry"_s);
}

void TestRegistry::freeze()
{
    run(u"freeze_registry"_s);
}

void TestRegistry::thaw()
{
    run(u"thaw_registry"_s);
}

QString TestRegistry::startFaultProxy()
{
    run(u"start_fault_proxy"_s);
    return content(u"proxy/address"_s).trimmed();
}

void TestRegistry::setFaults(const QString &json)
{
    run(u"set_faults"_s, {json});
}

void TestRegistry::trustAt(const QString &engine)
{
    run(u"trust_registry"_s, {engine});
}

void TestRegistry::distrustAt(const QString &engine)
{
    run(u"distrust_registry"_s, {engine});
}

void TestRegistry::run(const QString &function, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"REGISTRY_PASSWORD"_s, password);
    environment.insert(u"ROBOT_PASSWORD"_s, password);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(
        QStringLiteral(SANDGLASS_SOURCE_DIR) + u"/tests/support/registry.sh"_s,
        QStringList{function, m_folder.path()} + arguments);
    if (!process.waitForFinished(longestRun) || process.exitCode() != 0) {
        qFatal("registry.sh %s fails: %s", qPrintable(function), process.readAll().constData());
    }
}

QString TestRegistry::content(const QString &name) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the registry has no %s", qPrintable(name));
    return QString::fromUtf8(file.readAll());
}

} // namespace sandglass
