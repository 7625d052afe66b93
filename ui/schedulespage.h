#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;
class ScheduleDialog;

/// The schedules by which snapshots are taken: add, change, pause, delete.
class SchedulesPage final : public TablePage
{
    Q_OBJECT
public:
    explicit SchedulesPage(const PageContext &context, QWidget *parent = nullptr);

    // Each opens the dialog; nothing when that makes no sense for what is selected.
    ConsoleDialog *askForSchedule();
    ConsoleDialog *askForChange();
    ConsoleDialog *askToDelete();

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;

private:
    [[nodiscard]] std::optional<SnapshotSchedule> selected() const;
    ConsoleDialog *openDialog(ScheduleDialog *dialog);
    void put(const SnapshotSchedule &schedule);
    void pauseOrResume();

    QAction *m_add;
    QAction *m_change;
    QAction *m_pause;
    QAction *m_delete;
};

} // namespace sandglass
