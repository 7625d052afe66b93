#include "tests/operations/servicerig.h"
#include "tests/support/waitfor.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>

using namespace sandglass;
using namespace std::chrono_literals;

namespace {

/// How often something was logged while it lives.
class LogCount
{
public:
    explicit LogCount(const QString &text)
    {
        s_text = text;
        s_count = 0;
        s_before = qInstallMessageHandler(
            [](QtMsgType type, const QMessageLogContext &context, const QString &line) {
                if (line.contains(s_text))
                    ++s_count;
                s_before(type, context, line);
            });
    }
    ~LogCount() { qInstallMessageHandler(s_before); }
    LogCount(const LogCount &) = delete;
    LogCount &operator=(const LogCount &) = delete;

    int value() const { return s_count; }

private:
    static inline QString s_text;
    static inline std::atomic<int> s_count = 0;
    static inline QtMessageHandler s_before = nullptr;
};

} // namespace

/// How the runner drives operations on a real engine when the journal, the lease or the clock are
/// not as they should be.
class JournalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_rig = std::make_unique<ServiceRig>(); }
    void cleanup() { m_rig.reset(); }

    void deletionWaitsThroughAnyNumberOfWaitsAndAHiccup()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 0));
        const Sandbox restored = m_rig->restore(snapshot.id);
        UseCases useCases = m_rig->useCases();
        const OperationId deletion =
            useCases.snapshots.remove({ServiceRig::space(), snapshot.id, ServiceRig::caller()})
                ->operation.value();
        for (int waits = 1; waits <= 10; ++waits) {
            QVERIFY(waitFor([&] { return m_rig->operation(deletion).attempts >= waits; }));
            m_rig->clock().advance(31s);
        }
        const auto address = EngineAddress::parse(useCases.engines.list()->first().address).value();
        const EngineName name = ServiceRig::engineName();
        const auto nowhere = EngineAddress::parse(u"unix:///nonexistent/engine.sock"_s).value();
        QVERIFY(useCases.engines.change(name, nowhere, ServiceRig::caller()));
        QVERIFY(waitFor([&] {
            m_rig->clock().advance(31s);
            return m_rig->operation(deletion).errorKind == nameOf(ErrorKind::Unreachable)
                || isFinished(m_rig->operation(deletion).state);
        }));
        QCOMPARE(m_rig->operation(deletion).state, OperationState::Waiting);
        QCOMPARE(useCases.snapshots.find(snapshot.id)->status, SnapshotStatus::Deleting);

        QVERIFY(useCases.engines.change(name, address, ServiceRig::caller()));
        m_rig->terminate(restored.id);
        QVERIFY(waitFor([&] {
            m_rig->clock().advance(31s);
            return isFinished(m_rig->operation(deletion).state);
        }));
        QCOMPARE(m_rig->operation(deletion).state, OperationState::Succeeded);
    }

    void journalThatCannotBeWrittenIsNotTriedInABusyLoop()
    {
        const auto change = [this](const QString &sql) {
            return m_rig->database().write([&sql](Session &session) -> Done {
                SANDGLASS_CHECK(session.run(sql));
                return {};
            });
        };
        QVERIFY(change(u"CREATE TRIGGER full BEFORE UPDATE ON operations "
                       "BEGIN SELECT RAISE(ABORT, 'no space'); END"_s));
        const LogCount refusals(u"no space"_s);
        QElapsedTimer elapsed;
        elapsed.start();
        const auto started = m_rig->useCases().sandboxes.create(ServiceRig::sandboxRequest());
        QVERIFY(started);
        QVERIFY(waitFor([&] { return refusals.value() >= 4; }));
        QVERIFY2(elapsed.elapsed() > 1'200, qPrintable(QString::number(elapsed.elapsed())));
        QVERIFY(change(u"DROP TRIGGER full"_s));
        QVERIFY(waitFor([&] { return isFinished(m_rig->operation(started->operation).state); }));
        QCOMPARE(m_rig->operation(started->operation).state, OperationState::Succeeded);
    }

    void frozenTimeDoesNotFollowTheClock()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        (void)m_rig->run(sandbox.containerId, u"dd if=/dev/zero of=/big bs=1048576 count=300"_s);
        const auto started =
            m_rig->useCases().snapshots.create(ServiceRig::snapshotRequest(sandbox.id, 0));
        QVERIFY(waitFor(
            [&] { return m_rig->operation(started->operation).currentStep() == u"commit"_s; }));
        m_rig->clock().advance(2h);
        QVERIFY(
            waitFor([&] { return isFinished(m_rig->operation(started->operation).state); }, 30s));
        const auto frozen = m_rig->snapshot(started->snapshot).frozenMilliseconds;
        QVERIFY(frozen.has_value());
        QVERIFY2(*frozen > 0 && *frozen < 60'000, qPrintable(QString::number(*frozen)));
    }

    void sandboxWhoseTerminationWasCancelledIsSeenRunning()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        QVERIFY(m_rig->giveLeaseTo(
            u"another"_s)); // so that it is not terminated before it is cancelled
        UseCases useCases = m_rig->useCases();
        const OperationId termination =
            useCases.sandboxes.terminate(ServiceRig::space(), sandbox.id, ServiceRig::caller())
                .value();
        QVERIFY(useCases.operations.cancel(termination, ServiceRig::caller()));
        QVERIFY(m_rig->giveLeaseTo(u""_s));
        QVERIFY(waitFor([&] { return isFinished(m_rig->operation(termination).state); }, 15s));
        QCOMPARE(m_rig->operation(termination).state, OperationState::Cancelled);
        QCOMPARE(useCases.sandboxes.find(sandbox.id)->status, SandboxStatus::Running);
    }

    void processThatLostItsLeaseLeavesTheOperationAlone()
    {
        const Sandbox sandbox = m_rig->makeSandbox();
        (void)m_rig->run(sandbox.containerId, u"dd if=/dev/zero of=/big bs=1048576 count=300"_s);
        const auto started =
            m_rig->useCases().snapshots.create(ServiceRig::snapshotRequest(sandbox.id, 0));
        QVERIFY(waitFor(
            [&] { return m_rig->operation(started->operation).currentStep() == u"commit"_s; }));
        const LogCount left(u"another process drives"_s);
        // Another machine took over, and goes on while the sandbox stands still.
        QVERIFY(m_rig->giveLeaseTo(u"another"_s));
        const Operation taken = m_rig->operation(started->operation);
        QVERIFY(waitFor([&] { return left.value() == 1; }, 30s));
        QCOMPARE(m_rig->operation(started->operation), taken);
        QVERIFY(m_rig->engine().inspectContainer(sandbox.containerId)->paused);

        QVERIFY(m_rig->giveLeaseTo(u""_s));
        QVERIFY(
            waitFor([&] { return isFinished(m_rig->operation(started->operation).state); }, 30s));
        QCOMPARE(m_rig->operation(started->operation).state, OperationState::Succeeded);
        QCOMPARE(m_rig->engine().images({QString(label::snapshotId)})->size(), 1);
    }

private:
    std::unique_ptr<ServiceRig> m_rig;
};

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
