#pragma once

#include "ui/consoledata.h"
#include "ui/pagecontext.h"

#include <QMainWindow>

class QLabel;
class QListWidget;
class QSettings;
class QStackedWidget;
class QToolButton;

namespace sandglass {

class ConsoleDialog;
class AuditLogPage;
class CleanupHistoryPage;
class CleanupPage;
class EnginesPage;
class OperationsPage;
class RegistriesPage;
class SandboxesPage;
class SchedulesPage;
class SettingsPage;
class SnapshotsPage;
class TablePage;

/// The console: a list of pages, the page, and in the status bar what is going on and which engines
/// answer. All that is given to it must outlive it.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// Begins to load in the background at once. `settings` keeps window, columns and splitters.
    MainWindow(
        const UseCases &useCases,
        ChangeFeed &feed,
        QThreadPool &pool,
        QSettings &settings,
        const Caller &caller,
        QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] ConsoleData &data() { return m_data; }
    [[nodiscard]] SandboxesPage &sandboxesPage() { return *m_sandboxes; }
    [[nodiscard]] SnapshotsPage &snapshotsPage() { return *m_snapshots; }
    [[nodiscard]] EnginesPage &enginesPage() { return *m_engines; }
    [[nodiscard]] RegistriesPage &registriesPage() { return *m_registries; }
    [[nodiscard]] CleanupPage &cleanupPage() { return *m_cleanup; }
    [[nodiscard]] SchedulesPage &schedulesPage() { return *m_schedules; }
    [[nodiscard]] SettingsPage &settingsPage() { return *m_settingsPage; }
    [[nodiscard]] const QList<TablePage *> &pages() const { return m_pages; }

    void showPage(TablePage &page);
    ConsoleDialog *askToRebuild(); ///< opens the dialog

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void addPage(TablePage *page);
    void buildMenus();
    void buildStatusBar();
    [[nodiscard]] TablePage &currentPage() const;
    void showStatus();
    void reportFinished(const Operation &operation);
    void rebuild();
    void reportRebuild(const QList<EngineRebuild> &rebuilds);
    void showShortcuts();
    void showAbout();

    QSettings &m_settings;
    ConsoleData m_data;
    PageContext m_context;
    QList<TablePage *> m_pages;
    SandboxesPage *m_sandboxes;
    SnapshotsPage *m_snapshots;
    OperationsPage *m_operations;
    EnginesPage *m_engines;
    RegistriesPage *m_registries;
    CleanupPage *m_cleanup;
    CleanupHistoryPage *m_history;
    SchedulesPage *m_schedules;
    AuditLogPage *m_audit;
    SettingsPage *m_settingsPage;
    QListWidget *m_navigation;
    QStackedWidget *m_stack;
    QLabel *m_activity;
    QToolButton *m_engineState;
};

} // namespace sandglass
