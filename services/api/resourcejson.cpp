#include "services/api/resourcejson.h"

#include "services/api/registryjson.h"
#include "services/core/errorsentence.h"
#include "services/core/json.h"
#include "services/core/names.h"
#include "services/domain/enginewarnings.h"
#include "services/usecases/dockerfolder.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 megabyte = 1024 * 1024;

const std::array noticeNames{
    std::pair{RestoreNotice::Kind::NewEmptyVolume, u"new_empty_volume"_s},
    std::pair{RestoreNotice::Kind::SharedVolume, u"shared_volume"_s},
    std::pair{RestoreNotice::Kind::HostPath, u"host_path"_s},
    std::pair{RestoreNotice::Kind::EmptyTmpfs, u"empty_tmpfs"_s},
    std::pair{RestoreNotice::Kind::SecretMissing, u"secret_missing"_s},
    std::pair{RestoreNotice::Kind::PublishedPort, u"published_port"_s},
    std::pair{RestoreNotice::Kind::Device, u"device"_s},
    std::pair{RestoreNotice::Kind::OtherEngine, u"other_engine"_s},
    std::pair{RestoreNotice::Kind::FilesystemLost, u"filesystem_lost"_s},
};

const std::array checkNames{
    std::pair{PreflightCheck::Name::EngineAnswers, u"engine_answers"_s},
    std::pair{PreflightCheck::Name::ImageAtEngine, u"image_at_engine"_s},
    std::pair{PreflightCheck::Name::ImageInRegistry, u"image_in_registry"_s},
    std::pair{PreflightCheck::Name::PlatformMatches, u"platform_matches"_s},
};

const std::array outcomeNames{
    std::pair{PreflightCheck::Outcome::Passed, u"passed"_s},
    std::pair{PreflightCheck::Outcome::Failed, u"failed"_s},
    std::pair{PreflightCheck::Outcome::Unknown, u"unknown"_s},
};

const std::array snapshotCheckNames{
    std::pair{SnapshotCheck::Name::FreeSpace, u"free_space"_s},
    std::pair{SnapshotCheck::Name::LayerDepth, u"layer_depth"_s},
    std::pair{SnapshotCheck::Name::BaseImage, u"base_image"_s},
};

const std::array snapshotOutcomeNames{
    std::pair{SnapshotCheck::Outcome::Passed, u"passed"_s},
    std::pair{SnapshotCheck::Outcome::Warning, u"warning"_s},
    std::pair{SnapshotCheck::Outcome::Failed, u"failed"_s},
    std::pair{SnapshotCheck::Outcome::Unknown, u"unknown"_s},
};

const std::array mountKindNames{
    std::pair{Mount::Kind::Bind, u"bind"_s},
    std::pair{Mount::Kind::Volume, u"volume"_s},
    std::pair{Mount::Kind::AnonymousVolume, u"anonymous_volume"_s},
    std::pair{Mount::Kind::Tmpfs, u"tmpfs"_s},
    std::pair{Mount::Kind::Other, u"other"_s},
};

void addNumber(QJsonObject &object, const QString &name, const std::optional<qint64> &number)
{
    if (number)
        object.insert(name, *number);
}

template <class Values, class ToValue> QJsonArray jsonArrayOf(const Values &values, ToValue toValue)
{
    QJsonArray array;
    for (const auto &value : values)
        array.append(toValue(value));
    return array;
}

/// What makes the sandbox, as in the request that creates one.
void addConfig(QJsonObject &object, const SandboxConfig &config)
{
    QJsonObject resources;
    if (config.cpus() > 0)
        resources.insert(u"cpus"_s, config.cpus());
    if (config.memoryBytes() > 0)
        resources.insert(u"memory_mb"_s, config.memoryBytes() / megabyte);
    object.insert(u"image"_s, config.image);
    object.insert(u"entrypoint"_s, toJsonArray(config.entrypoint()));
    object.insert(u"resources"_s, resources);
    object.insert(u"timeout_secs"_s, config.timeoutSeconds);
    object.insert(u"secret_names"_s, toJsonArray(config.secretNames));
    object.insert(u"network"_s, config.networkMode());
}

