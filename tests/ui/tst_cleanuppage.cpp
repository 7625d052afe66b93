#include "services/storage/cleanuprunrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/cleanuppage.h"
#include "ui/dialogs/changettldialog.h"
#include "ui/dialogs/deletesnapshotsdialog.h"
#include "ui/dialogs/pinsnapshotsdialog.h"
#include "ui/dialogs/runcleanupdialog.h"
#include "ui/settingspage.h"
#include "ui/snapshotspage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const SnapshotId expiredOne = SnapshotId::trusted(u"snap-c71hh2m9s0w4e8zz"_s);
const SnapshotId pinnedOne = SnapshotId::trusted(u"snap-pinned000"_s);
const SnapshotId trashedOne = SnapshotId::trusted(u"snap-trashed00"_s);
const SnapshotId taggedOne = SnapshotId::trusted(u"snap-k3v9q2xw81mz0a4c"_s);

} // namespace

/// Plan, run, history, trash, pins and times to live, by clicks.
class CleanupPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void init()
    {
        m_rig = std::make_unique<ConsoleRig>();
        m_rig->fillWithCleanups();
        m_window = m_rig->openWindow();
        // What the rig wrote may be told after the first plan was made.
        QVERIFY(waitFor([this] {
            ConsoleData &data = m_window->data();
            if (data.isCleanupPlanOld())
                data.makeCleanupPlan();
            return !data.cleanupPlan().id.isEmpty() && !data.isCleanupPlanOld();
        }));
    }

    void cleanup()
    {
        m_window.reset();
        m_rig.reset();
    }

    void planIsShownAndExecuted()
    {
        CleanupPage &page = m_window->cleanupPage();
        m_window->showPage(page);
        QCOMPARE(text(page, 0, 0), expiredOne.text()); // what goes comes first
        QCOMPARE(text(page, 0, 1), u"Delete"_s);
        page.select(pinnedOne.text());
        QVERIFY(takePictures(*m_window, u"cleanup-page"_s));
        auto *dialog = qobject_cast<RunCleanupDialog *>(page.askToRun());
        QVERIFY(dialog);
        QVERIFY(cancel(*dialog).isDefault());
        auto &victims = child<QTreeWidget>(*dialog, u"victimList"_s);
        QCOMPARE(victims.topLevelItemCount(), 1);
        QCOMPARE(victims.topLevelItem(0)->text(0), expiredOne.text());
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([this] { return statusOf(expiredOne) == SnapshotStatus::Deleting; }));
        QCOMPARE(statusOf(pinnedOne), SnapshotStatus::Active);
        QVERIFY(waitFor([this] { return m_window->data().cleanupRuns().rowCount() == 2; }));
        QVERIFY(waitFor([this] { return m_window->data().cleanupPlan().deletions == 0; }));
        QVERIFY(waitFor([&page] { return !child<QAction>(page, u"runPlanAction"_s).isEnabled(); }));
    }

    void aQuestionIsAnsweredFirst()
    {
        CleanupPlan plan = m_window->data().cleanupPlan();
        plan.question =
            u"it would delete 51 snapshots, and more than 50 at once are asked about first"_s;
        const auto dialog = shown(std::make_unique<RunCleanupDialog>(plan));
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY(takePictures(*dialog, u"run-cleanup-dialog"_s));
        QTest::mouseClick(
            &child<QCheckBox>(*dialog, u"confirmCheck"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(verb(*dialog).isEnabled());
    }

    void theTimersQuestionIsShown()
    {
        m_window->showPage(m_window->cleanupPage());
        m_rig->write([](Session &session) -> Done {
            SANDGLASS_CHECK(session.recordChange(Change::Subject::Cleanup, u"timer"_s));
            return CleanupRunRepository(session).saveTimer(
                {sample::now, u"it would delete 51 snapshots"_s});
        });
        QVERIFY(waitFor([this] { return banner().contains(u"it would delete 51 snapshots"_s); }));
    }

    void aPlanThatIsOldSaysSo()
    {
        m_window->showPage(m_window->cleanupPage());
        QVERIFY(waitFor([this] { return !banner().contains(u"since this plan was made"_s); }));
        QVERIFY(m_rig->useCases().retention.pin(space(), {expiredOne}, u"wanted"_s, {}, ann()));
        QVERIFY(waitFor([this] { return banner().contains(u"since this plan was made"_s); }));
        child<QAction>(m_window->cleanupPage(), u"makePlanAction"_s).trigger();
        QVERIFY(waitFor([this] { return m_window->data().cleanupPlan().deletions == 0; }));
        QVERIFY(waitFor([this] { return !banner().contains(u"since this plan was made"_s); }));
    }

    void historyNamesWhatBecameOfEach()
    {
        TablePage &page = pageCalled(u"historyPage"_s);
        m_window->showPage(page);
        page.selectFirst();
        const auto details = [&page] { return detailsText(page); };
        QVERIFY(waitFor([&] { return details().contains(u"deletion is disabled"_s); }));
        QVERIFY(details().contains(u"it was restored since the plan was made"_s));
        QVERIFY(takePictures(*m_window, u"cleanup-history"_s));
    }

    void trashIsHiddenUntilItIsAskedFor()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(trashedOne.text());
        QVERIFY(!selected(page).contains(trashedOne.text()));
        auto &states = child<QComboBox>(page, u"stateFilter"_s);
        states.setCurrentIndex(states.findText(u"In the trash"_s));
        QVERIFY(waitFor([&] { return page.table().model()->rowCount() == 1; }));
        page.selectFirst();
        QVERIFY(takePictures(*m_window, u"snapshots-trash"_s));
        auto &takeBack = child<QAction>(page, u"takeBackAction"_s);
        QVERIFY(waitFor([&] { return takeBack.isEnabled(); }));
        takeBack.trigger();
        QVERIFY(waitFor([this] { return statusOf(trashedOne) == SnapshotStatus::Active; }));
    }

    void deletionGoesToTheTrashFirst()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(taggedOne.text());
        auto *dialog = qobject_cast<DeleteSnapshotsDialog *>(page.askToDelete());
        QVERIFY(dialog);
        QVERIFY(child<QCheckBox>(*dialog, u"trashCheck"_s).isChecked());
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([this] { return statusOf(taggedOne) == SnapshotStatus::Trashed; }));
        QCOMPARE(
            m_rig->useCases().snapshots.find(taggedOne)->trashedUntil, m_rig->clock().now() + 24h);
    }

    void whatIsPinnedMeanwhileStaysAndIsNamed()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.table().selectAll();
        auto *dialog = qobject_cast<DeleteSnapshotsDialog *>(page.askToDelete());
        QVERIFY(dialog);
        QVERIFY(child<QTreeWidget>(*dialog, u"victimList"_s).topLevelItemCount() > 2);
        QVERIFY(m_rig->useCases().retention.pin(space(), {taggedOne}, u"mine"_s, {}, ann()));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([&page] { return page.messages().isVisible(); }));
        QVERIFY2(
            page.messages().text().contains(u"Snapshot %1 was not deleted"_s.arg(taggedOne.text())),
            qPrintable(page.messages().text()));
        QCOMPARE(statusOf(taggedOne), SnapshotStatus::Active);
        QCOMPARE(statusOf(expiredOne), SnapshotStatus::Trashed);
    }

    void whenAllAreInTheTrashItIsOffered()
    {
        m_rig->write([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(u"UPDATE snapshots SET status = 'trashed'"_s));
            return {};
        });
        m_window = m_rig->openWindow();
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        QVERIFY(!page.table().isVisible());
        QTest::mouseClick(&child<QPushButton>(page, u"emptyButton"_s), Qt::LeftButton);
        QVERIFY(waitFor([&page] { return page.table().isVisible(); }));
    }

    void pinsWhatTheDialogNamed()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(taggedOne.text());
        auto *dialog = qobject_cast<PinSnapshotsDialog *>(page.askToPin());
        QVERIFY(dialog);
        page.setFilterText(u"nothing is called so"_s);
        QVERIFY(waitFor([&page] { return selected(page).isEmpty(); }));
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"reasonEdit"_s), u"before the release"_s);
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor(
            [this] { return m_rig->useCases().snapshots.find(taggedOne)->pin.has_value(); }));
    }

    void pinsByClicks()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(taggedOne.text());
        auto *dialog = qobject_cast<PinSnapshotsDialog *>(page.askToPin());
        QVERIFY(dialog);
        QVERIFY(!verb(*dialog).isEnabled()); // without a reason
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"reasonEdit"_s), u"before the release"_s);
        QVERIFY(takePictures(*dialog, u"pin-dialog"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        const auto pin = [this] { return m_rig->useCases().snapshots.find(taggedOne)->pin; };
        QVERIFY(waitFor([&] { return pin().has_value(); }));
        QCOMPARE(pin()->reason, u"before the release"_s);
        QVERIFY(pin()->until);
        auto &unpin = child<QAction>(page, u"unpinAction"_s);
        QVERIFY(waitFor([&] { return unpin.isEnabled(); }));
        QVERIFY(!child<QAction>(page, u"deleteAction"_s).isEnabled());
        unpin.trigger();
        QVERIFY(waitFor([&] { return !pin(); }));
    }

    void timeToLiveByClicks()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(taggedOne.text());
        auto *dialog = qobject_cast<ChangeTtlDialog *>(page.askForTtl());
        QVERIFY(dialog);
        QVERIFY(takePictures(*dialog, u"change-ttl-dialog"_s));
        auto &preset = *dialog->findChild<QComboBox *>();
        preset.setCurrentIndex(preset.findText(u"90 days"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([this] {
            return m_rig->useCases().snapshots.find(taggedOne)->ttlSeconds == 90 * 86'400;
        }));
    }

    void rulesThatDeleteEverythingAreAskedAbout()
    {
        SettingsService &settings = m_rig->useCases().settings;
        QVERIFY(settings.change({}, {{Setting::KeepLast, 50}}, ann()));
        m_rig->clock().advance(24h * 3'650);
        m_rig->write([](Session &session) -> Done {
            SANDGLASS_CHECK(
                session.run(u"UPDATE snapshots SET ttl_secs = 60, pin_reason = NULL"_s));
            return {};
        });
        SettingsPage &page = m_window->settingsPage();
        m_window->showPage(page);
        QVERIFY(waitFor([&] {
            page.setFilterText(u"keep the last all namespaces"_s);
            return page.table().model()->rowCount() > 0;
        }));
        page.selectFirst();
        auto &takeBack = child<QAction>(page, u"takeBackSettingAction"_s);
        QVERIFY(waitFor([&] { return takeBack.isEnabled(); }));
        takeBack.trigger();
        const auto box = [this] {
            return m_window->findChild<QMessageBox *>(u"deleteEverythingBox"_s);
        };
        QVERIFY(waitFor([&] { return box() != nullptr; }));
        QVERIFY(box()->text().contains(u"would delete all"_s));
        for (QAbstractButton *button : box()->buttons()) {
            if (box()->buttonRole(button) == QMessageBox::AcceptRole)
                button->click();
        }
        QVERIFY(waitFor([&] { return settings.list({})->at(int(Setting::KeepLast)).value == 0; }));
    }

private:
    static NamespaceName space() { return NamespaceName::trusted(u"default"_s); }
    static Caller ann() { return {u"ann"_s, u"test"_s, {}}; }

    SnapshotStatus statusOf(const SnapshotId &id)
    {
        return m_rig->useCases().snapshots.find(id)->status;
    }

    static QString text(TablePage &page, int row, int column)
    {
        return page.table().model()->index(row, column).data().toString();
    }

    static QStringList selected(TablePage &page)
    {
        QStringList ids;
        for (const QModelIndex &index : page.table().selectionModel()->selectedRows())
            ids.append(index.data(IdRole).toString());
        return ids;
    }

    QString banner() { return child<Callout>(m_window->cleanupPage(), u"banner"_s).text(); }

    static QString detailsText(TablePage &page)
    {
        QStringList texts;
        for (const QLabel *label : page.findChildren<QLabel *>())
            texts.append(label->text());
        return texts.join(u'\n');
    }

    TablePage &pageCalled(const QString &name)
    {
        for (TablePage *page : m_window->pages()) {
            if (page->objectName() == name)
                return *page;
        }
        qFatal("no page %s", qPrintable(name));
    }

    std::unique_ptr<ConsoleRig> m_rig;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(CleanupPageTest)
#include "tst_cleanuppage.moc"
