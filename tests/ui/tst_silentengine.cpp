#include "services/core/errorsentence.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/detailspane.h"
#include "ui/dialogs/addenginedialog.h"
#include "ui/enginespage.h"
#include "ui/sandboxespage.h"
#include "ui/snapshotspage.h"

#include <QComboBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <atomic>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto longestStall = 200ms;
constexpr int watchedBeats = 100; // of 10 ms

QAction &action(const MainWindow &window, const QString &name)
{
    return child<QAction>(window, name);
}

/// Beats on the thread where it is begun, and remembers the longest time between two beats.
class Heartbeat final : public QObject
{
public:
    void begin()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(10ms);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max<qint64>(m_longest, m_sinceLast.restart());
            ++m_beats;
        });
        m_sinceLast.start();
        m_timer.start();
    }
    void end() { m_timer.stop(); }

    [[nodiscard]] int beats() const { return m_beats; }
    [[nodiscard]] std::chrono::milliseconds longest() const
    {
        return std::chrono::milliseconds(m_longest);
    }

private:
    QTimer m_timer{this};
    QElapsedTimer m_sinceLast;
    std::atomic<qint64> m_longest = 0;
    std::atomic<int> m_beats = 0;
};

/// Watches the main thread beside one that does nothing at all: what both miss, a busy machine
/// took from them.
class Watch
{
public:
    Watch()
    {
        m_idle.moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::started, &m_idle, [this] { m_idle.begin(); });
        QObject::connect(&m_thread, &QThread::finished, &m_idle, [this] { m_idle.end(); });
        m_thread.start();
        m_main.begin();
    }
    ~Watch()
    {
        m_thread.quit();
        m_thread.wait();
    }

    /// Lets the event loop go on for a second; false when it does not.
    [[nodiscard]] bool goesOn()
    {
        const int wanted = m_main.beats() + watchedBeats;
        return waitFor([this, wanted] { return m_main.beats() >= wanted; });
    }
    [[nodiscard]] bool wasResponsive() const
    {
        qInfo(
            "longest stall: %lld ms; of an idle thread meanwhile: %lld ms",
            qlonglong(m_main.longest().count()),
            qlonglong(m_idle.longest().count()));
        return m_main.longest() <= longestStall + m_idle.longest();
    }

private:
    QThread m_thread;
    Heartbeat m_idle;
    Heartbeat m_main;
};

/// An engine that accepts connections and never says a word.
class SilentEngine
{
public:
    SilentEngine()
    {
        if (!m_server.listen(m_folder.path() + u"/silent.sock"_s))
            qFatal("no server");
    }

    [[nodiscard]] Engine engine() const
    {
        Engine engine = sample::engine(u"silent"_s);
        engine.address = u"unix://"_s + m_server.fullServerName();
        return engine;
    }
    /// Whether somebody connected and asked something.
    [[nodiscard]] bool isAsked()
    {
        accept();
        return std::any_of(m_sockets.begin(), m_sockets.end(), [](QLocalSocket *socket) {
            return socket->bytesAvailable() > 0;
        });
    }
    void hangUp()
    {
        accept();
        while (!m_sockets.isEmpty())
            m_sockets.takeLast()->abort();
    }

private:
    void accept()
    {
        while (QLocalSocket *socket = m_server.nextPendingConnection())
            m_sockets.append(socket);
    }

    QTemporaryDir m_folder;
    QLocalServer m_server;
    QList<QLocalSocket *> m_sockets; // of the server
};

} // namespace