QJsonObject locationJson(const Location &location)
{
    QJsonObject object{
        {u"kind"_s, nameOf(location.kind)},
        {u"place"_s, location.place},
        {u"state"_s, nameOf(location.state)},
        {u"image_ref"_s, location.imageReference},
    };
    addText(object, u"digest"_s, location.digest);
    addText(object, u"error"_s, location.error);
    if (location.checkedAt != Timestamp())
        object.insert(u"checked_at"_s, toMilliseconds(location.checkedAt));
    return object;
}

QJsonObject tlsJson(const TlsFiles &files)
{
    QJsonObject object;
    addText(object, u"ca_file"_s, files.authorities);
    addText(object, u"certificate_file"_s, files.certificate);
    addText(object, u"key_file"_s, files.key);
    return object;
}

/// The engine of this name if it does not answer now; nothing otherwise.
const Engine *silentEngine(const QList<Engine> &engines, const EngineName &name)
{
    const auto it = std::find_if(
        engines.begin(), engines.end(), [&name](const Engine &each) { return each.name == name; });
    return it == engines.end() || it->state == EngineState::Connected ? nullptr : &*it;
}

QJsonObject stepJson(const OperationStep &step)
{
    QJsonObject object{{u"name"_s, step.name}, {u"attempts"_s, step.attempts}};
    addTime(object, u"started_at"_s, step.startedAt);
    addTime(object, u"finished_at"_s, step.finishedAt);
    return object;
}

QJsonObject noticeJson(const RestoreNotice &notice)
{
    QJsonObject object{{u"kind"_s, nameIn(noticeNames, notice.kind)}};
    addText(object, u"subject"_s, notice.subject);
    return object;
}

QJsonObject checkJson(const PreflightCheck &check)
{
    QJsonObject object{
        {u"name"_s, nameIn(checkNames, check.name)},
        {u"outcome"_s, nameIn(outcomeNames, check.outcome)}};
    addText(object, u"detail"_s, check.detail);
    return object;
}

QJsonObject snapshotCheckJson(const SnapshotCheck &check)
{
    return {
        {u"name"_s, nameIn(snapshotCheckNames, check.name)},
        {u"outcome"_s, nameIn(snapshotOutcomeNames, check.outcome)}};
}

QJsonObject findingJson(const SecretFinding &finding)
{
    QJsonObject object{
        {u"place"_s, nameOf(finding.place)},
        {u"kind"_s, nameOf(finding.kind)},
        {u"blanked"_s, finding.blanked}};
    addText(object, u"subject"_s, finding.subject);
    return object;
}

QJsonObject mountJson(const Mount &mount)
{
    QJsonObject object{{u"kind"_s, nameIn(mountKindNames, mount.kind)}, {u"path"_s, mount.target}};
    addText(object, u"source"_s, mount.source);
    return object;
}

} // namespace

QJsonObject toJson(const Sandbox &sandbox)
{
    QJsonObject object{
        {u"sandbox_id"_s, sandbox.id.text()},
        {u"namespace"_s, sandbox.namespaceName.text()},
        {u"engine"_s, sandbox.engine.text()},
        {u"origin"_s, nameOf(sandbox.origin)},
        {u"status"_s, nameOf(sandbox.status)},
        {u"created_at"_s, toMilliseconds(sandbox.createdAt)},
        {u"changed_at"_s, toMilliseconds(sandbox.changedAt)},
        {u"confirmed_at"_s, toMilliseconds(sandbox.confirmedAt)},
    };
    addText(object, u"name"_s, sandbox.displayName);
    addText(object, u"container_id"_s, sandbox.containerId);
    addText(object, u"restored_from"_s, sandbox.restoredFrom.text());
    addText(object, u"error"_s, sandbox.error);
    addConfig(object, sandbox.config);
    return object;
}

