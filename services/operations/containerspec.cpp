#include "services/operations/containerspec.h"

#include "services/core/json.h"
#include "services/domain/containermaker.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// The engine names a container's host after the first characters of its id.
constexpr int generatedHostNameLength = 12;

QJsonObject toJson(const Labels &labels)
{
    QJsonObject object;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QJsonArray withoutSecrets(const QStringList &environment, const QStringList &secretNames)
{
    QJsonArray kept;
    for (const QString &variable : environment) {
        if (!secretNames.contains(variable.section(u'=', 0, 0)))
            kept.append(variable);
    }
    return kept;
}

} // namespace

QJsonObject containerSpec(const Sandbox &sandbox, const QString &image)
{
    QJsonObject spec = sandbox.config.container;
    QJsonObject labels = spec["Labels"_L1].toObject();
    const QJsonObject own = toJson(containerLabels(sandbox));
    for (auto it = own.begin(); it != own.end(); ++it)
        labels.insert(it.key(), it.value());
    spec.insert("Labels"_L1, labels);
    spec.insert("Image"_L1, image);
    spec.insert("HostConfig"_L1, sandbox.config.host);
    return spec;
}

SandboxConfig configOf(const ContainerDetails &container, const Sandbox &sandbox)
{
    SandboxConfig config = sandbox.config;
    config.container = container.config;
    config.host = container.hostConfig;
    config.container.remove("Image"_L1);
    if (config.container["Hostname"_L1].toString() == container.id.left(generatedHostNameLength))
        config.container.remove("Hostname"_L1);
    Labels labels = foreignLabels(container.labels);
    // A sandbox that is restored from one of Indexify's is none of theirs.
    if (makerOf(container.name, container.labels) == ContainerMaker::Indexify)
        labels.remove(label::indexifyManaged);
    config.container.insert("Labels"_L1, toJson(labels));
    config.container.insert(
        "Env"_L1,
        withoutSecrets(toStringList(container.config["Env"_L1]), sandbox.config.secretNames));
    return config;
}

} // namespace sandglass
