#pragma once

#include "ui/dialogs/orphansdialog.h"
#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;

/// What a cleanup would do with each snapshot, and why; executes exactly that.
class CleanupPage final : public TablePage
{
    Q_OBJECT
public:
    explicit CleanupPage(const PageContext &context, QWidget *parent = nullptr);

    ConsoleDialog *askToRun(); ///< the plan that is shown; nothing when it deletes nothing
    ConsoleDialog *askAboutOrphans();

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    void removeOrphans(const QList<OrphansDialog::Chosen> &orphans);
    void runPlan(const QString &plan, bool confirmed);

    QAction *m_make;
    QAction *m_run;
    QAction *m_orphans;
};

} // namespace sandglass
