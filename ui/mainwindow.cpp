#include "ui/mainwindow.h"

#include "models/statewords.h"
#include "services/core/background.h"
#include "services/storage/changefeed.h"
#include "services/usecases/rebuildwords.h"
#include "ui/auditlogpage.h"
#include "ui/cleanuphistorypage.h"
#include "ui/cleanuppage.h"
#include "ui/dialogs/rebuilddialog.h"
#include "ui/enginespage.h"
#include "ui/operationspage.h"
#include "ui/registriespage.h"
#include "ui/sandboxespage.h"
#include "ui/schedulespage.h"
#include "ui/settingspage.h"
#include "ui/snapshotspage.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QThreadPool>
#include <QToolButton>
#include <QTreeView>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QSize firstWindowSize{1280, 800};
constexpr int navigationWidth = 168;
constexpr int navigationIconSize = 20;
constexpr int fewestThreads = 8;
constexpr int statusMilliseconds = 8'000;

QString engineStateText(const QList<Engine> &engines, Timestamp now)
{
    if (engines.isEmpty())
        return MainWindow::tr("No engine");
    if (engines.size() == 1) {
        const Engine &engine = engines.first();
        const QString text = engine.name.text() + u": "_s + stateText(engine, now);
        return engine.state == EngineState::Connected ? text + u", "_s + engine.productAndVersion()
                                                      : text;
    }
    const auto connected = std::count_if(engines.begin(), engines.end(), [](const Engine &engine) {
        return engine.state == EngineState::Connected;
    });
    return MainWindow::tr("%1 of %2 engines connected").arg(connected).arg(engines.size());
}

/// The digit that goes to a page, together with Ctrl: 1 for the first, 0 for the tenth.
int digitOf(qsizetype page)
{
    return int(page + 1) % 10;
}

/// The mark of the engine that is worst off.
StateMark worstMark(const QList<Engine> &engines)
{
    StateMark worst = engines.isEmpty() ? StateMark::Warning : StateMark::Good;
    for (const Engine &engine : engines) {
        const StateMark mark = markOf(engine.state);
        if (mark == StateMark::Failed || worst == StateMark::Good)
            worst = mark;
    }
    return worst;
}

} // namespace

MainWindow::MainWindow(
    const UseCases &useCases,
    ChangeFeed &feed,
    QThreadPool &pool,
    QSettings &settings,
    const Caller &caller,
    QWidget *parent)
    : QMainWindow(parent)
    , m_settings(settings)
    , m_data(useCases, feed, pool)
    , m_context{useCases, m_data, pool, caller}
    , m_sandboxes(new SandboxesPage(m_context, this))
    , m_snapshots(new SnapshotsPage(m_context, this))
    , m_operations(new OperationsPage(m_context, this))
    , m_engines(new EnginesPage(m_context, this))
    , m_registries(new RegistriesPage(m_context, this))
    , m_cleanup(new CleanupPage(m_context, this))
    , m_history(new CleanupHistoryPage(m_context, this))
    , m_schedules(new SchedulesPage(m_context, this))
    , m_audit(new AuditLogPage(m_context, this))
    , m_settingsPage(new SettingsPage(m_context, this))
    , m_navigation(new QListWidget(this))
    , m_stack(new QStackedWidget(this))
    , m_activity(new QLabel(this))
    , m_engineState(new QToolButton(this))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(u"Sandglass"_s);
    setWindowIcon(programIcon());
    // Engines that do not answer must not hold up what only asks the database.
    pool.setMaxThreadCount(std::max(pool.maxThreadCount(), fewestThreads));

    m_navigation->setObjectName(u"navigation"_s);
    m_navigation->setAccessibleName(tr("Pages"));
    m_navigation->setIconSize({navigationIconSize, navigationIconSize});
    m_navigation->setFixedWidth(navigationWidth);
    m_navigation->setFrameShape(QFrame::NoFrame);
    m_navigation->setSpacing(2);
    for (TablePage *page : std::initializer_list<TablePage *>{
             m_sandboxes,
             m_snapshots,
             m_operations,
             m_engines,
             m_registries,
             m_cleanup,
             m_history,
             m_schedules,
             m_audit,
             m_settingsPage})
        addPage(page);
    m_sandboxes->setAddEngineAction(m_engines->addAction());

    auto *central = new QWidget(this);
    auto *row = new QHBoxLayout(central);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(m_stack, 1);
    setCentralWidget(central);
    buildStatusBar();
    buildMenus();

    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int chosen) {
        showPage(*m_pages.at(chosen));
    });
    connect(m_sandboxes, &SandboxesPage::snapshotsWanted, this, [this](const QString &sandbox) {
        m_snapshots->setFilterText(sandbox);
        showPage(*m_snapshots);
    });
    connect(&m_data, &ConsoleData::updated, this, &MainWindow::showStatus);
    connect(&m_data, &ConsoleData::ticked, this, &MainWindow::showStatus);
    connect(&m_data, &ConsoleData::operationFinished, this, &MainWindow::reportFinished);

    resize(firstWindowSize);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    for (TablePage *page : std::as_const(m_pages))
        page->restore(settings);
    const int page = settings.value(u"window/page"_s, 0).toInt();
    showPage(*m_pages.at(std::clamp(page, 0, int(m_pages.size()) - 1)));
    showStatus();
}

