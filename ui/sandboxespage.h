#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;
enum class SandboxEnd;

/// The sandboxes: make one or adopt one, snapshot it, let it go or terminate it.
class SandboxesPage final : public TablePage
{
    Q_OBJECT
public:
    explicit SandboxesPage(const PageContext &context, QWidget *parent = nullptr);

    /// What helps where there is no engine; shown in the page's empty state.
    void setAddEngineAction(QAction *action) { m_addEngine = action; }

    ConsoleDialog *askForNewSandbox(); ///< opens the dialog
    ConsoleDialog *askForContainer(); ///< to adopt; opens the dialog
    ConsoleDialog *askForSnapshot(); ///< of the selected sandbox; nothing when that makes no sense
    ConsoleDialog *askToLetGo(); ///< as askForSnapshot
    ConsoleDialog *askToTerminate(); ///< as askForSnapshot

Q_SIGNALS:
    void snapshotsWanted(const QString &sandboxId); ///< those of this sandbox shall be shown

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    [[nodiscard]] QList<Sandbox> selected() const;
    void end(const Sandbox &sandbox, SandboxEnd how);
    void letGo(const Sandbox &sandbox);

    QAction *m_new;
    QAction *m_adopt;
    QAction *m_snapshot;
    QAction *m_letGo;
    QAction *m_terminate;
    QAction *m_showSnapshots;
    QAction *m_addEngine = nullptr;
};

/// What to do about engines that do not answer, for people. Pure.
[[nodiscard]] QString engineHelp(const QList<Engine> &engines, Timestamp now);

} // namespace sandglass
