#include "tests/models/samples.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/dialogs/deletesnapshotsdialog.h"
#include "ui/dialogs/restoredialog.h"
#include "ui/dialogs/terminatesandboxdialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

EngineName local()
{
    return EngineName::trusted(u"local"_s);
}

Result<RestorePlan> planFor(const RestoreDialog &dialog, const Snapshot &snapshot)
{
    return planRestore(
        snapshot, sample::now, dialog.request().wish, {sample::engine(u"local"_s)}, {});
}

} // namespace

class PlanDialogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    // Restore

    void restoreShowsThePlanBeforeItIsDone()
    {
        const Snapshot snapshot = sample::snapshot(u"good"_s);
        auto dialog = shown(std::make_unique<RestoreDialog>(
            snapshot, u"web"_s, QList<Engine>{sample::engine(u"local"_s)}, sample::now));
        QSignalSpy asked(dialog.get(), &RestoreDialog::planWanted);
        dialog->start();
        QCOMPARE(asked.count(), 1);
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY(!dialog->findChild<QRadioButton *>(u"forceRadio"_s));

        dialog->showPlan(dialog->request().wish, planFor(*dialog, snapshot));
        QVERIFY(dialog->isSettled());
        QVERIFY(verb(*dialog).isEnabled());
        QVERIFY(child<QLabel>(*dialog, u"planText"_s).text().contains(u"snap-good"_s));
        QVERIFY(child<FactList>(*dialog, u"planFacts"_s).text().contains(u"pgdata is shared"_s));
        QVERIFY(takePictures(*dialog, u"dialog-restore"_s));
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"nameEdit"_s), u"web again"_s);
        QTest::keyClick(dialog.get(), Qt::Key_Return);
        QCOMPARE(dialog->result(), int(QDialog::Accepted));
        QCOMPARE(dialog->request().displayName, u"web again"_s);
        QCOMPARE(dialog->request().wish.engine, local());
    }

    void restoreOfAnExpiredSnapshotIsFreshUnlessForcedWithAReason()
    {
        const Snapshot snapshot = sample::expiredSnapshot(u"old"_s);
        auto dialog = shown(std::make_unique<RestoreDialog>(
            snapshot, u"web"_s, QList<Engine>{sample::engine(u"local"_s)}, sample::now));
        dialog->start();
        const RestoreWish freshWish = dialog->request().wish;
        QCOMPARE(freshWish.force, ForceRestore::No);
        const auto freshPlan = planFor(*dialog, snapshot);
        dialog->showPlan(freshWish, freshPlan);
        QVERIFY(child<FactList>(*dialog, u"planFacts"_s)
                    .text()
                    .contains(u"Nothing that the snapshot holds"_s));
        QVERIFY(verb(*dialog).text().contains(u"fresh"_s));
        QVERIFY(takePictures(*dialog, u"dialog-restore-expired"_s));

        QTest::mouseClick(
            &child<QRadioButton>(*dialog, u"forceRadio"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(dialog->request().wish.force, ForceRestore::Yes);
        dialog->showPlan(freshWish, freshPlan); // late, of the wish before
        QVERIFY(!verb(*dialog).isEnabled());
        dialog->showPlan(dialog->request().wish, planFor(*dialog, snapshot));
        QVERIFY2(dialog->hindrance().contains(u"why"_s), qPrintable(dialog->hindrance()));
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"reasonEdit"_s), u"   "_s);
        QVERIFY(!verb(*dialog).isEnabled());
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"reasonEdit"_s), u"the data is needed"_s);
        QVERIFY(verb(*dialog).isEnabled());
        QVERIFY(takePictures(*dialog, u"dialog-restore-forced"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QCOMPARE(dialog->request().reason, u"the data is needed"_s);
    }

    void restoreIsDisabledWithTheReasonWhenACheckFailed()
    {
        const Snapshot snapshot = sample::snapshot(u"good"_s);
        RestoreDialog dialog(snapshot, u"web"_s, {sample::engine(u"local"_s)}, sample::now);
        dialog.start();
        Engine dead = sample::engine(u"local"_s);
        dead.state = EngineState::Unreachable;
        dialog.showPlan(
            dialog.request().wish,
            planRestore(snapshot, sample::now, dialog.request().wish, {dead}, {}));
        QCOMPARE(dialog.hindrance(), u"Engine local does not answer."_s);
        QVERIFY(!verb(dialog).isEnabled());
    }

    void restoreThatExpiresMeanwhileMustBeAskedAgain()
    {
        const Snapshot snapshot = sample::snapshot(u"good"_s);
        RestoreDialog dialog(snapshot, u"web"_s, {sample::engine(u"local"_s)}, sample::now);
        dialog.start();
        const auto later = sample::now + 24h * 30;
        dialog.showPlan(
            dialog.request().wish,
            planRestore(snapshot, later, dialog.request().wish, {sample::engine(u"local"_s)}, {}));
        QVERIFY(dialog.hindrance().contains(u"expired in the meantime"_s));
    }

    // Delete

    void deleteNamesTheVictimsAndWhatKeepsThem()
    {
        const QList<Snapshot> victims{
            sample::snapshot(u"one"_s),
            sample::snapshot(u"two"_s),
            sample::expiredSnapshot(u"old"_s)};
        auto dialog = shown(std::make_unique<DeleteSnapshotsDialog>(victims, 1, sample::now));
        QVERIFY(!dialog->isSettled());
        dialog->showKeepers(victims.at(0).id, QList<Sandbox>{sample::sandbox(u"child"_s)});
        dialog->showKeepers(victims.at(1).id, QList<Sandbox>{});
        dialog->showKeepers(victims.at(2).id, failure(ErrorKind::Storage, u"disk I/O error"_s));
        QVERIFY(dialog->isSettled());
        auto &list = child<QTreeWidget>(*dialog, u"victimList"_s);
        QCOMPARE(list.topLevelItemCount(), 3);
        QCOMPARE(list.topLevelItem(0)->text(0), u"snap-one"_s);
        QCOMPARE(list.topLevelItem(0)->text(4), u"142.0 MiB"_s);
        QCOMPARE(list.topLevelItem(0)->text(5), u"engine local (present)"_s);
        QCOMPARE(list.topLevelItem(2)->text(3), u"Expired"_s);
        const QString facts = child<FactList>(*dialog, u"keeperList"_s).text();
        QVERIFY(facts.contains(u"Sandbox “child” runs from snap-one"_s));
        QVERIFY(facts.contains(u"disk I/O error"_s));
        QVERIFY(facts.contains(u"left out"_s));
        QCOMPARE(verb(*dialog).text(), u"&Delete 3 snapshots"_s);
        QVERIFY(takePictures(*dialog, u"dialog-delete-snapshots"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QCOMPARE(dialog->result(), int(QDialog::Accepted));
    }

    void deleteIsCancelledByEnterAndEscape()
    {
        for (const auto key : {Qt::Key_Return, Qt::Key_Escape}) {
            auto dialog = shown(std::make_unique<DeleteSnapshotsDialog>(
                QList<Snapshot>{sample::snapshot(u"one"_s)}, 0, sample::now));
            QVERIFY(cancel(*dialog).isDefault());
            QVERIFY(QTest::qWaitForWindowActive(dialog.get()));
            QTest::keyClick(dialog->focusWidget(), key);
            QVERIFY(!dialog->isVisible());
            QCOMPARE(dialog->result(), int(QDialog::Rejected));
        }
    }

    // Terminate

    void terminateSaysWhatGoesAndWhatStays()
    {
        auto dialog =
            shown(std::make_unique<TerminateSandboxDialog>(sample::sandbox(u"web"_s), 3, false));
        const QString facts = child<FactList>(*dialog, u"consequenceList"_s).text();
        QVERIFY(facts.contains(u"anonymous volume at /var/cache is removed"_s));
        QVERIFY(facts.contains(u"Volume pgdata stays"_s));
        QVERIFY(facts.contains(u"Its 3 snapshots stay"_s));
        QVERIFY(facts.contains(u"does not answer"_s));
        QVERIFY(cancel(*dialog).isDefault());
        QVERIFY(takePictures(*dialog, u"dialog-terminate-sandbox"_s));
        QTest::keyClick(dialog.get(), Qt::Key_Return);
        QCOMPARE(dialog->result(), int(QDialog::Rejected));
    }
};

QTEST_MAIN(PlanDialogsTest)
#include "tst_plandialogs.moc"
