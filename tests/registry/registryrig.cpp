#include "tests/registry/registryrig.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QProcess>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray alicesPassword = "s3cret:with a colon";
const QByteArray robotsPassword = "robot-password";
constexpr int longestStart = 60'000; // milliseconds

QString digestOf(const QByteArray &bytes)
{
    return u"sha256:"_s
        + QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

/// Runs a program to its end and returns what it prints; ends the test program when it fails.
QByteArray run(const QString &program, const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"REGISTRY_PASSWORD"_s, QString::fromUtf8(alicesPassword));
    environment.insert(u"ROBOT_PASSWORD"_s, QString::fromUtf8(robotsPassword));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(longestStart) || process.exitCode() != 0) {
        qFatal(
            "%s fails: %s",
            qPrintable(program + u' ' + arguments.join(u' ')),
            process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput();
}

QString script()
{
    return QStringLiteral(SANDGLASS_SOURCE_DIR) + u"/tests/support/registry.sh"_s;
}

} // namespace

RegistryRig::RegistryRig(const QStringList &variant)
{
    run(u"bash"_s, QStringList{script(), u"start_registry"_s, m_folder.path()} + variant);
    const Registry registry = description();
    m_url = (registry.insecure ? u"http://"_s : u"https://"_s) + registry.host + u"/v2/"_s
        + registry.repository;
}

RegistryRig::~RegistryRig()
{
    run(u"bash"_s, {script(), u"remove_registry"_s, m_folder.path()});
}

Registry RegistryRig::description() const
{
    QFile address(file(u"address"_s));
    if (!address.open(QIODevice::ReadOnly))
        qFatal("the registry has no address");
    Registry registry;
    registry.host = QString::fromUtf8(address.readAll().trimmed());
    registry.repository = u"team/snapshots"_s;
    registry.insecure = !QFile::exists(file(u"ca.crt"_s));
    if (!registry.insecure)
        registry.authoritiesFile = file(u"ca.crt"_s);
    return registry;
}

QString RegistryRig::file(const QString &name) const
{
    return m_folder.filePath(name);
}

QByteArray RegistryRig::curl(const QStringList &arguments, const QByteArray &body)
{
    QStringList all{u"-gsSk"_s, u"--fail-with-body"_s, u"--noproxy"_s, u"*"_s};
    if (QFile::exists(file(u"htpasswd"_s)))
        all << u"-u"_s << u"alice:"_s + QString::fromUtf8(alicesPassword);
    return run(u"curl"_s, all + arguments, body);
}

QString RegistryRig::putBlob(const QByteArray &bytes)
{
    const QByteArray head =
        curl({u"-X"_s, u"POST"_s, u"-D"_s, u"-"_s, m_url + u"/blobs/uploads/"_s});
    QString location;
    const QList<QByteArray> lines = head.split('\n');
    for (const QByteArray &line : lines) {
        if (line.toLower().startsWith("location: "))
            location = QString::fromLatin1(line.mid(10).trimmed());
    }
    const QString digest = digestOf(bytes);
    curl(
        {u"-X"_s,
         u"PUT"_s,
         u"-H"_s,
         u"Content-Type: application/octet-stream"_s,
         u"--data-binary"_s,
         u"@-"_s,
         location + u"&digest="_s + digest},
        bytes);
    return digest;
}

QString
RegistryRig::putManifest(const QString &tag, const QByteArray &bytes, const QByteArray &mediaType)
{
    curl(
        {u"-X"_s,
         u"PUT"_s,
         u"-H"_s,
         u"Content-Type: "_s + QString::fromLatin1(mediaType),
         u"--data-binary"_s,
         u"@-"_s,
         m_url + u"/manifests/"_s + tag},
        bytes);
    return digestOf(bytes);
}

QByteArray RegistryRig::putImage(const QString &tag, const QByteArray &layer)
{
    const QByteArray config = R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}})";
    const QByteArray manifest =
        QStringLiteral(
            R"({"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",)"
            R"("config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%1,"digest":"%2"},)"
            R"("layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%3,"digest":"%4"}]})")
            .arg(config.size())
            .arg(putBlob(config))
            .arg(layer.size())
            .arg(putBlob(layer))
            .toUtf8();
    putManifest(tag, manifest, "application/vnd.docker.distribution.manifest.v2+json");
    return manifest;
}

qsizetype RegistryRig::openUploads() const
{
    qsizetype count = 0;
    // A cancelled one leaves an empty folder behind.
    QDirIterator files(
        file(u"storage"_s), {u"startedat"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        ++count;
    }
    return count;
}

Credential alice()
{
    return {u"alice"_s, Secret(alicesPassword), {}};
}

Credential robot()
{
    return {u"robot"_s, Secret(robotsPassword), {}};
}

} // namespace sandglass
