#include "services/registry/manifest.h"

#include "services/core/json.h"
#include "services/registry/contentdigest.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1StringView dockerImage{"application/vnd.docker.distribution.manifest.v2+json"};
constexpr QLatin1StringView dockerList{"application/vnd.docker.distribution.manifest.list.v2+json"};
constexpr QLatin1StringView ociImage{"application/vnd.oci.image.manifest.v1+json"};
constexpr QLatin1StringView ociIndex{"application/vnd.oci.image.index.v1+json"};

Result<ContentDescriptor> parseDescriptor(const QJsonValue &value, const QString &what)
{
    const QJsonObject object = value.toObject();
    ContentDescriptor descriptor;
    descriptor.digest = object.value("digest"_L1).toString();
    descriptor.size = object.value("size"_L1).toInteger(-1);
    descriptor.mediaType = object.value("mediaType"_L1).toString();
    if (!isDigest(descriptor.digest) || descriptor.size < 0)
        return failure(ErrorKind::Protocol, u"the manifest's %1 has no digest or size"_s.arg(what));
    const QJsonObject platform = object.value("platform"_L1).toObject();
    QStringList parts;
    for (const auto name : {"os"_L1, "architecture"_L1, "variant"_L1}) {
        if (const QString part = platform.value(name).toString(); !part.isEmpty())
            parts.append(part);
    }
    descriptor.platform = parts.join(u'/');
    return descriptor;
}

Result<QList<ContentDescriptor>>
parseDescriptors(const QJsonObject &object, QLatin1StringView name, const QString &what)
{
    if (!object.value(name).isArray())
        return failure(ErrorKind::Protocol, u"the manifest has no %1"_s.arg(QString(name)));
    QList<ContentDescriptor> descriptors;
    const QJsonArray array = object.value(name).toArray();
    for (const QJsonValue &item : array) {
        SANDGLASS_TRY(const ContentDescriptor descriptor, parseDescriptor(item, what));
        descriptors.append(descriptor);
    }
    return descriptors;
}

} // namespace

QByteArray manifestMediaTypes()
{
    return QByteArray(ociImage.data()) + ", " + ociIndex.data() + ", " + dockerImage.data() + ", "
        + dockerList.data();
}

Result<Manifest> parseManifest(const QByteArray &bytes, const QString &contentType)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(bytes));
    Manifest manifest;
    manifest.bytes = bytes;
    manifest.digest = digestOf(bytes);
    manifest.mediaType = contentType.section(u';', 0, 0).trimmed().toLower();
    const QString own = object.value("mediaType"_L1).toString();
    if (!own.isEmpty() && own != manifest.mediaType) {
        return failure(
            ErrorKind::Protocol,
            u"the manifest calls itself %1, and the registry calls it %2"_s.arg(
                own.left(200), manifest.mediaType.left(200)));
    }
    if (object.value("schemaVersion"_L1).toInt() != 2) {
        return failure(
            ErrorKind::Protocol, u"the manifest is of an old kind (schema 1) or none at all"_s);
    }
    if (manifest.mediaType == dockerImage || manifest.mediaType == ociImage) {
        SANDGLASS_TRY(
            manifest.config, parseDescriptor(object.value("config"_L1), u"configuration"_s));
        SANDGLASS_TRY(manifest.layers, parseDescriptors(object, "layers"_L1, u"layer"_s));
        return manifest;
    }
    if (manifest.mediaType == dockerList || manifest.mediaType == ociIndex) {
        SANDGLASS_TRY(manifest.children, parseDescriptors(object, "manifests"_L1, u"child"_s));
        return manifest;
    }
    return failure(
        ErrorKind::Protocol,
        u"the registry serves a manifest as \"%1\""_s.arg(manifest.mediaType.left(200)));
}

} // namespace sandglass
