#pragma once

#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QTreeWidget;

namespace sandglass {

/// Names the snapshots that would go, what they hold and where they are, before they go.
class DeleteSnapshotsDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `victims`: not empty, all may be deleted. `leftOut`: how many of the selection may not.
    DeleteSnapshotsDialog(
        const QList<Snapshot> &victims, int leftOut, Timestamp now, QWidget *parent = nullptr);

    /// Which sandboxes keep the image of a victim; one answer for each victim is awaited.
    void showKeepers(const SnapshotId &victim, const Result<QList<Sandbox>> &keepers);

    [[nodiscard]] const QList<Snapshot> &victims() const { return m_victims; }
    /// How long the active ones stay restorable; 0: not at all.
    [[nodiscard]] qint64 trashSeconds() const;

private:
    void describe();

    QList<Snapshot> m_victims;
    QTreeWidget *m_list;
    QList<FactLine> m_facts;
    FactList *m_factList;
    QCheckBox *m_trash;
};

} // namespace sandglass
