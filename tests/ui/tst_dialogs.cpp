#include "services/domain/ttl.h"
#include "tests/models/samples.h"
#include "tests/support/fakeclock.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/dialogs/createsnapshotdialog.h"
#include "ui/dialogs/newsandboxdialog.h"
#include "ui/icons.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

EngineName local()
{
    return EngineName::trusted(u"local"_s);
}

Result<SnapshotPlan> planOf(qint64 changedBytes)
{
    SnapshotPlan plan;
    plan.config = sample::configWithMounts();
    plan.changedBytes = changedBytes;
    plan.layers = 3;
    return plan;
}

} // namespace

class DialogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    // New sandbox

    void newSandboxAsksForImagesAndReturnsWhatWasTyped()
    {
        Engine dead = sample::engine(u"far"_s);
        dead.state = EngineState::Unreachable;
        auto dialog = shown(std::make_unique<NewSandboxDialog>(
            QList<Engine>{dead, sample::engine(u"local"_s)}, QStringList{u"default"_s}));
        QSignalSpy asked(dialog.get(), &NewSandboxDialog::imagesWanted);
        dialog->start();
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.at(0).at(0).value<EngineName>(), local());
        QVERIFY(!dialog->isSettled());
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY(child<QLabel>(*dialog, u"imageHint"_s).text().startsWith(u"Asking engine local"_s));

        dialog->showImages(local(), QStringList{u"busybox:latest"_s, u"postgres:15"_s});
        QVERIFY(dialog->isSettled());
        QCOMPARE(child<QComboBox>(*dialog, u"imageCombo"_s).count(), 2);
        QTest::keyClicks(&child<QComboBox>(*dialog, u"imageCombo"_s), u"postgres:15"_s);
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"nameEdit"_s), u" db "_s);
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"commandEdit"_s), u"sh -c \"sleep 10\""_s);
        child<QDoubleSpinBox>(*dialog, u"cpusSpin"_s).setValue(1.5);
        child<QSpinBox>(*dialog, u"memorySpin"_s).setValue(512);
        QCOMPARE(dialog->hindrance(), QString());
        QVERIFY(takePictures(*dialog, u"dialog-new-sandbox"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QCOMPARE(dialog->result(), int(QDialog::Accepted));

        const CreateSandboxRequest request = dialog->request();
        QCOMPARE(request.image, u"postgres:15"_s);
        QCOMPARE(request.displayName, u"db"_s);
        QCOMPARE(request.entrypoint, (QStringList{u"sh"_s, u"-c"_s, u"sleep 10"_s}));
        QCOMPARE(request.cpus, 1.5);
        QCOMPARE(request.memoryMegabytes, 512);
        QCOMPARE(request.timeoutSeconds, 0);
        QCOMPARE(request.engine, local());
        QCOMPARE(request.namespaceName.text(), u"default"_s);
    }

    void newSandboxRefusesWhatTheEngineWouldRefuse_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("namespaceName");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("good") << u"busybox"_s << u""_s << u"default"_s << true;
        QTest::newRow("no image") << u""_s << u""_s << u"default"_s << false;
        QTest::newRow("blank image") << u"  "_s << u""_s << u"default"_s << false;
        QTest::newRow("path as image") << u"../../etc"_s << u""_s << u"default"_s << false;
        QTest::newRow("capital letters") << u"BusyBox"_s << u""_s << u"default"_s << false;
        QTest::newRow("open quote") << u"busybox"_s << u"sh -c \"sleep"_s << u"default"_s << false;
        QTest::newRow("bad namespace") << u"busybox"_s << u""_s << u"a/b"_s << false;
        QTest::newRow("no namespace") << u"busybox"_s << u""_s << u""_s << false;
    }
    void newSandboxRefusesWhatTheEngineWouldRefuse()
    {
        QFETCH(QString, image);
        QFETCH(QString, command);
        QFETCH(QString, namespaceName);
        NewSandboxDialog dialog({sample::engine(u"local"_s)}, {u"default"_s});
        child<QComboBox>(dialog, u"imageCombo"_s).setEditText(image);
        child<QLineEdit>(dialog, u"commandEdit"_s).setText(command);
        child<QComboBox>(dialog, u"namespaceCombo"_s).setEditText(namespaceName);
        QTEST(dialog.hindrance().isEmpty(), "accepted");
        QCOMPARE(verb(dialog).isEnabled(), dialog.hindrance().isEmpty());
        QCOMPARE(verb(dialog).toolTip(), dialog.hindrance());
    }

    void newSandboxSaysWhyImagesCouldNotBeListed()
    {
        NewSandboxDialog dialog({sample::engine(u"local"_s)}, {u"default"_s});
        dialog.start();
        dialog.showImages(local(), failure(ErrorKind::TimedOut, u"list images"_s));
        QVERIFY(child<QLabel>(dialog, u"imageHint"_s).text().contains(u"No answer in time"_s));
        child<QComboBox>(dialog, u"imageCombo"_s).setEditText(u"busybox"_s);
        QCOMPARE(dialog.hindrance(), QString());
    }

    // Create snapshot

    void createSnapshotSaysWhatItDoesAndWhatItWillNotHold()
    {
        FakeClock clock(sample::now);
        auto dialog = shown(std::make_unique<CreateSnapshotDialog>(
            sample::sandbox(u"web"_s), defaultTtlSeconds, clock));
        QVERIFY(!dialog->isSettled());
        QVERIFY(
            child<QLabel>(*dialog, u"missingTitle"_s).text().startsWith(u"Asking the engine"_s));
        QVERIFY(verb(*dialog).isEnabled());

        dialog->showPlan(planOf(1024LL * 1024 * 1024));
        QVERIFY(dialog->isSettled());
        const QString missing = child<FactList>(*dialog, u"missingList"_s).text();
        for (const QString &part :
             {u"pgdata"_s, u"/home/ann/project"_s, u"/var/cache"_s, u"/tmp"_s})
            QVERIFY2(missing.contains(part), qPrintable(part));
        auto &pauseText = child<QLabel>(*dialog, u"pauseText"_s);
        QVERIFY2(
            pauseText.text().contains(u"6 seconds (1.0 GiB changed)"_s),
            qPrintable(pauseText.text()));
        QVERIFY(child<QLabel>(*dialog, u"expiryText"_s).text().contains(u"11/28/23"_s));
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"tagEdit"_s), u"before-upgrade"_s);
        QTest::keyClicks(&child<QPlainTextEdit>(*dialog, u"noteEdit"_s), u"schema 14 to 15"_s);
        QVERIFY(takePictures(*dialog, u"dialog-create-snapshot"_s));
        QTest::keyClick(&child<QLineEdit>(*dialog, u"tagEdit"_s), Qt::Key_Return);
        QCOMPARE(dialog->result(), int(QDialog::Accepted));

        const CreateSnapshotRequest request = dialog->request();
        QCOMPARE(request.sandbox.text(), u"sb-web"_s);
        QCOMPARE(request.tag, u"before-upgrade"_s);
        QCOMPARE(request.note, u"schema 14 to 15"_s);
        QCOMPARE(request.ttlSeconds, 1'209'600);
        QCOMPARE(request.pause, PauseDuringCommit::Yes);
    }

    void createSnapshotSaysWhetherItCanBeTaken()
    {
        FakeClock clock(sample::now);
        CreateSnapshotDialog dialog(sample::sandbox(u"web"_s), defaultTtlSeconds, clock);
        SnapshotPlan plan = planOf(1024 * 1024).value();
        plan.freeBytes = 10 * 1024 * 1024;
        plan.layers = 110;
        dialog.showPlan(plan);
        const QString checks = child<FactList>(dialog, u"checkList"_s).text();
        QVERIFY2(checks.contains(u"10.0 MiB are free"_s), qPrintable(checks));
        QVERIFY2(checks.contains(u"110 layers"_s), qPrintable(checks));
        QCOMPARE(dialog.hindrance(), QString());
        plan.freeBytes = 2 * 1024 * 1024;
        dialog.showPlan(plan);
        QVERIFY(dialog.hindrance().contains(u"too little space"_s));
        QVERIFY(!verb(dialog).isEnabled());
    }

    void createSnapshotAsksWhatToDoWithSecrets()
    {
        FakeClock clock(sample::now);
        auto dialog = shown(std::make_unique<CreateSnapshotDialog>(
            sample::sandbox(u"web"_s), defaultTtlSeconds, clock));
        auto &scrub = child<QCheckBox>(*dialog, u"scrubCheck"_s);
        auto &accept = child<QCheckBox>(*dialog, u"acceptCheck"_s);
        QVERIFY(!scrub.isVisible() && !accept.isVisible());
        QVERIFY(verb(*dialog).isEnabled());
        QCOMPARE(dialog->request().acceptFindings, false);
        SnapshotPlan plan = planOf(1024 * 1024).value();
        dialog->showPlan(plan);
        QCOMPARE(dialog->request().acceptFindings, false);
        plan.findings = {{SecretFinding::Place::Environment, u"API_TOKEN"_s, SecretKind::Named}};
        dialog->showPlan(plan);
        QVERIFY(child<FactList>(*dialog, u"secretList"_s).text().contains(u"API_TOKEN"_s));
        QVERIFY(!verb(*dialog).isEnabled());
        QTest::mouseClick(&scrub, Qt::LeftButton, {}, QPoint(8, scrub.height() / 2));
        QVERIFY(!accept.isEnabled());
        QVERIFY(verb(*dialog).isEnabled());
        QVERIFY(dialog->request().scrubEnvironment);
        QCOMPARE(dialog->request().acceptFindings, false);

        plan.findings.append(
            {SecretFinding::Place::File, u"/root/.netrc"_s, SecretKind::Credentials});
        plan.freeBytes = 50LL * 1024 * 1024 * 1024;
        plan.layers = 104;
        dialog->showPlan(plan);
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY(takePictures(*dialog, u"dialog-create-snapshot-secrets"_s));
        QTest::mouseClick(&accept, Qt::LeftButton, {}, QPoint(8, accept.height() / 2));
        QVERIFY(verb(*dialog).isEnabled());
        QCOMPARE(dialog->request().acceptFindings, true);
        // Gone in the meantime: what was accepted is not there any more.
        plan.findings.clear();
        dialog->showPlan(plan);
        QCOMPARE(dialog->request().acceptFindings, false);
    }

    void createSnapshotWithoutPauseWarns()
    {
        FakeClock clock(sample::now);
        CreateSnapshotDialog dialog(sample::sandbox(u"web"_s), defaultTtlSeconds, clock);
        dialog.showPlan(failure(ErrorKind::Unreachable, u"inspect container"_s));
        QVERIFY(child<QLabel>(dialog, u"missingTitle"_s).text().contains(u"Nobody answers"_s));
        child<QRadioButton>(dialog, u"noPauseRadio"_s).setChecked(true);
        QVERIFY(child<QLabel>(dialog, u"pauseText"_s).text().contains(u"half there"_s));
        QCOMPARE(dialog.request().pause, PauseDuringCommit::No);
        QCOMPARE(dialog.request().acceptFindings, false);
    }

    void createSnapshotOfAPausedSandboxLeavesItFrozen()
    {
        FakeClock clock(sample::now);
        Sandbox paused = sample::sandbox(u"web"_s);
        paused.status = SandboxStatus::Paused;
        const CreateSnapshotDialog dialog(paused, defaultTtlSeconds, clock);
        QVERIFY(child<QLabel>(dialog, u"pauseText"_s).text().contains(u"stays so"_s));
    }

    void createSnapshotRefusesABadTag_data()
    {
        QTest::addColumn<QString>("tag");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("none") << u""_s << true;
        QTest::newRow("usual") << u"v1.2_rc-3"_s << true;
        QTest::newRow("blank inside") << u"before upgrade"_s << false;
        QTest::newRow("leading dot") << u".hidden"_s << false;
        QTest::newRow("slash") << u"a/b"_s << false;
        QTest::newRow("longest") << QString(128, u'x') << true;
        QTest::newRow("too long") << QString(129, u'x') << false;
    }
    void createSnapshotRefusesABadTag()
    {
        QFETCH(QString, tag);
        FakeClock clock(sample::now);
        const CreateSnapshotDialog dialog(sample::sandbox(u"web"_s), defaultTtlSeconds, clock);
        child<QLineEdit>(dialog, u"tagEdit"_s).setText(tag);
        QTEST(dialog.hindrance().isEmpty(), "accepted");
    }

    void createSnapshotBeginsWithTheDefaultTtl_data()
    {
        QTest::addColumn<qint64>("ttl");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("place"); // among what is offered
        QTest::newRow("the usual one") << qint64(1'209'600) << u"14 days"_s << 2;
        QTest::newRow("short") << qint64(60) << u"1 minute"_s << 0;
        QTest::newRow("in between") << qint64(172'800) << u"2 days"_s << 2;
        QTest::newRow("of odd seconds") << qint64(4'001) << u"4001 seconds"_s << 1;
        QTest::newRow("never") << qint64(0) << u"never"_s << 4;
    }
    void createSnapshotBeginsWithTheDefaultTtl()
    {
        QFETCH(qint64, ttl);
        FakeClock clock(sample::now);
        const CreateSnapshotDialog dialog(sample::sandbox(u"web"_s), ttl, clock);
        QCOMPARE(dialog.request().ttlSeconds, ttl);
        const auto &preset = child<QComboBox>(dialog, u"presetCombo"_s);
        QTEST(preset.currentText(), "words");
        QTEST(preset.currentIndex(), "place");
        QCOMPARE(dialog.hindrance(), QString());
    }

    void createSnapshotOffersPresetsAndAnyTtl()
    {
        FakeClock clock(sample::now);
        auto dialog = shown(std::make_unique<CreateSnapshotDialog>(
            sample::sandbox(u"web"_s), defaultTtlSeconds, clock));
        auto &preset = child<QComboBox>(*dialog, u"presetCombo"_s);
        auto &number = child<QSpinBox>(*dialog, u"numberSpin"_s);
        auto &expiry = child<QLabel>(*dialog, u"expiryText"_s);
        const QList<qint64> expected{3'600, 86'400, 1'209'600, 7'776'000, 0};
        for (int i = 0; i < expected.size(); ++i) {
            preset.setCurrentIndex(i);
            QCOMPARE(dialog->request().ttlSeconds, expected.at(i));
            QVERIFY(!number.isVisible());
        }
        QVERIFY(expiry.text().contains(u"until somebody deletes it"_s));

        preset.setCurrentIndex(preset.count() - 1);
        QVERIFY(number.isVisible());
        number.setValue(90);
        child<QComboBox>(*dialog, u"unitCombo"_s).setCurrentText(u"minutes"_s);
        QCOMPARE(dialog->request().ttlSeconds, 5'400);
        QCOMPARE(dialog->hindrance(), QString());
        child<QComboBox>(*dialog, u"unitCombo"_s).setCurrentText(u"days"_s);
        number.setValue(2'000'000'000);
        QVERIFY(dialog->hindrance().contains(u"9999"_s));
        QVERIFY(!verb(*dialog).isEnabled());
        QTest::keyClick(&number, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QTest::keyClick(dialog.get(), Qt::Key_Escape);
        QCOMPARE(dialog->result(), int(QDialog::Rejected));
    }

    // Icons

    void everyIconIsDrawnInTheColourOfThePalette()
    {
        QWidget sheet;
        sheet.setFixedSize(600, 120);
        for (const auto scheme : {ColorScheme::Dark, ColorScheme::Light}) {
            applyLook(*qApp, scheme);
            for (int i = 0; i <= int(IconName::Test); ++i) {
                const QImage drawn = icon(IconName(i)).pixmap(16).toImage();
                const QColor wanted = qApp->palette().color(QPalette::Text);
                bool found = false;
                for (int y = 0; y < drawn.height() && !found; ++y) {
                    for (int x = 0; x < drawn.width() && !found; ++x)
                        found = drawn.pixelColor(x, y).alpha() > 200
                            && qAbs(drawn.pixelColor(x, y).lightness() - wanted.lightness()) < 24;
                }
                QVERIFY2(found, qPrintable(QString::number(i)));
            }
        }
    }
};

QTEST_MAIN(DialogsTest)
#include "tst_dialogs.moc"