MainWindow::~MainWindow()
{
    // The pages look at the models, and so must go first.
    delete takeCentralWidget();
}

void MainWindow::addPage(TablePage *page)
{
    auto *item = new QListWidgetItem(icon(page->iconName()), page->title(), m_navigation);
    item->setToolTip(tr("%1 (Ctrl+%2)").arg(page->title()).arg(digitOf(m_pages.size())));
    m_stack->addWidget(page);
    m_pages.append(page);
    connect(page, &TablePage::told, this, [this](const QString &text) {
        statusBar()->showMessage(text, statusMilliseconds);
    });
}

void MainWindow::showPage(TablePage &page)
{
    for (TablePage *each : std::as_const(m_pages))
        each->setCurrent(each == &page);
    m_stack->setCurrentWidget(&page);
    m_navigation->setCurrentRow(int(m_pages.indexOf(&page)));
}

TablePage &MainWindow::currentPage() const
{
    return *m_pages.at(m_stack->currentIndex());
}

void MainWindow::buildMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    QMenu *view = new QMenu(tr("&View"), this);
    const QStringList menuTitles{
        tr("S&andbox"),
        tr("&Snapshot"),
        tr("&Operation"),
        tr("&Engine"),
        tr("&Registry"),
        tr("&Cleanup"),
        tr("&History"),
        tr("Sche&dules"),
        tr("A&udit"),
        tr("Se&ttings")};
    for (qsizetype i = 0; i < m_pages.size(); ++i) {
        TablePage *page = m_pages.at(i);
        QMenu *menu = menuBar()->addMenu(menuTitles.at(i));
        menu->addActions(page->pageActions());
        menu->setToolTipsVisible(true);

        QAction *go = view->addAction(icon(page->iconName()), page->title());
        go->setObjectName(page->objectName() + u"Action"_s);
        go->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + digitOf(i))));
        connect(go, &QAction::triggered, this, [this, page] {
            showPage(*page);
            page->table().setFocus();
        });
    }
    menuBar()->addMenu(view);
    view->addSeparator();
    QAction *find = view->addAction(icon(IconName::Find), tr("&Filter"));
    find->setObjectName(u"findAction"_s);
    find->setShortcut(QKeySequence::Find);
    connect(find, &QAction::triggered, this, [this] { currentPage().focusFilter(); });
    QAction *reload = view->addAction(icon(IconName::Refresh), tr("&Reload"));
    reload->setObjectName(u"reloadAction"_s);
    reload->setShortcut(QKeySequence::Refresh);
    connect(reload, &QAction::triggered, &m_data, &ConsoleData::load);

    QAction *rebuildAction = file->addAction(icon(IconName::Engine), tr("Re&build from Engines…"));
    rebuildAction->setObjectName(u"rebuildAction"_s);
    connect(rebuildAction, &QAction::triggered, this, &MainWindow::askToRebuild);
    file->addSeparator();
    QAction *quit = file->addAction(tr("&Quit"));
    quit->setObjectName(u"quitAction"_s);
    quit->setShortcut(QKeySequence::Quit);
    connect(quit, &QAction::triggered, this, &QWidget::close);

    QMenu *help = menuBar()->addMenu(tr("Hel&p"));
    QAction *shortcuts =
        help->addAction(tr("&Keyboard Shortcuts"), this, &MainWindow::showShortcuts);
    shortcuts->setObjectName(u"shortcutsAction"_s);
    shortcuts->setShortcut(QKeySequence::HelpContents);
    help->addAction(tr("&About Sandglass"), this, &MainWindow::showAbout);
}

void MainWindow::buildStatusBar()
{
    m_activity->setObjectName(u"activity"_s);
    m_engineState->setObjectName(u"engineState"_s);
    m_engineState->setAutoRaise(true);
    m_engineState->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_engineState, &QToolButton::clicked, this, [this] { showPage(*m_engines); });
    statusBar()->addPermanentWidget(m_activity);
    statusBar()->addPermanentWidget(m_engineState);
}