QJsonObject toJson(const Snapshot &snapshot, Timestamp now)
{
    QJsonObject object{
        {u"snapshot_id"_s, snapshot.id.text()},
        {u"sandbox_id"_s, snapshot.sandbox.text()},
        {u"namespace"_s, snapshot.namespaceName.text()},
        {u"engine"_s, snapshot.engine.text()},
        {u"status"_s, nameOf(snapshot.status)},
        {u"created_at"_s, toMilliseconds(snapshot.createdAt)},
        {u"changed_at"_s, toMilliseconds(snapshot.changedAt)},
        {u"ttl_secs"_s, snapshot.ttlSeconds},
        {u"expired"_s, isExpired(snapshot, now)},
        {u"image_ref"_s, snapshot.imageReference},
        {u"tag"_s, snapshot.tag},
        {u"note"_s, snapshot.note},
        {u"locations"_s, jsonArrayOf(snapshot.locations, locationJson)},
        {u"findings"_s, jsonArrayOf(snapshot.findings, findingJson)},
    };
    addTime(object, u"expires_at"_s, expiryOf(snapshot));
    addNumber(object, u"size_bytes"_s, snapshot.sizeBytes);
    addNumber(object, u"changed_bytes"_s, snapshot.changedBytes);
    addNumber(object, u"frozen_ms"_s, snapshot.frozenMilliseconds);
    addText(object, u"parent"_s, snapshot.parent.text());
    addText(object, u"schedule"_s, snapshot.schedule.text());
    addTime(object, u"used_at"_s, snapshot.usedAt);
    addTime(object, u"trashed_until"_s, snapshot.trashedUntil);
    if (snapshot.pin) {
        QJsonObject pin{{u"reason"_s, snapshot.pin->reason}, {u"by"_s, snapshot.pin->by}};
        addTime(pin, u"until"_s, snapshot.pin->until);
        object.insert(u"pin"_s, pin);
    }
    addText(object, u"error"_s, snapshot.error);
    addText(object, u"reason"_s, snapshot.failure);
    return object;
}

QJsonObject toJson(const SnapshotPlan &plan)
{
    QJsonObject object{
        {u"sandbox_id"_s, plan.sandbox.text()},
        {u"engine"_s, plan.engine.text()},
        {u"can_run"_s, plan.refuseFailedChecks().has_value()},
        {u"paused"_s, plan.alreadyPaused},
        {u"checks"_s, jsonArrayOf(plan.checks(), snapshotCheckJson)},
        {u"not_included"_s, jsonArrayOf(plan.config.mounts(), mountJson)},
        {u"findings"_s, jsonArrayOf(plan.findings, findingJson)},
    };
    addNumber(object, u"changed_bytes"_s, plan.changedBytes);
    addNumber(object, u"needed_bytes"_s, plan.neededBytes());
    addNumber(object, u"free_bytes"_s, plan.freeBytes);
    if (plan.layers)
        object.insert(u"layers"_s, *plan.layers);
    return object;
}

void addAsOf(QJsonObject &object, const Sandbox &sandbox, const QList<Engine> &engines)
{
    if (silentEngine(engines, sandbox.engine))
        object.insert(u"as_of"_s, toMilliseconds(sandbox.confirmedAt));
}

void addAsOf(QJsonObject &object, const Snapshot &snapshot, const QList<Engine> &engines)
{
    if (const Engine *engine = silentEngine(engines, snapshot.engine))
        addTime(object, u"as_of"_s, engine->lastSeenAt);
}

QJsonObject toJson(const RestorePlan &plan)
{
    QJsonObject config;
    addConfig(config, plan.config);
    QJsonObject object{
        {u"snapshot_id"_s, plan.snapshot.text()},
        {u"restored_from_snapshot"_s, plan.fromSnapshot},
        {u"ttl_expired"_s, plan.ttlExpired},
        {u"forced"_s, plan.forced},
        {u"engine"_s, plan.engine.text()},
        {u"image_ref"_s, plan.image},
        {u"can_run"_s, plan.canRun()},
        {u"config"_s, config},
        {u"notices"_s, jsonArrayOf(plan.notices, noticeJson)},
        {u"checks"_s, jsonArrayOf(plan.checks, checkJson)},
    };
    addText(object, u"pull_from"_s, plan.pullFrom.text());
    return object;
}

