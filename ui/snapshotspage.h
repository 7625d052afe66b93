#pragma once

#include "ui/tablepage.h"

#include <functional>

namespace sandglass {

class ConsoleDialog;
class KeepMenu;
class PlacesMenu;

/// The snapshots: restore one, say how long they are kept, delete several.
class SnapshotsPage final : public TablePage
{
    Q_OBJECT
public:
    explicit SnapshotsPage(const PageContext &context, QWidget *parent = nullptr);

    ConsoleDialog *askToRestore(); ///< the selected snapshot; nothing when that makes no sense
    ConsoleDialog *askForTtl(); ///< of those that are selected; nothing when that makes no sense
    ConsoleDialog *askToPin(); ///< as askForTtl()
    ConsoleDialog *askToDelete(); ///< those of the selected that may be; nothing when there is none

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    [[nodiscard]] QList<Snapshot> selected() const;
    void retry();
    void connectPlaces();
    void connectKeeping();
    /// Has something about how long the selected ones are kept done.
    void changeKeeping(
        const QList<Snapshot> &snapshots,
        const std::function<
            Done(RetentionService &, const NamespaceName &, const QList<SnapshotId> &)> &change,
        const QString &done);
    [[nodiscard]] TransferRequest transferRequest() const; ///< of the one that is selected
    void restore(const RestoreRequest &request, bool wasExpired);
    void remove(const QList<Snapshot> &victims, qint64 trashSeconds);

    QAction *m_restore;
    QAction *m_retry;
    PlacesMenu *m_placesMenu;
    QAction *m_places;
    KeepMenu *m_keepMenu;
    QAction *m_keep;
    QAction *m_delete;
};

} // namespace sandglass