void MainWindow::showStatus()
{
    const QList<Engine> &engines = m_data.engines().rows();
    const Timestamp now = m_data.engines().now();
    m_engineState->setText(m_data.isLoaded() ? engineStateText(engines, now) : tr("Loading…"));
    m_engineState->setIcon(icon(m_data.isLoaded() ? worstMark(engines) : StateMark::Working));
    QStringList lines;
    for (const Engine &engine : engines)
        lines.append(
            u"%1 (%2): %3"_s.arg(engine.name.text(), engine.address, stateText(engine, now)));
    m_engineState->setToolTip(lines.join(u'\n'));

    const int working = m_data.operations().unfinishedCount();
    m_activity->setText(
        working == 0       ? QString()
            : working == 1 ? tr("1 operation in progress")
                           : tr("%n operations in progress", nullptr, working));
    QListWidgetItem *operations = m_navigation->item(int(m_pages.indexOf(m_operations)));
    operations->setText(
        working == 0 ? m_operations->title()
                     : tr("%1 (%2)").arg(m_operations->title()).arg(working));
}

void MainWindow::reportFinished(const Operation &operation)
{
    const QString what =
        kindText(operation.kind) + u' ' + m_data.operations().subjectText(operation);
    if (operation.state == OperationState::Failed) {
        currentPage().messages().showMessage(
            Tone::Negative,
            tr("%1: failed. %2").arg(what, operation.error),
            tr("Operation %1 on the page “Operations” has the steps.").arg(operation.id.text()));
    } else {
        statusBar()->showMessage(
            operation.state == OperationState::Succeeded ? tr("%1: done.").arg(what)
                                                         : tr("%1: cancelled.").arg(what),
            statusMilliseconds);
    }
}

ConsoleDialog *MainWindow::askToRebuild()
{
    QStringList answering;
    QStringList silent;
    for (const Engine &engine : m_data.engines().rows())
        (engine.state == EngineState::Connected ? answering : silent).append(engine.name.text());
    auto *dialog = new RebuildDialog(answering, silent, this);
    connect(dialog, &QDialog::accepted, this, &MainWindow::rebuild);
    dialog->open();
    return dialog;
}

void MainWindow::rebuild()
{
    statusBar()->showMessage(tr("Asking the engines…"));
    inBackground(
        m_context.pool,
        this,
        [service = &m_context.useCases.rebuild, caller = m_context.caller] {
            return service->rebuild(caller);
        },
        [this](const Result<QList<EngineRebuild>> &rebuilds) {
            statusBar()->clearMessage();
            if (rebuilds)
                reportRebuild(*rebuilds);
            else
                currentPage().messages().showError(
                    tr("The list was not rebuilt."), rebuilds.error());
        });
}

void MainWindow::reportRebuild(const QList<EngineRebuild> &rebuilds)
{
    qsizetype added = 0;
    qsizetype skipped = 0;
    QStringList silent;
    for (const EngineRebuild &each : rebuilds) {
        added += each.sandboxes.size() + each.snapshots.size();
        skipped += each.skipped.size();
        if (each.error)
            silent.append(each.engine.text());
    }
    QString text = added == 0 ? tr("The engines have nothing that was not known.")
                              : tr("%n sandboxes and snapshots were added.", nullptr, int(added));
    if (skipped > 0)
        text += u' ' + tr("Left alone: %1.").arg(skipped);
    if (!silent.isEmpty())
        text += u' ' + tr("Not answered: %1.").arg(silent.join(u", "_s));
    currentPage().messages().showMessage(
        silent.isEmpty() && skipped == 0 ? Tone::Positive : Tone::Caution,
        text,
        linesFor(rebuilds).join(u'\n'));
}

void MainWindow::showShortcuts()
{
    QStringList lines;
    const QList<QAction *> actions = findChildren<QAction *>();
    for (const QAction *action : actions) {
        if (!action->shortcut().isEmpty() && !action->text().isEmpty()) {
            lines.append(
                action->shortcut().toString(QKeySequence::NativeText) + u"\t"_s
                + QString(action->text()).remove(u'&').remove(u'…'));
        }
    }
    auto *box = new QMessageBox(
        QMessageBox::NoIcon, tr("Keyboard Shortcuts"), lines.join(u'\n'), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(
        QMessageBox::NoIcon,
        tr("About Sandglass"),
        tr("Sandglass %1\nSnapshots of container sandboxes, kept for as long as they shall "
           "live.\n\n"
           "Free software under the GNU General Public License, version 3 or later.")
            .arg(QStringLiteral(SANDGLASS_VERSION)),
        QMessageBox::Close,
        this);
    box->setIconPixmap(programIcon().pixmap(64));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setValue(u"window/geometry"_s, saveGeometry());
    m_settings.setValue(u"window/page"_s, m_stack->currentIndex());
    for (const TablePage *page : std::as_const(m_pages))
        page->save(m_settings);
    QMainWindow::closeEvent(event);
}

} // namespace sandglass
