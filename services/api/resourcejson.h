#pragma once

#include "services/domain/audit.h"
#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/restoreplan.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"
#include "services/domain/snapshotplan.h"

#include <QJsonObject>

namespace sandglass {

struct ImportableEngine;

// Resources as the API shows them: the schemas of resources/openapi/openapi.json. Times in
// milliseconds since the epoch; what is not known or does not apply is left out.

[[nodiscard]] QJsonObject toJson(const Sandbox &sandbox);
[[nodiscard]] QJsonObject toJson(const Snapshot &snapshot, Timestamp now);

/// Marks what is on an engine that does not answer with when it was last known to be true.
void addAsOf(QJsonObject &object, const Sandbox &sandbox, const QList<Engine> &engines);
void addAsOf(QJsonObject &object, const Snapshot &snapshot, const QList<Engine> &engines);

[[nodiscard]] QJsonObject toJson(const SnapshotPlan &plan);
[[nodiscard]] QJsonObject toJson(const RestorePlan &plan);
[[nodiscard]] QJsonObject toJson(const Operation &operation);
[[nodiscard]] QJsonObject toJson(const Engine &engine);
[[nodiscard]] QJsonObject toJson(const ImportableEngine &importable);
[[nodiscard]] QJsonObject toJson(const AuditRecord &record);

// Fields that are left out when they are empty.
void addText(QJsonObject &object, const QString &name, const QString &text);
void addTime(QJsonObject &object, const QString &name, const std::optional<Timestamp> &time);

[[nodiscard]] QJsonValue orNull(const QString &text); ///< null for an empty one

} // namespace sandglass
