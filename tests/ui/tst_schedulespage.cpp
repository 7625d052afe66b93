#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/dialogs/deletescheduledialog.h"
#include "ui/dialogs/orphansdialog.h"
#include "ui/dialogs/scheduledialog.h"
#include "ui/schedulespage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QRadioButton>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const NamespaceName space = NamespaceName::trusted(u"default"_s);
const ScheduleName nightly = ScheduleName::trusted(u"nightly"_s);

/// What an engine has that the database does not know.
EngineOrphans oneOrphan()
{
    OrphanedImage image;
    image.imageId = u"sha256:1234"_s;
    image.names = {u"sandglass-snapshots:sb-a-snap-b"_s};
    image.snapshot = SnapshotId::trusted(u"snap-b"_s);
    image.namespaceName = u"team"_s;
    image.sizeBytes = 5'000'000;
    image.createdAt = fromMilliseconds(1'700'000'000'000);
    return {EngineName::trusted(u"local"_s), {}, {image}};
}

EngineOrphans silentEngine()
{
    return {
        EngineName::trusted(u"remote"_s),
        Error{ErrorKind::Unreachable, u"connect"_s, u"tcp://remote:2375"_s, {}, 0},
        {}};
}

} // namespace

class SchedulesPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void init()
    {
        m_rig = std::make_unique<ConsoleRig>();
        m_rig->fillWithADayAtWork();
        m_window = m_rig->openWindow();
        m_window->showPage(page());
    }

    void cleanup()
    {
        m_window.reset();
        m_rig.reset();
    }

    void addedChangedPausedAndDeletedByClicks()
    {
        auto *dialog = qobject_cast<ScheduleDialog *>(page().askForSchedule());
        QVERIFY(dialog);
        QVERIFY(!verb(*dialog).isEnabled()); // without a name
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"nameEdit"_s), nightly.text());
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"tagEdit"_s), u"nightly-{date}"_s);
        child<QCheckBox>(*dialog, u"ownTtlCheck"_s).setChecked(true);
        child<QComboBox>(*dialog, u"zoneCombo"_s).setCurrentText(u"Europe/Berlin"_s);
        QVERIFY2(verb(*dialog).isEnabled(), qPrintable(dialog->hindrance()));
        QVERIFY(takePictures(*dialog, u"schedule-dialog"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([this] { return rows() == 1; }));
        const auto added = saved();
        QVERIFY(added);
        QCOMPARE(added->cron, u"30 2 * * *"_s);
        QCOMPARE(added->timeZone, u"Europe/Berlin"_s);
        QCOMPARE(added->tagPattern, u"nightly-{date}"_s);
        QVERIFY(added->ttlSeconds);
        QVERIFY(!added->sandbox.isEmpty());
        QVERIFY(added->nextRunAt);

        QVERIFY(waitFor([this] { return page().table().isVisible(); }));
        page().selectFirst();
        auto &pause = child<QAction>(page(), u"pauseScheduleAction"_s);
        QVERIFY(waitFor([&pause] { return pause.isEnabled(); }));
        QVERIFY(takePictures(*m_window, u"schedules-page"_s));
        dialog = qobject_cast<ScheduleDialog *>(page().askForChange());
        QVERIFY(dialog);
        child<QComboBox>(*dialog, u"timesCombo"_s).setCurrentText(u"0 * * * *"_s);
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QVERIFY(waitFor([this] { return saved()->cron == u"0 * * * *"_s; }));

        pause.trigger();
        QVERIFY(waitFor([this] { return saved()->paused; }));
        QVERIFY(waitFor([&pause] { return pause.text().contains(u"Resume"_s); }));

        auto *deletion = qobject_cast<DeleteScheduleDialog *>(page().askToDelete());
        QVERIFY(deletion);
        QVERIFY(cancel(*deletion).isDefault());
        QTest::mouseClick(&verb(*deletion), Qt::LeftButton);
        QVERIFY(waitFor([this] { return rows() == 0; }));
        QVERIFY(!saved());
    }

    void whatMakesNoScheduleSaysWhy_data()
    {
        QTest::addColumn<QString>("selector");
        QTest::addColumn<QString>("cron");
        QTest::addColumn<QString>("tag");
        QTest::addColumn<QString>("why");
        QTest::newRow("no labels") << u""_s << u"0 * * * *"_s << u""_s << u"selector"_s;
        QTest::newRow("bad cron") << u"keep"_s << u"61 * * * *"_s << u""_s << u"minute"_s;
        QTest::newRow("never") << u"keep"_s << u"0 0 31 2 *"_s << u""_s << u"never"_s;
        QTest::newRow("no tag") << u"keep"_s << u"0 * * * *"_s << u"a b"_s << u"tag"_s;
    }
    void whatMakesNoScheduleSaysWhy()
    {
        QFETCH(const QString, selector);
        QFETCH(const QString, cron);
        QFETCH(const QString, tag);
        QFETCH(const QString, why);
        auto *dialog = qobject_cast<ScheduleDialog *>(page().askForSchedule());
        child<QLineEdit>(*dialog, u"nameEdit"_s).setText(nightly.text());
        child<QRadioButton>(*dialog, u"ofManyRadio"_s).setChecked(true);
        child<QLineEdit>(*dialog, u"selectorEdit"_s).setText(selector);
        child<QComboBox>(*dialog, u"timesCombo"_s).setCurrentText(cron);
        child<QLineEdit>(*dialog, u"tagEdit"_s).setText(tag);
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY2(
            dialog->hindrance().contains(why, Qt::CaseInsensitive),
            qPrintable(dialog->hindrance()));
    }

    void aNameThatIsTakenIsNotReplaced()
    {
        SnapshotSchedule schedule;
        schedule.name = nightly;
        schedule.namespaceName = space;
        schedule.selector = u"keep"_s;
        schedule.cron = u"@daily"_s;
        QVERIFY(m_rig->useCases().schedules.put(schedule, {}));
        QVERIFY(waitFor([this] { return rows() == 1; }));
        auto *dialog = qobject_cast<ScheduleDialog *>(page().askForSchedule());
        child<QRadioButton>(*dialog, u"ofManyRadio"_s).setChecked(true);
        child<QLineEdit>(*dialog, u"selectorEdit"_s).setText(u"keep"_s);
        child<QLineEdit>(*dialog, u"nameEdit"_s).setText(nightly.text());
        QVERIFY(dialog->hindrance().contains(u"has a schedule of this name"_s));
    }

    void aTtlThatIsNotOfferedIsKept()
    {
        SnapshotSchedule schedule;
        schedule.name = nightly;
        schedule.namespaceName = space;
        schedule.selector = u"keep"_s;
        schedule.cron = u"@daily"_s;
        schedule.ttlSeconds = 12 * 3'600;
        ScheduleDialog dialog(schedule, QList<Sandbox>{}, m_rig->clock().now());
        QCOMPARE(dialog.schedule().ttlSeconds, schedule.ttlSeconds);
        QCOMPARE(child<QComboBox>(dialog, u"presetCombo"_s).currentText(), u"12 hours"_s);
    }

    void aSandboxThatIsGoneIsNotReplacedByAnother()
    {
        Sandbox other;
        other.id = SandboxId::trusted(u"sb-other"_s);
        other.namespaceName = space;
        SnapshotSchedule schedule;
        schedule.name = nightly;
        schedule.namespaceName = space;
        schedule.sandbox = SandboxId::trusted(u"sb-gone"_s);
        schedule.cron = u"@daily"_s;
        ScheduleDialog dialog(schedule, QList<Sandbox>{other}, m_rig->clock().now());
        QVERIFY(dialog.schedule().sandbox.isEmpty());
        QVERIFY(dialog.hindrance().contains(u"gone"_s));
        child<QComboBox>(dialog, u"sandboxCombo"_s).setCurrentIndex(0);
        QCOMPARE(dialog.hindrance(), QString());
        QCOMPARE(dialog.schedule().sandbox, other.id);
    }

    void orphansGoOnlyWhenTheyAreChecked()
    {
        OrphansDialog dialog;
        QVERIFY(!verb(dialog).isEnabled());
        dialog.showOrphans(QList<EngineOrphans>{oneOrphan(), silentEngine()});
        QVERIFY(dialog.isSettled());
        dialog.show();
        QVERIFY(takePictures(dialog, u"orphans-dialog"_s));
        dialog.resize(dialog.width(), dialog.height() + 100);
        const int chosenHeight = dialog.height();
        QVERIFY(!verb(dialog).isEnabled());
        QVERIFY(cancel(dialog).isDefault());
        QCOMPARE(dialog.chosen().size(), 0);
        child<QTreeWidget>(dialog, u"orphanList"_s).topLevelItem(0)->setCheckState(0, Qt::Checked);
        QVERIFY(verb(dialog).isEnabled());
        QCoreApplication::processEvents(); // it is laid out anew
        QCOMPARE(dialog.height(), chosenHeight);
        QCOMPARE(dialog.chosen().size(), 1);
        QCOMPARE(dialog.chosen().first().engine.text(), u"local"_s);
        QCOMPARE(dialog.chosen().first().imageId, u"sha256:1234"_s);
    }

    void withoutOrphansThereIsNothingToDelete()
    {
        OrphansDialog dialog;
        QVERIFY(dialog.hindrance().contains(u"not answered yet"_s));
        dialog.showOrphans(QList<EngineOrphans>{});
        QVERIFY(dialog.hindrance().contains(u"nothing to delete"_s));
        QVERIFY(!verb(dialog).isEnabled());
    }

private:
    SchedulesPage &page() { return m_window->schedulesPage(); }
    int rows() { return m_window->data().schedules().rowCount(); }

    std::optional<SnapshotSchedule> saved()
    {
        const auto found = m_rig->useCases().schedules.find(space, nightly);
        return found ? std::optional(*found) : std::nullopt;
    }

    std::unique_ptr<ConsoleRig> m_rig;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(SchedulesPageTest)
#include "tst_schedulespage.moc"
