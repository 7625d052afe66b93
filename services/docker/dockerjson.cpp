#include "services/docker/dockerjson.h"

#include "services/core/json.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QtEndian>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestErrorMessage = 4096;
constexpr qsizetype frameHeaderSize = 8;

/// Go writes an empty list as null in some places.
Result<QJsonArray> parseArrayOrNull(const QByteArray &body)
{
    if (body.trimmed() == "null")
        return QJsonArray();
    return parseJsonArray(body);
}

Result<QString> requiredText(const QJsonObject &object, QLatin1StringView name)
{
    const QString text = object.value(name).toString();
    if (text.isEmpty())
        return failure(ErrorKind::Protocol, u"the answer has no %1"_s.arg(name));
    return text;
}

/// One value per object of a list; the first that is not what it should be ends it.
template <class T, class ParseOne>
Result<QList<T>> parseEach(const QByteArray &body, ParseOne parseOne)
{
    SANDGLASS_TRY(const QJsonArray array, parseArrayOrNull(body));
    QList<T> list;
    list.reserve(array.size());
    for (const QJsonValue &item : array) {
        SANDGLASS_TRY(T one, parseOne(item.toObject()));
        list.append(std::move(one));
    }
    return list;
}

Labels toLabels(const QJsonValue &value)
{
    Labels labels;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        labels.insert(it.key(), it.value().toString());
    return labels;
}

QStringList withoutSlash(QStringList names)
{
    for (QString &name : names) {
        if (name.startsWith(u'/'))
            name.remove(0, 1);
    }
    return names;
}

/// Older engines list an image without tags as "<none>:<none>".
QStringList toTags(const QJsonValue &value)
{
    QStringList tags = toStringList(value);
    tags.removeIf([](const QString &tag) { return tag.startsWith("<none>"_L1); });
    return tags;
}

/// Podman writes some ids of images without their algorithm.
QString withAlgorithm(const QString &id)
{
    return id.isEmpty() || id.contains(u':') ? id : u"sha256:"_s + id;
}

Timestamp fromSeconds(const QJsonValue &value)
{
    return Timestamp(std::chrono::seconds(value.toInteger()));
}

Result<ContainerSummary> parseContainerSummary(const QJsonObject &object)
{
    ContainerSummary container;
    SANDGLASS_TRY(container.id, requiredText(object, "Id"_L1));
    container.names = withoutSlash(toStringList(object.value("Names"_L1)));
    container.image = object.value("Image"_L1).toString();
    container.imageId = object.value("ImageID"_L1).toString();
    container.state = object.value("State"_L1).toString();
    container.labels = toLabels(object.value("Labels"_L1));
    container.createdAt = fromSeconds(object.value("Created"_L1));
    return container;
}

Result<FilesystemChange> parseChange(const QJsonObject &object)
{
    FilesystemChange change;
    SANDGLASS_TRY(change.path, requiredText(object, "Path"_L1));
    switch (object.value("Kind"_L1).toInt()) {
    case 0:
        change.kind = FilesystemChange::Kind::Modified;
        break;
    case 1:
        change.kind = FilesystemChange::Kind::Added;
        break;
    case 2:
        change.kind = FilesystemChange::Kind::Deleted;
        break;
    default:
        return failure(ErrorKind::Protocol, u"an unknown kind of filesystem change"_s);
    }
    return change;
}

Result<ImageSummary> parseImageSummary(const QJsonObject &object)
{
    ImageSummary image;
    SANDGLASS_TRY(image.id, requiredText(object, "Id"_L1));
    image.tags = toTags(object.value("RepoTags"_L1));
    image.sizeBytes = object.value("Size"_L1).toInteger();
    image.labels = toLabels(object.value("Labels"_L1));
    image.createdAt = fromSeconds(object.value("Created"_L1));
    return image;
}

/// An engine that lists no components is old, and Docker's.
QLatin1StringView productOf(const QJsonArray &components)
{
    const bool isPodman =
        std::any_of(components.begin(), components.end(), [](const QJsonValue &component) {
            return component["Name"_L1].toString() == "Podman Engine"_L1;
        });
    return isPodman ? podmanProduct : dockerProduct;
}

} // namespace

Result<EngineVersion> parseVersion(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    const auto newest = ApiVersion::parse(object.value("ApiVersion"_L1).toString());
    if (!newest)
        return failure(ErrorKind::Protocol, u"the answer has no ApiVersion"_s);
    EngineVersion version;
    version.product = productOf(object.value("Components"_L1).toArray());
    version.engineVersion = object.value("Version"_L1).toString();
    version.capabilities = capabilitiesOf(version.product, version.engineVersion);
    version.newest = *newest;
    // An engine that names no oldest version speaks them all.
    version.oldest =
        ApiVersion::parse(object.value("MinAPIVersion"_L1).toString()).value_or(ApiVersion{1, 0});
    version.operatingSystem = object.value("Os"_L1).toString();
    version.architecture = object.value("Arch"_L1).toString();
    return version;
}

Result<EngineInfo> parseInfo(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    EngineInfo info;
    info.hostName = object.value("Name"_L1).toString();
    info.storageDriver = object.value("Driver"_L1).toString();
    info.rootDirectory = object.value("DockerRootDir"_L1).toString();
    info.memoryBytes = object.value("MemTotal"_L1).toInteger();
    info.cpus = object.value("NCPU"_L1).toInt();
    info.containersRunning = object.value("ContainersRunning"_L1).toInt();
    info.images = object.value("Images"_L1).toInt();
    const auto time =
        QDateTime::fromString(object.value("SystemTime"_L1).toString(), Qt::ISODateWithMs);
    if (time.isValid())
        info.systemTime = fromMilliseconds(time.toMSecsSinceEpoch());
    return info;
}