QJsonObject toJson(const Operation &operation)
{
    QJsonObject object{
        {u"operation_id"_s, operation.id.text()},
        {u"kind"_s, nameOf(operation.kind)},
        {u"namespace"_s, operation.namespaceName.text()},
        {u"engine"_s, operation.engine.text()},
        {u"state"_s, nameOf(operation.state)},
        {u"cancel_requested"_s, operation.cancelRequested},
        {u"attempts"_s, operation.attempts},
        {u"requested_by"_s, operation.requestedBy.text()},
        {u"created_at"_s, toMilliseconds(operation.createdAt)},
        {u"steps"_s, jsonArrayOf(operation.steps, stepJson)},
    };
    addText(object, u"sandbox_id"_s, operation.sandbox.text());
    addText(object, u"snapshot_id"_s, operation.snapshot.text());
    addText(object, u"registry"_s, operation.inputs.value("registry"_L1).toString());
    if (!operation.progress.layers.isEmpty())
        object.insert(u"progress"_s, toJson(operation.progress));
    addText(
        object,
        u"current_step"_s,
        isFinished(operation.state) ? QString() : operation.currentStep());
    addText(object, u"error"_s, operation.error);
    addText(object, u"error_code"_s, operation.errorKind);
    addTime(object, u"started_at"_s, operation.startedAt);
    addTime(object, u"finished_at"_s, operation.finishedAt);
    addTime(object, u"next_attempt_at"_s, operation.nextAttemptAt);
    return object;
}

QJsonObject toJson(const ImportableEngine &importable)
{
    QJsonObject object{{u"source"_s, importable.source}};
    if (!importable.engine) {
        object.insert(u"error"_s, sentenceFor(importable.engine.error()).text());
        return object;
    }
    object.insert(u"name"_s, importable.engine->name);
    object.insert(u"address"_s, importable.engine->address.text());
    if (importable.engine->address.tls)
        object.insert(u"tls"_s, tlsJson(*importable.engine->address.tls));
    return object;
}

QJsonObject toJson(const Engine &engine)
{
    QJsonObject object{
        {u"name"_s, engine.name.text()},
        {u"address"_s, engine.address},
        {u"state"_s, nameOf(engine.state)},
    };
    if (engine.tls)
        object.insert(u"tls"_s, tlsJson(*engine.tls));
    if (const QStringList warnings = warningsFor(engine); !warnings.isEmpty())
        object.insert(u"warnings"_s, toJsonArray(warnings));
    addText(object, u"product"_s, engine.product);
    addText(object, u"version"_s, engine.version);
    addText(object, u"api_version"_s, engine.apiVersion);
    addText(object, u"platform"_s, engine.platform);
    addText(object, u"storage_driver"_s, engine.storageDriver);
    addText(object, u"error"_s, engine.error);
    addTime(object, u"last_seen_at"_s, engine.lastSeenAt);
    addTime(object, u"next_attempt_at"_s, engine.nextAttemptAt);
    return object;
}

QJsonObject toJson(const AuditRecord &record)
{
    const AuditEntry &entry = record.entry;
    return {
        {u"seq"_s, record.seq},
        {u"at"_s, toMilliseconds(record.at)},
        {u"user"_s, entry.who.user},
        {u"program"_s, entry.who.program},
        {u"address"_s, entry.who.address},
        {u"action"_s, entry.action},
        {u"object"_s, entry.object},
        {u"result"_s, entry.result},
        {u"reason"_s, entry.reason},
        {u"hash"_s, record.hash},
    };
}

void addText(QJsonObject &object, const QString &name, const QString &text)
{
    if (!text.isEmpty())
        object.insert(name, text);
}

void addTime(QJsonObject &object, const QString &name, const std::optional<Timestamp> &time)
{
    if (time)
        object.insert(name, toMilliseconds(*time));
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

} // namespace sandglass
