#include "app/appcontext.h"
#include "services/docker/dockerclient.h"
#include "tests/support/engineaddress.h"
#include "tests/support/waitfor.h"
#include "tests/ui/widgets.h"
#include "ui/mainwindow.h"
#include "ui/sandboxespage.h"
#include "ui/screenshots.h"
#include "ui/snapshotspage.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

const QString baseImage = u"sandbox-base:busybox"_s;
const QString reason = u"the data is needed once more"_s;

} // namespace

/// The main job through the window, by clicks and keys, on a real engine. The functions are
/// chapters of one story and run in their order.
class ConsoleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        applyLook(*qApp, ColorScheme::Light);
        const auto address = EngineAddress::parse(testEngineAddress(TestEngine::A)).value();
        m_engine = DockerClient::connect(address).value();
        m_context = AppContext::create(
                        {m_folder.path(), {{EngineName::trusted(u"local"_s), address}}}, m_clock)
                        .value();
        m_settings =
            std::make_unique<QSettings>(m_folder.path() + u"/window.ini"_s, QSettings::IniFormat);
        m_window = std::make_unique<MainWindow>(
            m_context->useCases(),
            m_context->changeFeed(),
            m_pool,
            *m_settings,
            Caller{u"ann"_s, u"test"_s, {}});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        waitForAction(u"newSandboxAction"_s);
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_pool.waitForDone();
        if (m_context) {
            const auto left = m_context->useCases().sandboxes.list({}).value_or(QList<Sandbox>());
            for (const Sandbox &sandbox : left) {
                if (!sandbox.containerId.isEmpty()
                    && m_engine->inspectContainer(sandbox.containerId))
                    QVERIFY(m_engine->removeContainer(sandbox.containerId));
            }
        }
        m_context.reset();
        if (!m_engine)
            return;
        // Nothing is left unless a chapter failed.
        const auto images = m_engine->images({QString(label::snapshotId)}).value();
        for (const ImageSummary &image : images) {
            if (const auto removed = m_engine->removeImage(image.id); !removed)
                qInfo("%s", qPrintable(removed.error().summary()));
        }
    }

    void aSandboxIsCreated()
    {
        press(Qt::Key_N, Qt::ControlModifier);
        ConsoleDialog &dialog = settledDialog(u"newSandboxDialog"_s);
        auto &image = child<QComboBox>(dialog, u"imageCombo"_s);
        QVERIFY(image.findText(baseImage) >= 0);
        QVERIFY(image.hasFocus());
        QTest::keyClicks(image.lineEdit(), baseImage);
        QTest::keyClicks(&child<QLineEdit>(dialog, u"nameEdit"_s), u"web"_s);
        QTest::keyClicks(&child<QLineEdit>(dialog, u"commandEdit"_s), u"sleep 100000"_s);
        QTest::mouseClick(&verb(dialog), Qt::LeftButton);
        m_web = runningSandbox(u"web"_s);
        exec(m_web, u"echo precious > /note"_s);
    }

    void itIsSnapshotted()
    {
        selectSandbox(m_web);
        press(Qt::Key_S, Qt::ControlModifier);
        ConsoleDialog &dialog = settledDialog(u"createSnapshotDialog"_s);
        QVERIFY(child<QLabel>(dialog, u"missingTitle"_s).text().contains(u"whole filesystem"_s));
        QVERIFY2(
            child<QLabel>(dialog, u"pauseText"_s).text().contains(u"about a second"_s),
            qPrintable(child<QLabel>(dialog, u"pauseText"_s).text()));
        QTest::keyClicks(&child<QLineEdit>(dialog, u"tagEdit"_s), u"good"_s);
        QTest::keyClick(&child<QLineEdit>(dialog, u"tagEdit"_s), Qt::Key_Return);
        m_good = activeSnapshot(u"good"_s);
        const Snapshot snapshot = *snapshots().find(m_good);
        QVERIFY(snapshot.sizeBytes.value_or(0) > 0);
        QCOMPARE(snapshot.ttlSeconds, 1'209'600);
        QVERIFY(m_engine->inspectImage(snapshot.imageReference));
    }

    void itIsBrokenAndRestored()
    {
        exec(m_web, u"rm /note"_s);
        selectSnapshot(m_good);
        press(Qt::Key_R, Qt::ControlModifier);
        ConsoleDialog &dialog = settledDialog(u"restoreDialog"_s);
        QCOMPARE(dialog.hindrance(), QString());
        QTest::keyClicks(&child<QLineEdit>(dialog, u"nameEdit"_s), u"web again"_s);
        QTest::keyClick(&dialog, Qt::Key_Return);
        m_again = runningSandbox(u"web again"_s);
        QCOMPARE(exec(m_again, u"cat /note"_s), u"precious\n"_s);
    }

    void anExpiredSnapshotGivesAFreshSandboxUnlessForced()
    {
        selectSandbox(m_again);
        press(Qt::Key_S, Qt::ControlModifier);
        ConsoleDialog &create = settledDialog(u"createSnapshotDialog"_s);
        QTest::keyClicks(&child<QLineEdit>(create, u"tagEdit"_s), u"short"_s);
        QTest::keyClick(&child<QComboBox>(create, u"presetCombo"_s), Qt::Key_End);
        auto &number = child<QSpinBox>(create, u"numberSpin"_s);
        number.selectAll();
        QTest::keyClicks(&number, u"1"_s);
        QTest::keyClick(&child<QComboBox>(create, u"unitCombo"_s), Qt::Key_Home);
        QTest::mouseClick(&verb(create), Qt::LeftButton);
        m_short = activeSnapshot(u"short"_s);
        QCOMPARE(snapshots().find(m_short)->ttlSeconds, 1);
        QVERIFY(
            waitFor([this] { return isExpired(*snapshots().find(m_short), snapshots().now()); }));

        selectSnapshot(m_short);
        press(Qt::Key_R, Qt::ControlModifier);
        ConsoleDialog &fresh = settledDialog(u"restoreDialog"_s);
        QVERIFY(child<QRadioButton>(fresh, u"freshRadio"_s).isChecked());
        QTest::keyClicks(&child<QLineEdit>(fresh, u"nameEdit"_s), u"fresh"_s);
        QTest::keyClick(&fresh, Qt::Key_Return);
        m_fresh = runningSandbox(u"fresh"_s);
        QCOMPARE(exec(m_fresh, u"cat /note 2>/dev/null; true"_s), QString());

        press(Qt::Key_R, Qt::ControlModifier);
        ConsoleDialog &forced = settledDialog(u"restoreDialog"_s);
        QTest::keyClicks(&child<QLineEdit>(forced, u"nameEdit"_s), u"forced"_s);
        QTest::mouseClick(
            &child<QRadioButton>(forced, u"forceRadio"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(waitFor([&forced] { return forced.isSettled(); }));
        QVERIFY(!verb(forced).isEnabled());
        QTest::keyClicks(&child<QLineEdit>(forced, u"reasonEdit"_s), reason);
        QTest::mouseClick(&verb(forced), Qt::LeftButton);
        m_forced = runningSandbox(u"forced"_s);
        QCOMPARE(exec(m_forced, u"cat /note"_s), u"precious\n"_s);
        const auto operations = m_context->useCases().operations.list().value();
        QVERIFY(std::any_of(operations.begin(), operations.end(), [](const Operation &operation) {
            return QJsonDocument(operation.inputs).toJson().contains(reason.toUtf8());
        }));
    }

    void whatIsRefusedOrCancelledChangesNothing()
    {
        const auto before = m_context->useCases().operations.list().value().size();

        press(Qt::Key_N, Qt::ControlModifier);
        ConsoleDialog &sandbox = settledDialog(u"newSandboxDialog"_s);
        child<QComboBox>(sandbox, u"imageCombo"_s).setEditText(u"No Such Image"_s);
        refuse(sandbox, u"is not an image reference"_s);

        selectSandbox(m_web);
        press(Qt::Key_S, Qt::ControlModifier);
        ConsoleDialog &tag = settledDialog(u"createSnapshotDialog"_s);
        QTest::keyClicks(&child<QLineEdit>(tag, u"tagEdit"_s), u"not/a tag"_s);
        refuse(tag, u"is not an image tag"_s);

        press(Qt::Key_S, Qt::ControlModifier);
        ConsoleDialog &ttl = settledDialog(u"createSnapshotDialog"_s);
        QTest::keyClick(&child<QComboBox>(ttl, u"presetCombo"_s), Qt::Key_End);
        auto &number = child<QSpinBox>(ttl, u"numberSpin"_s);
        number.selectAll();
        QTest::keyClicks(&number, u"999999999"_s);
        refuse(ttl, u"9999"_s);

        selectSnapshot(m_short);
        press(Qt::Key_R, Qt::ControlModifier);
        ConsoleDialog &forced = settledDialog(u"restoreDialog"_s);
        QTest::mouseClick(
            &child<QRadioButton>(forced, u"forceRadio"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(waitFor([&forced] { return forced.isSettled(); }));
        refuse(forced, u"Write why"_s);

        // Enter is Cancel where something would be lost.
        press(Qt::Key_Delete);
        ConsoleDialog &deletion = settledDialog(u"deleteSnapshotsDialog"_s);
        QTest::keyClick(deletion.focusWidget(), Qt::Key_Return);
        waitUntilClosed();
        selectSandbox(m_web);
        press(Qt::Key_Delete);
        ConsoleDialog &termination = settledDialog(u"terminateSandboxDialog"_s);
        QTest::keyClick(termination.focusWidget(), Qt::Key_Return);
        waitUntilClosed();

        child<QAction>(*m_window, u"addEngineAction"_s).trigger();
        ConsoleDialog &engine = settledDialog(u"addEngineDialog"_s);
        QTest::keyClicks(&child<QLineEdit>(engine, u"nameEdit"_s), u"nowhere"_s);
        child<QLineEdit>(engine, u"addressEdit"_s).setText(u"unix:///nonexistent/engine.sock"_s);
        QTest::mouseClick(&child<QPushButton>(engine, u"testButton"_s), Qt::LeftButton);
        QVERIFY(waitFor([&engine] { return engine.isSettled(); }));
        QVERIFY2(
            child<FactList>(engine, u"probeResult"_s)
                .text()
                .contains(u"/nonexistent/engine.sock"_s),
            qPrintable(child<FactList>(engine, u"probeResult"_s).text()));
        child<QLineEdit>(engine, u"addressEdit"_s).setText(u"ftp://host"_s);
        refuse(engine, u"ftp://host"_s);

        QCOMPARE(m_context->useCases().operations.list().value().size(), before);
        QCOMPARE(m_window->data().engines().rowCount(), 1);
        QVERIFY(snapshots().find(m_short));
        QVERIFY(m_window->data().sandboxes().find(m_web));
    }

    void everyPageAndDialogHasItsPicture()
    {
        const QString folder = QStringLiteral(SANDGLASS_BUILD_DIR) + u"/screenshots/engine"_s;
        std::optional<Done> result;
        takeScreenshots(*m_window, folder, qApp, [&result](const Done &done) { result = done; });
        QVERIFY(waitFor([&result] { return result.has_value(); }, 60s));
        QVERIFY2(
            result->has_value(), result->has_value() ? "" : qPrintable(result->error().summary()));
        QVERIFY(QDir(folder).exists(u"createSnapshotDialog-dark.png"_s));
        QVERIFY(QDir(folder).exists(u"restoreExpiredDialog-light.png"_s));
        waitUntilClosed();
    }

    void aSnapshotInUseGoesWhenItsSandboxIsTerminated()
    {
        const QString image = snapshots().find(m_good)->imageReference;
        selectSnapshot(m_good);
        press(Qt::Key_Delete);
        ConsoleDialog &deletion = settledDialog(u"deleteSnapshotsDialog"_s);
        const QString facts = child<FactList>(deletion, u"keeperList"_s).text();
        QVERIFY2(facts.contains(u"web again"_s), qPrintable(facts));
        QTest::mouseClick(
            &child<QCheckBox>(deletion, u"trashCheck"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QTest::mouseClick(&verb(deletion), Qt::LeftButton);
        QVERIFY(waitFor(
            [this] { return snapshots().find(m_good)->status == SnapshotStatus::Deleting; }));

        deleteSnapshot(m_short);
        for (const SandboxId &sandbox : {m_forced, m_again, m_fresh, m_web})
            terminate(sandbox);
        QVERIFY(waitFor([this] { return snapshots().rowCount() == 0; }, 60s));
        QCOMPARE(m_engine->inspectImage(image).error().kind, ErrorKind::NotFound);
        QCOMPARE(m_window->data().sandboxes().rowCount(), 0);
        auto &title = child<QLabel>(m_window->sandboxesPage(), u"emptyTitle"_s);
        m_window->showPage(m_window->sandboxesPage());
        QVERIFY(waitFor([&title] { return title.text() == u"No sandboxes yet"_s; }));
    }

private:
    SnapshotTableModel &snapshots() { return m_window->data().snapshots(); }

    /// A key as the window's user presses it.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        m_window->activateWindow();
        if (!QTest::qWaitForWindowActive(m_window.get()))
            qFatal("the window does not become active");
        QTest::keyClick(m_window.get(), key, modifiers);
    }

    /// The open dialog of this name, when it has all its answers.
    ConsoleDialog &settledDialog(const QString &name)
    {
        ConsoleDialog *dialog = nullptr;
        const bool isThere = waitFor([this, &dialog, &name] {
            dialog = m_window->findChild<ConsoleDialog *>(name);
            return dialog && dialog->isVisible() && dialog->isSettled();
        });
        if (!isThere || !QTest::qWaitForWindowActive(dialog))
            qFatal("dialog %s does not come up", qPrintable(name));
        return *dialog;
    }

    void waitUntilClosed()
    {
        if (!waitFor([this] { return !m_window->findChild<ConsoleDialog *>(); }))
            qFatal("a dialog stays open");
    }

    /// The dialog's button is off with a reason, Enter does nothing, Escape closes.
    void refuse(ConsoleDialog &dialog, const QString &why)
    {
        QVERIFY2(dialog.hindrance().contains(why), qPrintable(dialog.hindrance()));
        QVERIFY(!verb(dialog).isEnabled());
        QTest::keyClick(&dialog, Qt::Key_Return);
        QVERIFY(dialog.isVisible());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        waitUntilClosed();
    }

    void selectSandbox(const SandboxId &id)
    {
        press(Qt::Key_1, Qt::ControlModifier);
        m_window->sandboxesPage().select(id.text());
        waitForAction(u"terminateAction"_s);
    }

    void selectSnapshot(const SnapshotId &id)
    {
        press(Qt::Key_2, Qt::ControlModifier);
        m_window->snapshotsPage().select(id.text());
        waitForAction(u"restoreAction"_s);
    }

    void waitForAction(const QString &name)
    {
        const QAction &action = child<QAction>(*m_window, name);
        if (!waitFor([&action] { return action.isEnabled(); }))
            qFatal("%s stays off: %s", qPrintable(name), qPrintable(action.toolTip()));
    }

    SandboxId runningSandbox(const QString &name)
    {
        SandboxId id;
        const bool runs = waitFor(
            [this, &id, &name] {
                for (const Sandbox &sandbox : m_window->data().sandboxes().rows()) {
                    if (sandbox.displayName == name && sandbox.status == SandboxStatus::Running)
                        id = sandbox.id;
                }
                return !id.isEmpty();
            },
            30s);
        if (!runs)
            qFatal("sandbox %s does not run", qPrintable(name));
        return id;
    }

    SnapshotId activeSnapshot(const QString &tag)
    {
        SnapshotId id;
        const bool active = waitFor(
            [this, &id, &tag] {
                for (const Snapshot &snapshot : snapshots().rows()) {
                    if (snapshot.tag == tag && snapshot.status == SnapshotStatus::Active)
                        id = snapshot.id;
                }
                return !id.isEmpty();
            },
            30s);
        if (!active)
            qFatal("snapshot %s does not become active", qPrintable(tag));
        return id;
    }

    void deleteSnapshot(const SnapshotId &id)
    {
        selectSnapshot(id);
        press(Qt::Key_Delete);
        ConsoleDialog &deletion = settledDialog(u"deleteSnapshotsDialog"_s);
        QTest::mouseClick(
            &child<QCheckBox>(deletion, u"trashCheck"_s), Qt::LeftButton, {}, QPoint(8, 8));
        QTest::mouseClick(&verb(deletion), Qt::LeftButton);
        waitUntilClosed();
    }

    void terminate(const SandboxId &id)
    {
        selectSandbox(id);
        const QString container = m_window->data().sandboxes().find(id)->containerId;
        press(Qt::Key_Delete);
        QTest::mouseClick(&verb(settledDialog(u"terminateSandboxDialog"_s)), Qt::LeftButton);
        QVERIFY(waitFor([this, &id] { return !m_window->data().sandboxes().find(id); }, 30s));
        QCOMPARE(m_engine->inspectContainer(container).error().kind, ErrorKind::NotFound);
    }

    QString exec(const SandboxId &id, const QString &script)
    {
        const auto result = m_engine->exec(containerName(id), {u"sh"_s, u"-c"_s, script});
        if (!result || result->exitCode != 0)
            qFatal(
                "exec: %s",
                result ? result->standardError.constData() : qPrintable(result.error().summary()));
        return QString::fromUtf8(result->standardOutput);
    }

    QTemporaryDir m_folder;
    const SystemClock m_clock;
    std::unique_ptr<DockerClient> m_engine;
    std::unique_ptr<AppContext> m_context;
    std::unique_ptr<QSettings> m_settings;
    QThreadPool m_pool;
    std::unique_ptr<MainWindow> m_window;
    SandboxId m_web;
    SandboxId m_again;
    SandboxId m_fresh;
    SandboxId m_forced;
    SnapshotId m_good;
    SnapshotId m_short;
};

QTEST_MAIN(ConsoleTest)
#include "tst_console.moc"