Result<DiskUsage> parseDiskUsage(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    DiskUsage usage;
    // LayersSize is gone since API 1.53 (fact I6).
    const QJsonObject images = object.value("ImageUsage"_L1).toObject();
    usage.layerBytes = images.isEmpty() ? object.value("LayersSize"_L1).toInteger()
                                        : images.value("TotalSize"_L1).toInteger();
    return usage;
}

Result<QList<ContainerSummary>> parseContainers(const QByteArray &body)
{
    return parseEach<ContainerSummary>(body, parseContainerSummary);
}

Result<ContainerDetails> parseContainer(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    ContainerDetails container;
    SANDGLASS_TRY(container.id, requiredText(object, "Id"_L1));
    const QString name = object.value("Name"_L1).toString();
    container.name = name.startsWith(u'/') ? name.mid(1) : name;
    container.imageId = object.value("Image"_L1).toString();
    const QJsonObject state = object.value("State"_L1).toObject();
    SANDGLASS_TRY(container.state, requiredText(state, "Status"_L1));
    container.paused = state.value("Paused"_L1).toBool();
    container.running = container.paused || state.value("Running"_L1).toBool();
    container.exitCode = state.value("ExitCode"_L1).toInt();
    container.stateError = state.value("Error"_L1).toString();
    container.config = object.value("Config"_L1).toObject();
    container.hostConfig = object.value("HostConfig"_L1).toObject();
    container.image = container.config.value("Image"_L1).toString();
    container.labels = toLabels(container.config.value("Labels"_L1));
    if (object.contains("SizeRw"_L1))
        container.changedBytes = object.value("SizeRw"_L1).toInteger();
    return container;
}

Result<QList<FilesystemChange>> parseChanges(const QByteArray &body)
{
    return parseEach<FilesystemChange>(body, parseChange);
}

Result<ImageDetails> parseImage(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    ImageDetails image;
    SANDGLASS_TRY(image.id, requiredText(object, "Id"_L1));
    image.tags = toTags(object.value("RepoTags"_L1));
    image.repoDigests = toStringList(object.value("RepoDigests"_L1));
    image.parent = withAlgorithm(object.value("Parent"_L1).toString());
    image.sizeBytes = object.value("Size"_L1).toInteger();
    image.layers = toStringList(object.value("RootFS"_L1).toObject().value("Layers"_L1));
    const QJsonObject config = object.value("Config"_L1).toObject();
    image.labels = toLabels(config.value("Labels"_L1));
    image.config = config;
    image.environment = toStringList(config.value("Env"_L1));
    image.containerEnvironment =
        toStringList(object.value("ContainerConfig"_L1).toObject().value("Env"_L1));
    image.created = object.value("Created"_L1).toString();
    image.operatingSystem = object.value("Os"_L1).toString();
    image.architecture = object.value("Architecture"_L1).toString();
    image.comment = object.value("Comment"_L1).toString();
    return image;
}

Result<QList<ImageSummary>> parseImages(const QByteArray &body)
{
    return parseEach<ImageSummary>(body, parseImageSummary);
}

Result<ImageRemoval> parseImageRemoval(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonArray array, parseArrayOrNull(body));
    ImageRemoval removal;
    for (const QJsonValue &item : array) {
        const QString untagged = item["Untagged"_L1].toString();
        const QString deleted = item["Deleted"_L1].toString();
        if (!untagged.isEmpty())
            removal.untagged.append(untagged);
        if (!deleted.isEmpty())
            removal.deleted.append(withAlgorithm(deleted));
    }
    return removal;
}

Result<EngineEvent> parseEvent(const QByteArray &line)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(line));
    EngineEvent event;
    SANDGLASS_TRY(event.type, requiredText(object, "Type"_L1));
    SANDGLASS_TRY(event.action, requiredText(object, "Action"_L1));
    if (event.type == "container"_L1 && event.action == "remove"_L1)
        event.action = u"destroy"_s; // Podman's word
    const QJsonObject actor = object.value("Actor"_L1).toObject();
    event.actorId = actor.value("ID"_L1).toString();
    event.attributes = toLabels(actor.value("Attributes"_L1));
    event.timeNanoseconds = object.value("timeNano"_L1).toInteger();
    return event;
}

Result<QString> parseId(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    return requiredText(object, "Id"_L1);
}

Result<QString> parseImageId(const QByteArray &body)
{
    SANDGLASS_TRY(const QString id, parseId(body));
    return withAlgorithm(id);
}

QString parseErrorMessage(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    QString message = object.value("message"_L1).toString();
    if (message.isEmpty())
        message = object.value("cause"_L1).toString();
    if (message.isEmpty())
        message = QString::fromUtf8(body.left(longestErrorMessage)).trimmed();
    return message.left(longestErrorMessage);
}

Result<ExecResult> parseExecOutput(const QByteArray &body)
{
    ExecResult result;
    QByteArrayView rest(body);
    while (!rest.isEmpty()) {
        if (rest.size() < frameHeaderSize)
            return failure(ErrorKind::Protocol, u"the output ends within a frame"_s);
        const char stream = rest[0];
        const auto size = qsizetype(qFromBigEndian<quint32>(rest.data() + 4));
        rest = rest.sliced(frameHeaderSize);
        if (size > rest.size())
            return failure(ErrorKind::Protocol, u"the output ends within a frame"_s);
        if (stream == 1)
            result.standardOutput.append(rest.first(size));
        else if (stream == 2)
            result.standardError.append(rest.first(size));
        else
            return failure(ErrorKind::Protocol, u"the output has a frame of an unknown stream"_s);
        rest = rest.sliced(size);
    }
    return result;
}

} // namespace sandglass
