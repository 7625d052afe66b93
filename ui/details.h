#pragma once

#include "models/roles.h"
#include "services/domain/audit.h"
#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/domain/sandbox.h"
#include "services/domain/setting.h"
#include "services/domain/snapshot.h"
#include "ui/factlist.h"

#include <QList>
#include <QString>

#include <utility>

namespace sandglass {

/// What is shown of one thing beside the table.
struct Details
{
    QString title; ///< empty: nothing is selected
    QString stateText;
    StateMark mark = StateMark::Unknown;
    QString problem; ///< an error or a warning about it; empty for none
    QList<FactLine> places = {}; ///< where it is and where it could be; none: not told
    QList<std::pair<QString, QString>>
        rows; ///< name and value; values may have several lines, and are never empty

    bool operator==(const Details &) const = default;
};

/// Pure but for the user's locale. `live`: its engine answers now.
[[nodiscard]] Details detailsOf(const Sandbox &sandbox, bool live, int snapshots);
/// `sandboxName`: how its sandbox is called. `asOf`: see asOf() of statewords.h.
[[nodiscard]] Details detailsOf(
    const Snapshot &snapshot,
    const QString &sandboxName,
    std::optional<Timestamp> asOf,
    Timestamp now);
/// `subject`: what it is about.
[[nodiscard]] Details detailsOf(const Operation &operation, const QString &subject, Timestamp now);
[[nodiscard]] Details detailsOf(const Engine &engine, Timestamp now);
[[nodiscard]] Details detailsOf(const Registry &registry, Timestamp now);
[[nodiscard]] Details detailsOf(const AuditRecord &record);
[[nodiscard]] Details detailsOf(const SettingValue &value);

/// "/var/lib/db (volume pgdata)": a place in a sandbox whose content is in no snapshot.
[[nodiscard]] QString mountText(const Mount &mount);

} // namespace sandglass
