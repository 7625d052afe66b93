#include "services/storage/enginerepository.h"
#include "services/storage/operationrepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/detailspane.h"
#include "ui/enginespage.h"
#include "ui/sandboxespage.h"
#include "ui/snapshotspage.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

QAction &action(const MainWindow &window, const QString &name)
{
    return child<QAction>(window, name);
}

QString detailsTitle(const TablePage &page)
{
    return child<DetailsPane>(page, u"details"_s).details().title;
}

Snapshot numbered(int number)
{
    Snapshot snapshot = sample::snapshot(QString::number(100'000 + number));
    snapshot.createdAt = sample::now - std::chrono::seconds(number);
    return snapshot;
}

} // namespace

/// The window over a store without any engine: loading, following, keys, what is enabled, what is
/// kept.
class WindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void pagesShowTheStoreAndDetails()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        QCOMPARE(window->data().sandboxes().rowCount(), 8);
        QCOMPARE(window->data().snapshots().rowCount(), 7);
        QCOMPARE(window->data().operations().rowCount(), 4);
        QCOMPARE(window->data().engines().rowCount(), 2);
        QCOMPARE(
            child<QToolButton>(*window, u"engineState"_s).text(), u"1 of 2 engines connected"_s);
        QVERIFY(child<QLabel>(*window, u"activity"_s).text().contains(u"2 operations"_s));
        const QStringList subjects{u"sb-web"_s, u"snap-k3v9q2xw81mz0a4c"_s, u"op-1"_s, u"lab"_s};
        for (int i = 0; i < subjects.size(); ++i) {
            TablePage &page = *window->pages().at(i);
            window->showPage(page);
            page.select(subjects.at(i));
            QVERIFY(waitFor([&page] { return !detailsTitle(page).isEmpty(); }));
            QVERIFY(takePictures(*window, u"page-"_s + page.objectName()));
        }
        Callout &banner = child<Callout>(window->snapshotsPage(), u"banner"_s);
        QVERIFY2(banner.text().contains(u"commit (4 of 7)"_s), qPrintable(banner.text()));
    }

    void changesOfTheStoreArriveWithoutLosingThePlace()
    {
        ConsoleRig rig;
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(sample::engine(u"local"_s)));
            SANDGLASS_CHECK(SandboxRepository(session).insert(sample::sandbox(u"web"_s)));
            for (int i = 0; i < 300; ++i)
                SANDGLASS_CHECK(SnapshotRepository(session).insert(numbered(i)));
            return {};
        });
        const auto window = rig.openWindow();
        SnapshotsPage &page = window->snapshotsPage();
        window->showPage(page);
        page.select(numbered(150).id.text());
        QVERIFY(waitFor([&page] { return detailsTitle(page) == numbered(150).id.text(); }));
        const int place = page.table().verticalScrollBar()->value();
        QVERIFY(place > 0);
        QSignalSpy resets(page.table().model(), &QAbstractItemModel::modelReset);

        rig.write([](Session &session) -> Done {
            SnapshotRepository snapshots(session);
            Snapshot changed = numbered(150);
            changed.note = u"kept for the audit"_s;
            SANDGLASS_CHECK(snapshots.save(changed));
            Snapshot removed = numbered(299);
            SANDGLASS_CHECK(snapshots.apply(removed, SnapshotEvent::DeletionAsked));
            SANDGLASS_CHECK(snapshots.apply(removed, SnapshotEvent::Removed));
            return snapshots.insert(numbered(500));
        });
        SnapshotTableModel &model = window->data().snapshots();
        QVERIFY(waitFor([&model] { return model.find(numbered(500).id) != nullptr; }));
        QVERIFY(!model.find(numbered(299).id));
        QCOMPARE(model.find(numbered(150).id)->note, u"kept for the audit"_s);
        QCOMPARE(page.table().currentIndex().data(IdRole).toString(), numbered(150).id.text());
        QCOMPARE(page.table().verticalScrollBar()->value(), place);
        QCOMPARE(resets.count(), 0);
    }

    void snapshotsExpireOnTheScreenAtTheirTime()
    {
        ConsoleRig rig;
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(sample::engine(u"local"_s)));
            SANDGLASS_CHECK(SandboxRepository(session).insert(sample::sandbox(u"web"_s)));
            Snapshot soon = sample::snapshot(u"soon"_s);
            soon.createdAt = sample::now;
            soon.ttlSeconds = 1;
            SANDGLASS_CHECK(SnapshotRepository(session).insert(soon));
            return SnapshotRepository(session).saveLocation(soon.locations.first());
        });
        const auto window = rig.openWindow();
        SnapshotTableModel &model = window->data().snapshots();
        const QModelIndex state = model.index(0, int(SnapshotTableModel::Column::State));
        QCOMPARE(state.data().toString(), u"Active"_s);
        rig.clock().advance(1s);
        QVERIFY(waitFor([&state] { return state.data().toString() == u"Expired"_s; }));
    }

    void snapshotsWhoseImageVanishedAreFoundAndNotRestored()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        SnapshotsPage &page = window->snapshotsPage();
        window->showPage(page);
        auto &filter = child<QComboBox>(page, u"stateFilter"_s);
        filter.setCurrentText(u"Image missing"_s);
        QCOMPARE(page.table().model()->rowCount(), 1);
        page.selectFirst();
        QAction &restore = action(*window, u"restoreAction"_s);
        QVERIFY(waitFor([&restore] { return restore.toolTip().contains(u"image is gone"_s); }));
        QVERIFY(!restore.isEnabled());
        QVERIFY(takePictures(*window, u"page-image-missing"_s));

        rig.write([](Session &session) -> Done {
            Location location = sample::snapshot(u"vanished0"_s).locations.first();
            return SnapshotRepository(session).saveLocation(location);
        });
        QVERIFY(waitFor([&page] { return page.table().model()->rowCount() == 0; }));
        filter.setCurrentIndex(0);
        page.select(u"snap-vanished0"_s);
        QVERIFY(waitFor([&restore] { return restore.isEnabled(); }));
    }

    void keysLeadToPagesFilterAndBack()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        auto &navigation = child<QListWidget>(*window, u"navigation"_s);
        for (int i = 3; i >= 0; --i) {
            QTest::keyClick(window.get(), Qt::Key(Qt::Key_1 + i), Qt::ControlModifier);
            QCOMPARE(navigation.currentRow(), i);
            QVERIFY(window->pages().at(i)->isVisible());
        }
        SandboxesPage &page = window->sandboxesPage();
        QTest::keyClick(window.get(), Qt::Key_F, Qt::ControlModifier);
        auto &filter = child<QLineEdit>(page, u"filterEdit"_s);
        QVERIFY(filter.hasFocus());
        QTest::keyClicks(&filter, u"tensor"_s);
        QCOMPARE(page.table().model()->rowCount(), 1);
        QTest::keyClicks(&filter, u" nothing such"_s);
        auto &title = child<QLabel>(page, u"emptyTitle"_s);
        QVERIFY(waitFor([&title] { return title.isVisible(); }));
        QTest::mouseClick(&child<QPushButton>(page, u"emptyButton"_s), Qt::LeftButton);
        QCOMPARE(page.table().model()->rowCount(), 8);
    }

    void actionsWorkOnThePageOnTheScreenOnly()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        window->sandboxesPage().select(u"sb-web"_s);
        QVERIFY(waitFor([&window] { return action(*window, u"terminateAction"_s).isEnabled(); }));
        QVERIFY(!action(*window, u"deleteAction"_s).isEnabled());
        window->showPage(window->snapshotsPage());
        QVERIFY(!action(*window, u"terminateAction"_s).isEnabled());
        QVERIFY(action(*window, u"terminateAction"_s).toolTip().contains(u"Sandboxes"_s));
        QVERIFY(action(*window, u"newSandboxAction"_s).isEnabled());

        window->showPage(window->sandboxesPage());
        window->sandboxesPage().select(u"sb-batch"_s);
        QVERIFY(
            waitFor([&window] { return !action(*window, u"createSnapshotAction"_s).isEnabled(); }));
        QVERIFY(action(*window, u"createSnapshotAction"_s).toolTip().contains(u"Stopped"_s));
    }

    void deletingSeveralAsksOnceAndJournalsEach()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        SnapshotsPage &page = window->snapshotsPage();
        window->showPage(page);
        page.table().setFocus();
        page.table().selectAll();
        QVERIFY(waitFor([&window] { return action(*window, u"deleteAction"_s).isEnabled(); }));
        QVERIFY(!action(*window, u"restoreAction"_s).isEnabled());

        QTest::keyClick(&page.table(), Qt::Key_Delete);
        auto *refused = window->findChild<ConsoleDialog *>(u"deleteSnapshotsDialog"_s);
        QVERIFY(refused);
        QVERIFY(waitFor([refused] { return refused->isSettled(); }));
        QTest::keyClick(refused, Qt::Key_Escape);
        QVERIFY(waitFor([&window] { return !window->findChild<QDialog *>(); }));
        window->activateWindow(); // which no window manager does here
        QVERIFY(QTest::qWaitForWindowActive(window.get()));

        QTest::keyClick(&page.table(), Qt::Key_Delete);
        auto *dialog = window->findChild<ConsoleDialog *>(u"deleteSnapshotsDialog"_s);
        QVERIFY(dialog);
        auto &verb = child<QPushButton>(*dialog, u"verbButton"_s);
        QCOMPARE(verb.text(), u"&Delete 5 snapshots"_s);
        child<QCheckBox>(*dialog, u"trashCheck"_s).setChecked(false);
        QTest::mouseClick(&verb, Qt::LeftButton);
        SnapshotTableModel &model = window->data().snapshots();
        QVERIFY(waitFor([&model] {
            return std::count_if(
                       model.rows().begin(),
                       model.rows().end(),
                       [](const Snapshot &snapshot) {
                           return snapshot.status == SnapshotStatus::Deleting;
                       })
                == 6;
        }));
    }

    void errorsOfRequestsAreShownOnThePage()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        EnginesPage &page = window->enginesPage();
        window->showPage(page);
        page.select(u"local"_s);
        QVERIFY(
            waitFor([&window] { return action(*window, u"forgetEngineAction"_s).isEnabled(); }));
        action(*window, u"forgetEngineAction"_s).trigger();
        auto *dialog = window->findChild<ConsoleDialog *>(u"forgetEngineDialog"_s);
        QVERIFY(dialog);
        QTest::mouseClick(&child<QPushButton>(*dialog, u"verbButton"_s), Qt::LeftButton);
        QVERIFY(waitFor([&page] { return page.messages().isVisible(); }));
        QVERIFY2(
            page.messages().text().contains(u"was not forgotten"_s),
            qPrintable(page.messages().text()));
        QVERIFY(takePictures(*window, u"page-with-error"_s));
        QTest::mouseClick(&child<QToolButton>(page, u"messageCopyButton"_s), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), page.messages().wholeText());
        QTest::mouseClick(&child<QToolButton>(page, u"messageCloseButton"_s), Qt::LeftButton);
        QVERIFY(!page.messages().isVisible());
    }

    void aRebuildIsAskedForAndReported()
    {
        ConsoleRig rig;
        rig.write([](Session &session) {
            Engine silent = sample::engine(u"silent"_s);
            silent.address = u"unix:///nonexistent/engine.sock"_s;
            return EngineRepository(session).insert(silent);
        });
        const auto window = rig.openWindow();
        action(*window, u"rebuildAction"_s).trigger();
        auto *dialog = window->findChild<ConsoleDialog *>(u"rebuildDialog"_s);
        QVERIFY(dialog);
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        MessageBar &messages = window->pages().first()->messages();
        QVERIFY(waitFor([&messages] { return messages.isVisible(); }));
        QVERIFY2(
            messages.wholeText().contains(u"Not answered: silent"_s)
                && messages.wholeText().contains(u"/nonexistent/engine.sock"_s),
            qPrintable(messages.wholeText()));
    }

    void anOperationThatFailsIsReportedWhereOneIs()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        window->showPage(window->snapshotsPage());
        rig.write([](Session &session) -> Done {
            Operation failed = sample::runningOperation(u"1"_s);
            failed.state = OperationState::Failed;
            failed.error = u"No space is left."_s;
            failed.finishedAt = sample::now;
            return OperationRepository(session).save(failed);
        });
        MessageBar &messages = window->snapshotsPage().messages();
        QVERIFY(waitFor([&messages] { return messages.isVisible(); }));
        QCOMPARE(messages.text(), u"Create snapshot snap-new of web: failed. No space is left."_s);
    }

    void aStoreThatCannotBeReadIsSaidUntilItCanBe()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        Callout &banner = child<Callout>(window->sandboxesPage(), u"banner"_s);
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(u"ALTER TABLE operations RENAME TO away"_s));
            return {};
        });
        window->data().load();
        QVERIFY(waitFor([&banner] { return banner.text().contains(u"out of date"_s); }));
        QVERIFY(banner.isVisible());
        QCOMPARE(window->data().sandboxes().rowCount(), 8);
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(u"ALTER TABLE away RENAME TO operations"_s));
            return {};
        });
        QVERIFY(waitFor([&banner] { return !banner.text().contains(u"out of date"_s); }));
    }

    void emptyPagesSayWhatToDoNext()
    {
        ConsoleRig rig;
        {
            const auto window = rig.openWindow();
            auto &title = child<QLabel>(window->sandboxesPage(), u"emptyTitle"_s);
            QVERIFY(waitFor([&title] { return title.text() == u"No engine yet"_s; }));
            auto &button = child<QPushButton>(window->sandboxesPage(), u"emptyButton"_s);
            QVERIFY(button.isVisible());
            QTest::mouseClick(&button, Qt::LeftButton);
            QVERIFY(window->findChild<QDialog *>(u"addEngineDialog"_s));
        }
        rig.write([](Session &session) -> Done {
            Engine silent = sample::engine(u"local"_s);
            silent.state = EngineState::Unreachable;
            silent.error = u"Permission denied: connect (unix:///var/run/docker.sock)."_s;
            SANDGLASS_CHECK(EngineRepository(session).insert(silent));
            return EngineRepository(session).save(silent);
        });
        {
            const auto window = rig.openWindow();
            auto &title = child<QLabel>(window->sandboxesPage(), u"emptyTitle"_s);
            QVERIFY(waitFor([&title] {
                return title.text().startsWith(u"No engine answers at unix:///var/run"_s);
            }));
            QVERIFY(child<QLabel>(window->sandboxesPage(), u"emptyText"_s)
                        .text()
                        .contains(u"docker"_s));
            QVERIFY(takePictures(*window, u"page-no-engine"_s));
        }
        rig.write([](Session &session) -> Done {
            return EngineRepository(session).save(sample::engine(u"local"_s));
        });
        const auto window = rig.openWindow();
        auto &title = child<QLabel>(window->sandboxesPage(), u"emptyTitle"_s);
        QVERIFY(waitFor([&title] { return title.text() == u"No sandboxes yet"_s; }));
        QVERIFY(takePictures(*window, u"page-no-sandbox"_s));
    }

    void theWindowComesBackAsItWasLeft()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        {
            const auto window = rig.openWindow();
            window->resize(1111, 777);
            window->showPage(window->snapshotsPage());
            window->snapshotsPage().table().setColumnWidth(0, 321);
            window->close();
        }
        const auto window = rig.openWindow();
        QCOMPARE(window->size(), QSize(1111, 777));
        QVERIFY(window->snapshotsPage().isVisible());
        QCOMPARE(window->snapshotsPage().table().columnWidth(0), 321);
    }

    void tenThousandSnapshotsAreLoadedAtOnce()
    {
        ConsoleRig rig;
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(sample::engine(u"local"_s)));
            SANDGLASS_CHECK(SandboxRepository(session).insert(sample::sandbox(u"web"_s)));
            for (int i = 0; i < 10'000; ++i)
                SANDGLASS_CHECK(SnapshotRepository(session).insert(numbered(i)));
            return {};
        });
        QElapsedTimer timer;
        timer.start();
        const auto window = rig.openWindow();
        QCOMPARE(window->data().snapshots().rowCount(), 10'000);
        qInfo("shown and loaded with 10,000 snapshots: %lld ms", timer.elapsed());
    }

    void aWindowThatClosesWhileItLoadsIsNoTrouble()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        for (int i = 0; i < 20; ++i) {
            const auto window = rig.makeWindow();
            window->show();
        }
        const auto window = rig.openWindow();
        QCOMPARE(window->data().sandboxes().rowCount(), 8);
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
