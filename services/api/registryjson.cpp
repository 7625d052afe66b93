#include "services/api/registryjson.h"

#include "services/api/resourcejson.h"
#include "services/core/errorsentence.h"
#include "services/core/json.h"
#include "services/usecases/registryservice.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

void addFinding(QJsonObject &object, const QString &name, const std::optional<bool> &finding)
{
    if (finding)
        object.insert(name, *finding);
}

QJsonObject probeResultJson(const ProbeResult &result)
{
    QJsonObject object{{u"step"_s, nameOf(result.step)}, {u"outcome"_s, nameOf(result.outcome)}};
    addText(object, u"detail"_s, result.detail);
    if (result.error)
        object.insert(u"error"_s, sentenceFor(*result.error).text());
    return object;
}

} // namespace

QJsonObject toJson(const Registry &registry)
{
    QJsonArray namespaces;
    for (const NamespaceName &each : registry.namespaces)
        namespaces.append(each.text());
    QJsonArray warnings;
    if (isExposed(registry))
        warnings.append(exposedRegistrySentence(registry.host));
    QJsonObject object{
        {u"name"_s, registry.name.text()},
        {u"url"_s, registry.host},
        {u"repository"_s, registry.repository},
        {u"insecure"_s, registry.insecure},
        {u"namespaces"_s, namespaces},
        {u"position"_s, registry.position},
        {u"credential_source"_s, nameOf(registry.credentialSource)},
        {u"waits_for_credentials"_s, registry.waitsForCredentials},
        {u"warnings"_s, warnings},
    };
    addText(object, u"ca_file"_s, registry.authoritiesFile);
    addText(object, u"username"_s, registry.username);
    addFinding(object, u"deletes"_s, registry.deletes);
    addFinding(object, u"lists_catalog"_s, registry.listsCatalog);
    addText(object, u"rate_limit"_s, registry.rateLimit);
    addTime(object, u"paused_until"_s, registry.pausedUntil);
    addTime(object, u"last_seen_at"_s, registry.lastSeenAt);
    addText(object, u"error"_s, registry.error);
    return object;
}

QJsonObject toJson(const RegistryProbe &probe)
{
    QJsonArray results;
    for (const ProbeResult &result : probe.results)
        results.append(probeResultJson(result));
    QJsonObject object{{u"results"_s, results}, {u"usable"_s, probe.isUsable()}};
    addFinding(object, u"deletes"_s, probe.deletes);
    addFinding(object, u"lists_catalog"_s, probe.listsCatalog);
    addText(object, u"rate_limit"_s, probe.rateLimit);
    return object;
}

QJsonObject toJson(const ImportableLogin &login)
{
    return {{u"url"_s, login.host}, {u"username"_s, login.username}};
}

QJsonObject toJson(const TransferProgress &progress)
{
    QJsonArray layers;
    for (const LayerProgress &layer : progress.layers) {
        layers.append(QJsonObject{
            {u"id"_s, layer.id},
            {u"state"_s, nameOf(layer.state)},
            {u"bytes_done"_s, layer.bytesDone},
            {u"bytes_total"_s, layer.bytesTotal}});
    }
    QJsonObject object{{u"layers"_s, layers}, {u"bytes_done"_s, progress.bytesDone()}};
    if (const auto total = progress.bytesTotal())
        object.insert(u"bytes_total"_s, *total);
    if (progress.bytesPerSecond)
        object.insert(u"bytes_per_second"_s, *progress.bytesPerSecond);
    if (const auto left = progress.timeLeft())
        object.insert(u"seconds_left"_s, qint64(left->count()));
    return object;
}

} // namespace sandglass
