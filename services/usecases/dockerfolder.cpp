#include "services/usecases/dockerfolder.h"

#include <QDir>
#include <QFile>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 longestContext = 64 * 1024;

Result<DockerEngine> readContext(const QString &path, const QDir &tlsFolder)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(
            ErrorKind::PermissionDenied, u"the file cannot be read: %1"_s.arg(file.errorString()));
    }
    std::optional<TlsFiles> tls;
    if (tlsFolder.exists())
        tls = tlsFilesIn(tlsFolder.absolutePath(), tlsFolder.entryList(QDir::Files));
    return parseDockerContext(file.read(longestContext), tls);
}

} // namespace

QString dockerFolder()
{
    const QString named = qEnvironmentVariable("DOCKER_CONFIG");
    return named.isEmpty() ? QDir::homePath() + u"/.docker"_s : named;
}

DockerEnvironment dockerEnvironment()
{
    const QString named = qEnvironmentVariable("DOCKER_CERT_PATH");
    const QDir certificates(named.isEmpty() ? dockerFolder() : named);
    return {
        qEnvironmentVariable("DOCKER_HOST"),
        !qEnvironmentVariableIsEmpty("DOCKER_TLS_VERIFY"),
        certificates.absolutePath(),
        certificates.entryList(QDir::Files)};
}

QList<ImportableEngine> importableEngines()
{
    QList<ImportableEngine> engines;
    const DockerEnvironment environment = dockerEnvironment();
    if (!environment.host.isEmpty())
        engines.append(ImportableEngine{u"DOCKER_HOST"_s, engineOf(environment)});
    const QDir contexts(dockerFolder() + u"/contexts"_s);
    const QDir meta(contexts.filePath(u"meta"_s));
    for (const QString &id : meta.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QString file = meta.absoluteFilePath(id + u"/meta.json"_s);
        const QDir tls(contexts.filePath(u"tls/%1/docker"_s.arg(id)));
        engines.append(ImportableEngine{file, readContext(file, tls)});
    }
    return engines;
}

} // namespace sandglass