/// What the window shows of engines that do not answer, and that it does not wait for them.
class SilentEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void anEngineThatFallsSilentTurnsWhatIsThereUnknown()
    {
        ConsoleRig rig;
        rig.write([](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(sample::engine(u"local"_s)));
            SANDGLASS_CHECK(SandboxRepository(session).insert(sample::sandbox(u"web"_s)));
            const Snapshot snapshot = sample::snapshot(u"one"_s);
            SANDGLASS_CHECK(SnapshotRepository(session).insert(snapshot));
            return SnapshotRepository(session).saveLocation(snapshot.locations.first());
        });
        const auto window = rig.openWindow();
        SandboxesPage &page = window->sandboxesPage();
        page.select(u"sb-web"_s);
        QVERIFY(
            waitFor([&window] { return action(*window, u"createSnapshotAction"_s).isEnabled(); }));
        rig.write([](Session &session) -> Done {
            Engine silent = sample::engine(u"local"_s);
            silent.state = EngineState::Unreachable;
            silent.error = u"Nobody answers"_s;
            return EngineRepository(session).save(silent);
        });
        QVERIFY(
            waitFor([&window] { return !action(*window, u"createSnapshotAction"_s).isEnabled(); }));
        QVERIFY(action(*window, u"createSnapshotAction"_s).toolTip().contains(u"not connected"_s));
        const QString state =
            page.table().model()->index(0, int(SandboxTableModel::Column::State)).data().toString();
        QVERIFY2(state.startsWith(u"Unknown since"_s), qPrintable(state));
        QVERIFY(child<Callout>(page, u"banner"_s).isVisible());

        SnapshotsPage &snapshots = window->snapshotsPage();
        window->showPage(snapshots);
        snapshots.selectFirst();
        QVERIFY(waitFor([&snapshots] {
            return child<DetailsPane>(snapshots, u"details"_s)
                .details()
                .stateText.startsWith(u"Unknown; was Active as of"_s);
        }));
        QVERIFY(
            child<Callout>(snapshots, u"banner"_s).text().contains(u"local is not connected"_s));
        QVERIFY(takePictures(*window, u"page-snapshots-as-of"_s));
    }

    void theNextTryOfAnEngineIsCountedDownOnTheScreen()
    {
        ConsoleRig rig;
        rig.fillWithADayAtWork();
        const auto window = rig.openWindow();
        EnginesPage &page = window->enginesPage();
        window->showPage(page);
        page.select(u"lab"_s);
        const auto &details = child<DetailsPane>(page, u"details"_s);
        QVERIFY(waitFor([&details] {
            return details.details().stateText == u"Reconnecting (next try in 25 seconds)"_s;
        }));
        rig.clock().advance(18s);
        QVERIFY(waitFor([&details] {
            return details.details().stateText == u"Reconnecting (next try in 7 seconds)"_s;
        }));
        QVERIFY(child<Callout>(page, u"banner"_s).text().startsWith(u"lab: The connection to"_s));
    }

    void newSandboxDoesNotWaitForAnEngineThatHangs()
    {
        ConsoleRig rig;
        SilentEngine silent;
        rig.write([&silent](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(silent.engine()));
            return EngineRepository(session).save(silent.engine());
        });
        const auto window = rig.openWindow();
        QAction &create = action(*window, u"newSandboxAction"_s);
        QVERIFY(waitFor([&create] { return create.isEnabled(); }));

        Watch watch;
        create.trigger();
        auto &dialog = child<ConsoleDialog>(*window, u"newSandboxDialog"_s);
        QVERIFY(waitFor([&silent] { return silent.isAsked(); }));
        QTest::keyClicks(&child<QComboBox>(dialog, u"imageCombo"_s), u"busybox"_s);
        QVERIFY(watch.goesOn());
        QVERIFY(!dialog.isSettled());
        QVERIFY(child<QLabel>(dialog, u"imageHint"_s).text().startsWith(u"Asking engine silent"_s));
        QCOMPARE(dialog.hindrance(), QString());
        QVERIFY(watch.wasResponsive());
        dialog.reject();
        silent.hangUp();
    }

    void testingAnEngineDoesNotWaitForItToAnswer()
    {
        ConsoleRig rig;
        SilentEngine silent;
        const auto window = rig.openWindow();
        window->showPage(window->enginesPage());

        Watch watch;
        action(*window, u"addEngineAction"_s).trigger();
        auto &dialog = child<AddEngineDialog>(*window, u"addEngineDialog"_s);
        QVERIFY(waitFor([&dialog] { return dialog.isSettled(); }));
        child<QLineEdit>(dialog, u"addressEdit"_s).setText(silent.engine().address);
        child<QPushButton>(dialog, u"testButton"_s).click();
        QVERIFY(waitFor([&silent] { return silent.isAsked(); }));
        QTest::keyClicks(&child<QLineEdit>(dialog, u"nameEdit"_s), u"silent"_s);
        QVERIFY(watch.goesOn());
        const auto &answer = child<FactList>(dialog, u"probeResult"_s);
        QVERIFY(answer.text().startsWith(u"Asking who answers"_s));
        QCOMPARE(dialog.hindrance(), QString());
        QVERIFY(watch.wasResponsive());
        QVERIFY(waitFor([&] {
            silent.hangUp(); // on whoever asks again, too
            return dialog.isSettled();
        }));
        QVERIFY(!answer.text().startsWith(u"Asking"_s));
    }

    void aMissingSocketIsSaidWithWhatToDo()
    {
        ConsoleRig rig;
        Engine gone = sample::engine(u"local"_s);
        gone.address = u"unix:///nonexistent/docker.sock"_s;
        const auto probed = rig.useCases().engines.probe(*gone.parsedAddress());
        QVERIFY(!probed);
        gone.state = EngineState::Unreachable;
        gone.error = sentenceFor(probed.error()).text();
        gone.nextAttemptAt = sample::now + 7s;
        gone.lastSeenAt.reset();
        rig.write([&gone](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(gone));
            return EngineRepository(session).save(gone);
        });
        const auto window = rig.openWindow();
        const SandboxesPage &page = window->sandboxesPage();
        const auto &title = child<QLabel>(page, u"emptyTitle"_s);
        QVERIFY(waitFor([&title] {
            return title.text() == u"No engine answers at unix:///nonexistent/docker.sock"_s;
        }));
        const QString text = child<QLabel>(page, u"emptyText"_s).text();
        for (const QString &part :
             {u"next try in 7 seconds"_s,
              gone.error,
              u"Check that the engine is running"_s,
              u"systemctl start docker"_s})
            QVERIFY2(text.contains(part), qPrintable(text));
        QVERIFY(child<QPushButton>(page, u"emptyButton"_s).isVisible());
        QVERIFY(takePictures(*window, u"page-missing-socket"_s));
    }
};

QTEST_MAIN(SilentEngineTest)
#include "tst_silentengine.moc"
