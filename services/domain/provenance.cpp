#include "services/domain/provenance.h"

#include "services/core/json.h"
#include "services/domain/imagereference.h"
#include "services/domain/ttl.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestConfig = 1024 * 1024;

tl::unexpected<Error> refuse(QLatin1StringView name, const QString &why)
{
    return failure(ErrorKind::InvalidArgument, u"label %1: %2"_s.arg(name, why));
}

Result<qint64> readNumber(const Labels &labels, QLatin1StringView name)
{
    const QString text = labels.value(name);
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    if (!isNumber || number < 0)
        return refuse(name, u"\"%1\" is not a whole number from 0"_s.arg(text.left(40)));
    return number;
}

Result<Timestamp> readTime(const Labels &labels, QLatin1StringView name)
{
    SANDGLASS_TRY(const qint64 milliseconds, readNumber(labels, name));
    // A time after which a day could not be added is no time that a clock has shown.
    if (!expiryOf(fromMilliseconds(milliseconds), 86'400))
        return refuse(name, u"%1 is after the year 9999"_s.arg(milliseconds));
    return fromMilliseconds(milliseconds);
}

template <class Identifier> Result<Identifier> readId(const Labels &labels, QLatin1StringView name)
{
    auto id = Identifier::parse(labels.value(name));
    if (!id)
        return refuse(name, id.error().detail);
    return *id;
}

/// Empty when the label is.
template <class Identifier>
Result<Identifier> readOptionalId(const Labels &labels, QLatin1StringView name)
{
    return labels.value(name).isEmpty() ? Result<Identifier>(Identifier())
                                        : readId<Identifier>(labels, name);
}

Result<SandboxConfig> readConfig(const Labels &labels, QLatin1StringView name)
{
    const QByteArray bytes = labels.value(name).toUtf8();
    if (bytes.size() > longestConfig)
        return refuse(name, u"it is longer than %1 bytes"_s.arg(longestConfig));
    const auto object = parseJsonObject(bytes);
    if (!object)
        return refuse(name, object.error().detail);
    if (!object->value("image"_L1).isString() || !object->value("container"_L1).isObject()
        || !object->value("host"_L1).isObject() || !object->value("timeout_secs"_L1).isDouble()
        || !object->value("secret_names"_L1).isArray())
        return refuse(name, u"it is not a sandbox's configuration"_s);
    SANDGLASS_TRY(const SandboxConfig config, SandboxConfig::fromJson(bytes));
    if (const auto image = validateImageReference(config.image); !image)
        return refuse(name, image.error().detail);
    if (const Done secrets = checkSecretNames(config.secretNames); !secrets)
        return refuse(name, secrets.error().detail);
    if (config.timeoutSeconds < 0 || config.timeoutSeconds > largestTimeoutSeconds)
        return refuse(name, u"%1 is not a timeout in seconds"_s.arg(config.timeoutSeconds));
    return config;
}

Result<QList<SecretFinding>> readFindings(const Labels &labels)
{
    const QByteArray bytes = labels.value(label::snapshotFindings).toUtf8();
    if (bytes.isEmpty())
        return QList<SecretFinding>();
    if (bytes.size() > longestConfig)
        return refuse(label::snapshotFindings, u"it is longer than %1 bytes"_s.arg(longestConfig));
    auto findings = findingsFrom(bytes);
    if (!findings)
        return refuse(label::snapshotFindings, findings.error().detail);
    return findings;
}

/// What is on a container and on an image of it alike.
Result<Sandbox> readSandbox(const Labels &labels, QLatin1StringView idLabel)
{
    Sandbox sandbox;
    SANDGLASS_TRY(sandbox.id, readId<SandboxId>(labels, idLabel));
    SANDGLASS_TRY(sandbox.namespaceName, readId<NamespaceName>(labels, label::namespaceName));
    SANDGLASS_TRY(sandbox.createdAt, readTime(labels, label::sandboxCreated));
    sandbox.origin = sandboxOriginFrom(labels.value(label::sandboxOrigin));
    sandbox.displayName = labels.value(label::sandboxName);
    if (const Done name = checkDisplayName(sandbox.displayName); !name)
        return refuse(label::sandboxName, name.error().detail);
    return sandbox;
}

Result<Snapshot> readSnapshot(const Labels &labels)
{
    Snapshot snapshot;
    snapshot.status = SnapshotStatus::Active;
    SANDGLASS_TRY(snapshot.id, readId<SnapshotId>(labels, label::snapshotId));
    SANDGLASS_TRY(snapshot.sandbox, readId<SandboxId>(labels, label::snapshotSandbox));
    SANDGLASS_TRY(snapshot.namespaceName, readId<NamespaceName>(labels, label::namespaceName));
    SANDGLASS_TRY(snapshot.engine, readOptionalId<EngineName>(labels, label::snapshotEngine));
    SANDGLASS_TRY(snapshot.createdAt, readTime(labels, label::snapshotCreated));
    snapshot.changedAt = snapshot.createdAt;
    SANDGLASS_TRY(snapshot.ttlSeconds, readNumber(labels, label::snapshotTtl));
    if (const auto ttl = validateTtl(snapshot.ttlSeconds, snapshot.createdAt); !ttl)
        return refuse(label::snapshotTtl, ttl.error().detail);
    snapshot.tag = labels.value(label::snapshotTag);
    if (!snapshot.tag.isEmpty()) {
        if (const auto tag = validateTag(snapshot.tag); !tag)
            return refuse(label::snapshotTag, tag.error().detail);
    }
    snapshot.note = labels.value(label::snapshotNote);
    if (snapshot.note.size() > longestNote || snapshot.note.contains(QChar::Null))
        return refuse(label::snapshotNote, u"it is no note of at most 4096 characters"_s);
    snapshot.pause = pauseFrom(labels.value(label::snapshotPause));
    SANDGLASS_TRY(snapshot.schedule, readOptionalId<ScheduleId>(labels, label::snapshotSchedule));
    SANDGLASS_TRY(snapshot.parent, readOptionalId<SnapshotId>(labels, label::snapshotParent));
    SANDGLASS_TRY(snapshot.config, readConfig(labels, label::snapshotConfig));
    SANDGLASS_TRY(snapshot.findings, readFindings(labels));
    snapshot.imageReference = snapshotReference(snapshot.sandbox, snapshot.id);
    return snapshot;
}

} // namespace

Result<SnapshotIdentity> snapshotIdentityFrom(const Labels &labels)
{
    SnapshotIdentity identity;
    SANDGLASS_TRY(identity.snapshot, SnapshotId::parse(labels.value(label::snapshotId)));
    SANDGLASS_TRY(identity.sandbox, SandboxId::parse(labels.value(label::snapshotSandbox)));
    return identity;
}

Result<SnapshotProvenance> snapshotFrom(const Labels &labels)
{
    SnapshotProvenance provenance;
    SANDGLASS_TRY(provenance.snapshot, readSnapshot(labels));
    SANDGLASS_TRY(provenance.sandbox, readSandbox(labels, label::snapshotSandbox));
    provenance.sandbox.status = provenance.sandbox.origin == SandboxOrigin::Adopted
        ? SandboxStatus::Released
        : SandboxStatus::Terminated;
    provenance.sandbox.config = provenance.snapshot.config;
    provenance.sandbox.restoredFrom = provenance.snapshot.parent;
    if (!labels.value(label::snapshotBaseBytes).isEmpty()) {
        SANDGLASS_TRY(provenance.baseBytes, readNumber(labels, label::snapshotBaseBytes));
    }
    return provenance;
}

Result<Sandbox> sandboxFrom(const Labels &labels)
{
    SANDGLASS_TRY(Sandbox sandbox, readSandbox(labels, label::sandboxId));
    SANDGLASS_TRY(sandbox.restoredFrom, readOptionalId<SnapshotId>(labels, label::restoredFrom));
    SANDGLASS_TRY(sandbox.config, readConfig(labels, label::sandboxConfig));
    return sandbox;
}

} // namespace sandglass
