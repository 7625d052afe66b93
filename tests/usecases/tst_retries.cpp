#include "services/storage/operationrepository.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waitfor.h"
#include "tests/usecases/program.h"
#include "tests/usecases/snapshotstore.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sandglass;
using namespace std::chrono_literals;

/// When operations are tried again, with an engine that answers nothing and a clock that stands
/// still.
class RetriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_program = std::make_unique<Program>(m_folder->path() + u"/sandglass.db"_s, m_clock);
        QVERIFY(addEngine(*m_program->database, u"unix://"_s + socketPath()));
    }

    void cleanup()
    {
        m_program.reset();
        m_folder.reset();
    }

    void attemptBeforeItsTimeUsesUpNone()
    {
        ask(1);
        m_program->runner.start();
        QVERIFY(waitFor([this] { return allWait(); }));
        for (int i = 0; i < 12; ++i) {
            const qint64 before = lastChange();
            m_program->runner.retryNow(engineA);
            QVERIFY(waitFor([&] { return lastChange() != before && allWait(); }));
        }
        QCOMPARE(operations().first().attempts, 1);
    }

    void operationOfAnotherVersionBeginsAnew()
    {
        ask(1);
        Operation other = operations().first();
        const QList<OperationStep> planned = other.steps;
        other.steps = {OperationStep{u"a step that was"_s, {}, {}, 0}};
        QVERIFY(m_program->database->write(
            [&other](Session &session) { return OperationRepository(session).planSteps(other); }));
        m_program->runner.start();
        QVERIFY(waitFor([this] { return allWait(); }));
        QCOMPARE(operations().first().steps, planned);
    }

    void oneReasonToRetryIsOneAttempt()
    {
        QLocalServer server;
        QVERIFY(server.listen(socketPath()));
        int connections = 0;
        connect(&server, &QLocalServer::newConnection, this, [&connections] { ++connections; });
        ask(4);
        m_program->runner.start();
        QVERIFY(waitFor([&] { return connections == 4; }));
        m_program->runner.retryNow(engineA); // while all of them run
        server.close();
        while (QLocalSocket *connection = server.nextPendingConnection())
            connection->abort();
        // Each may be tried once more, and writes at most three times for that.
        int changes = 0;
        while (isChangedWithin(1s))
            QVERIFY(++changes <= 4 * 2 * 3);
        QVERIFY(allWait());
    }

private:
    QString socketPath() const { return m_folder->path() + u"/engine.sock"_s; }

    void ask(int count)
    {
        SandboxService sandboxes(*m_program->database, m_program->runner, m_clock);
        for (int i = 0; i < count; ++i) {
            CreateSandboxRequest request;
            request.namespaceName = team;
            request.image = u"busybox:1"_s;
            request.caller = tester;
            QVERIFY(sandboxes.create(request));
        }
    }

    QList<Operation> operations()
    {
        return m_program->database
            ->read([](Session &session) { return OperationRepository(session).list(10); })
            .value_or(QList<Operation>());
    }

    bool allWait()
    {
        const QList<Operation> all = operations();
        return std::all_of(all.begin(), all.end(), [](const Operation &operation) {
            return operation.state == OperationState::Waiting;
        });
    }

    bool isChangedWithin(std::chrono::milliseconds limit)
    {
        return waitFor([this, before = lastChange()] { return lastChange() != before; }, limit);
    }

    qint64 lastChange()
    {
        qint64 last = 0;
        for (const Operation &operation : operations())
            last = std::max(last, operation.changeSeq);
        return last;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeClock m_clock;
    std::unique_ptr<Program> m_program;
};

QTEST_GUILESS_MAIN(RetriesTest)
#include "tst_retries.moc"
