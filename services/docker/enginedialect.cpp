#include "services/docker/enginedialect.h"

#include "services/core/json.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// An engine names a container's host after the first characters of its id.
constexpr int generatedHostNameLength = 12;

void shorten(QStringList &references)
{
    for (QString &reference : references)
        reference = shortName(reference);
    references.removeDuplicates();
}

/// Podman sets these itself, for each container anew.
QStringList withoutOwnVariables(QStringList environment, const QString &containerId)
{
    environment.removeAll(u"container=podman"_s);
    environment.removeAll(u"HOSTNAME="_s + containerId.left(generatedHostNameLength));
    return environment;
}

/// "RLIMIT_NOFILE" is said, but "nofile" is understood.
QJsonArray withUsualNames(const QJsonArray &limits)
{
    QJsonArray named;
    for (const QJsonValue &value : limits) {
        QJsonObject limit = value.toObject();
        const QString name = limit.value("Name"_L1).toString();
        if (name.startsWith("RLIMIT_"_L1))
            limit.insert("Name"_L1, name.section(u'_', 1).toLower());
        named.append(limit);
    }
    return named;
}

/// NanoCpus is repeated as a quota, and both together are refused.
QJsonObject asCreated(QJsonObject hostConfig)
{
    if (hostConfig.value("NanoCpus"_L1).toInteger() != 0) {
        hostConfig.remove("CpuPeriod"_L1);
        hostConfig.remove("CpuQuota"_L1);
    }
    if (const QJsonValue limits = hostConfig.value("Ulimits"_L1); limits.isArray())
        hostConfig.insert("Ulimits"_L1, withUsualNames(limits.toArray()));
    return hostConfig;
}

} // namespace

QString shortName(const QString &reference)
{
    for (const QLatin1StringView prefix :
         {"docker.io/library/"_L1, "docker.io/"_L1, "localhost/"_L1}) {
        if (reference.startsWith(prefix))
            return reference.mid(prefix.size());
    }
    return reference;
}

void normalise(QList<ContainerSummary> &containers, const EngineCapabilities &capabilities)
{
    if (capabilities.keepsShortNames)
        return;
    for (ContainerSummary &container : containers)
        container.image = shortName(container.image);
}

void normalise(ContainerDetails &container, const EngineCapabilities &capabilities)
{
    if (!capabilities.keepsShortNames) {
        container.image = shortName(container.image);
        container.config.insert("Image"_L1, container.image);
    }
    if (!capabilities.describesAsCreated) {
        const QStringList environment = toStringList(container.config.value("Env"_L1));
        container.config.insert(
            "Env"_L1, toJsonArray(withoutOwnVariables(environment, container.id)));
        container.hostConfig = asCreated(container.hostConfig);
    }
}

void normalise(QList<ImageSummary> &images, const EngineCapabilities &capabilities)
{
    if (capabilities.keepsShortNames)
        return;
    for (ImageSummary &image : images)
        shorten(image.tags);
}

void normalise(ImageDetails &image, const EngineCapabilities &capabilities)
{
    if (!capabilities.keepsShortNames)
        shorten(image.tags);
}

void normalise(ImageRemoval &removal, const EngineCapabilities &capabilities)
{
    if (!capabilities.keepsShortNames)
        shorten(removal.untagged);
}

void keepNamesIn(QList<ImageSummary> &images, const QString &repository)
{
    for (ImageSummary &image : images) {
        image.tags.removeIf(
            [&repository](const QString &tag) { return !tag.startsWith(repository + u':'); });
    }
}

QStringList labelInstructions(const Labels &labels)
{
    QStringList instructions;
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        QString value = it.value();
        value.replace(u'\n', u' ');
        // One pair of quotes around the value is taken off; what is within stays as it is.
        instructions.append(u"LABEL %1=\"%2\""_s.arg(it.key(), value));
    }
    return instructions;
}

} // namespace sandglass
