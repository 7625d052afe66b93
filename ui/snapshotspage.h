#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;
class PlacesMenu;

/// The snapshots: restore one, delete several.
class SnapshotsPage final : public TablePage
{
    Q_OBJECT
public:
    explicit SnapshotsPage(const PageContext &context, QWidget *parent = nullptr);

    ConsoleDialog *askToRestore(); ///< the selected snapshot; nothing when that makes no sense
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
    [[nodiscard]] TransferRequest transferRequest() const; ///< of the one that is selected
    void restore(const RestoreRequest &request, bool wasExpired);

    QAction *m_restore;
    QAction *m_retry;
    PlacesMenu *m_placesMenu;
    QAction *m_places;
    QAction *m_delete;
};

} // namespace sandglass
