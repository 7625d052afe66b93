#include "services/core/background.h"
#include "services/core/canceltoken.h"
#include "services/core/clockjump.h"
#include "services/core/errorsentence.h"
#include "services/core/id.h"
#include "services/core/json.h"
#include "services/core/secret.h"
#include "tests/support/waitfor.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

struct TestKind
{
    static constexpr QLatin1StringView prefix{"t-"};
    static constexpr QLatin1StringView what{"test id"};
};
using TestId = Id<TestKind>;

Result<int> half(int value)
{
    if (value % 2 != 0)
        return failure(ErrorKind::InvalidArgument, u"odd"_s);
    return value / 2;
}

Result<int> quarter(int value)
{
    SANDGLASS_TRY(const int once, half(value));
    SANDGLASS_TRY(const int twice, half(once));
    return twice;
}

} // namespace

class CoreTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clockJumpsAreSeenInBothDirections()
    {
        ClockJump jump;
        const Timestamp start = fromMilliseconds(1'700'000'000'000);
        QVERIFY(!jump.occurred(start, 1000s));
        QVERIFY(!jump.occurred(start + 1s, 1001s));
        QVERIFY(!jump.occurred(start + 4s, 1000s + 3s)); // the clock is slewed
        QVERIFY(jump.occurred(start + 8h, 1004s)); // the machine was suspended
        QVERIFY(!jump.occurred(start + 8h + 1s, 1005s));
        QVERIFY(jump.occurred(start, 1006s)); // somebody set the clock back
        QVERIFY(!jump.occurred(start + 1h, 1006s + 1h)); // the program was not asked for an hour
    }

    void resultCarriesValueOrError()
    {
        QCOMPARE(quarter(8).value(), 2);
        const Result<int> odd = quarter(6);
        QVERIFY(!odd);
        QCOMPARE(odd.error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(odd.error().detail, u"odd"_s);
    }

    void errorKindsKeepTheirNames()
    {
        for (int i = 0; i <= int(ErrorKind::Internal); ++i) {
            const auto kind = ErrorKind(i);
            QVERIFY(!nameOf(kind).isEmpty());
            QCOMPARE(errorKindFrom(nameOf(kind)), kind);
        }
        QCOMPARE(errorKindFrom(u"from the future"_s), ErrorKind::Internal);
    }

    void aLockedStoreIsWorthAnotherAttempt()
    {
        QVERIFY(isTransient({ErrorKind::StorageLocked, {}, {}, {}, 0}));
        QVERIFY(!isTransient({ErrorKind::StorageDamaged, {}, {}, {}, 0}));
    }

    void everyErrorHasWordsAndTheEnginesOwn()
    {
        for (int i = 0; i <= int(ErrorKind::Internal); ++i) {
            const Error error{
                ErrorKind(i), u"inspect container"_s, u"unix:///x GET /y"_s, u"ouch"_s, 500};
            const ErrorSentence sentence = sentenceFor(error);
            QVERIFY(sentence.whatHappened.contains(u"inspect container"_s));
            QCOMPARE(sentence.engineWords, u"ouch"_s);
            QVERIFY(sentence.text().contains(u"ouch"_s));
        }
    }

    void whatToDoIsSaidOfTheRemoteAtFault_data()
    {
        QTest::addColumn<Error>("error");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, ErrorKind kind, Remote remote, const QString &words) {
            Error error{kind, u"push"_s, u"https://r GET /v2/"_s, u"ouch"_s, 0};
            error.remote = remote;
            QTest::newRow(name) << error << words;
        };
        using enum ErrorKind;
        row("an engine's socket", PermissionDenied, Remote::Engine, u"the engine's socket"_s);
        row("a login", PermissionDenied, Remote::Registry, u"let the registry's owner allow it"_s);
        row("a wrong password", Unauthorized, Remote::Registry, u"that it accepts"_s);
        row("a token that expired",
            Unauthorized,
            Remote::RegistryByEngine,
            u"may have expired on the way"_s);
        row("an engine's certificate", Untrusted, Remote::Engine, u"of both sides"_s);
        row("a registry's certificate", Untrusted, Remote::Registry, u"as its CA file"_s);
        row("an engine's trust",
            Untrusted,
            Remote::RegistryByEngine,
            u"certs.d/HOST:PORT/ca.crt"_s);
        row("an engine is down", Unreachable, Remote::Engine, u"the engine is running"_s);
        row("a registry is down", Unreachable, Remote::Registry, u"the registry is running"_s);
        row("an engine reaches none", Unreachable, Remote::RegistryByEngine, u"engine's host"_s);
        row("a silent registry", TimedOut, Remote::Registry, u"The registry, or the way to it"_s);
        row("no registry", Protocol, Remote::Registry, u"may not be a registry"_s);
        row("a registry's words", Registry, Remote::Registry, u"The registry says: ouch"_s);
        row("what an engine was told", Registry, Remote::RegistryByEngine, u"engine says: ouch"_s);
    }
    void whatToDoIsSaidOfTheRemoteAtFault()
    {
        QFETCH(Error, error);
        QFETCH(QString, words);
        const QString text = sentenceFor(error).text();
        QVERIFY2(text.contains(words), qPrintable(text));
        if (error.remote != Remote::Engine)
            QVERIFY2(!text.contains(u"engine is running"_s), qPrintable(text));
    }

    void idsAreRandomAndChecked_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << u"t-abc123"_s << true;
        QTest::newRow("no prefix") << u"abc123"_s << false;
        QTest::newRow("only prefix") << u"t-"_s << false;
        QTest::newRow("parent folder") << u"t-../../etc"_s << false;
        QTest::newRow("upper case") << u"t-ABC"_s << false;
        QTest::newRow("300 characters") << u"t-"_s + QString(300, u'a') << false;
        QTest::newRow("newline") << u"t-abc\n"_s << false;
        QTest::newRow("empty") << QString() << false;
    }

    void idsAreRandomAndChecked()
    {
        QFETCH(QString, text);
        QFETCH(bool, good);
        QCOMPARE(bool(TestId::parse(text)), good);
        QVERIFY(TestId::parse(TestId::generate().text()));
        QVERIFY(TestId::generate() != TestId::generate());
    }

    void namesAreChecked()
    {
        QVERIFY(isWellFormedName(u"team-1.a_b"_s));
        QVERIFY(!isWellFormedName(u".."_s));
        QVERIFY(!isWellFormedName(u"a/b"_s));
        QVERIFY(!isWellFormedName(QString(64, u'a')));
    }

    void secretsCompareWholly()
    {
        const Secret secret(QByteArray("token"));
        QVERIFY(secret.matches("token"));
        QVERIFY(!secret.matches("toke"));
        QVERIFY(!secret.matches("tokentoken"));
        QVERIFY(!secret.matches(""));
        QVERIFY(!Secret().matches(""));
        Secret copy = secret;
        copy = Secret();
        QVERIFY(secret.matches("token"));
    }

    void cancelCallsBackOnce()
    {
        const CancelToken token;
        int calls = 0;
        {
            const auto gone = token.onCancelled([&calls] { calls += 100; });
        }
        const auto kept = token.onCancelled([&calls] { ++calls; });
        token.cancel();
        token.cancel();
        QCOMPARE(calls, 1);
        QVERIFY(token.isCancelled());
        const auto late = token.onCancelled([&calls] { ++calls; });
        QCOMPARE(calls, 2);
    }

    void backgroundDeliversOnTheContextsThread()
    {
        QThreadPool pool;
        QObject context;
        QThread *workedOn = nullptr;
        int received = 0;
        QThread *finishedOn = nullptr;
        inBackground(
            pool,
            &context,
            [&workedOn] {
                workedOn = QThread::currentThread();
                return 42;
            },
            [&](int value) {
                received = value;
                finishedOn = QThread::currentThread();
            });
        QCOMPARE(received, 0);
        QVERIFY(waitFor([&] { return received == 42; }));
        QVERIFY(workedOn != QThread::currentThread());
        QCOMPARE(finishedOn, QThread::currentThread());
    }

    void backgroundDropsWhatNobodyWaitsFor()
    {
        QThreadPool pool;
        std::atomic<int> delivered = 0;
        for (int round = 0; round < 200; ++round) {
            auto context = std::make_unique<QObject>();
            std::latch mayEnd(1);
            inBackground(
                pool,
                context.get(),
                [&mayEnd] {
                    mayEnd.wait();
                    return 1;
                },
                [&delivered](int) { ++delivered; });
            if (round % 2 == 0) {
                context.reset();
                mayEnd.count_down();
            } else {
                mayEnd.count_down();
                context.reset();
            }
            pool.waitForDone();
        }
        QCoreApplication::processEvents();
        QCOMPARE(delivered.load(), 0);
    }

    void jsonMustBeAnObject()
    {
        QVERIFY(parseJsonObject(R"({"a":1})"));
        QCOMPARE(parseJsonObject("[1]").error().kind, ErrorKind::Protocol);
        QCOMPARE(parseJsonObject("{\"a\":").error().kind, ErrorKind::Protocol);
        QCOMPARE(parseJsonObject("").error().kind, ErrorKind::Protocol);
    }
};

QTEST_GUILESS_MAIN(CoreTest)
#include "tst_core.moc"
