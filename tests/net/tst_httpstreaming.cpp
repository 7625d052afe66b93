#include "services/net/httptransport.h"
#include "tests/net/httptestserver.h"
#include "tests/net/requests.h"
#include "tests/support/waitfor.h"

#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <atomic>
#include <cstring>
#include <latch>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool countsMemory = false; // freed blocks stay in the sanitizer's quarantine
constexpr qint64 large = 256ll * 1024 * 1024;
#else
constexpr bool countsMemory = true;
constexpr qint64 large = 1024ll * 1024 * 1024;
#endif
constexpr qint64 block = 1024 * 1024;
constexpr qint64 memoryAllowed = 24ll * 1024 * 1024;

/// Highest resident size since the last reset, in bytes.
qint64 highestMemory()
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no /proc/self/status");
    const QByteArray status = file.readAll();
    const qsizetype at = status.indexOf("VmHWM:") + 6;
    return status.mid(at, status.indexOf("kB", at) - at).trimmed().toLongLong() * 1024;
}

void resetHighestMemory()
{
    QFile file(u"/proc/self/clear_refs"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write("5") != 1)
        qFatal("the memory mark cannot be reset");
}

/// Bytes that are made as they are read. Their value is the number of their block, so that a lost
/// or doubled one is noticed.
class Pattern final : public QIODevice
{
public:
    Pattern(qint64 size, bool sequential)
        : m_size(size)
        , m_sequential(sequential)
    {
        open(ReadOnly | Unbuffered);
    }
    [[nodiscard]] bool isSequential() const override { return m_sequential; }
    [[nodiscard]] qint64 size() const override { return m_sequential ? QIODevice::size() : m_size; }

    [[nodiscard]] static char at(qint64 position) { return char(position / page * 31); }

protected:
    qint64 readData(char *data, qint64 maximum) override
    {
        const qint64 count = qMin(maximum, m_size - m_position);
        if (count == 0)
            return -1;
        for (qint64 done = 0; done < count;) {
            const qint64 part = qMin(count - done, page - m_position % page);
            std::memset(data + done, at(m_position), std::size_t(part));
            done += part;
            m_position += part;
        }
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    static constexpr qint64 page = 4096;
    qint64 m_size;
    qint64 m_position = 0;
    bool m_sequential;
};

/// Checks that bytes come in the order of Pattern.
struct PatternCheck
{
    qint64 position = 0;
    bool good = true;

    void take(QByteArrayView part)
    {
        // Only the ends of each piece, or checking would take longer than sending.
        good = good && part.front() == Pattern::at(position)
            && part.back() == Pattern::at(position + part.size() - 1);
        position += part.size();
    }
};

} // namespace

class HttpStreamingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDownloadOfGigabytesNeedsLittleMemory_data()
    {
        QTest::addColumn<Scheme>("scheme");
        QTest::addColumn<bool>("chunked");
        QTest::newRow("unix, length") << Scheme::Unix << false;
        QTest::newRow("unix, chunked") << Scheme::Unix << true;
        QTest::newRow("tcp, length") << Scheme::Tcp << false;
        QTest::newRow("tcp, chunked") << Scheme::Tcp << true;
    }
    void aDownloadOfGigabytesNeedsLittleMemory()
    {
        QFETCH(const Scheme, scheme);
        QFETCH(const bool, chunked);
        HttpTestServer server(scheme, [chunked](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(
                chunked ? QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        : "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(large)
                        + "\r\n\r\n");
            Pattern pattern(large, true);
            QByteArray part(block, Qt::Uninitialized);
            while (pattern.read(part.data(), block) == block) {
                if (chunked)
                    peer.send(QByteArray::number(block, 16) + "\r\n");
                peer.send(part);
                if (chunked)
                    peer.send("\r\n");
            }
            if (chunked)
                peer.send("0\r\n\r\n");
            peer.waitForClose();
        });
        PatternCheck check;
        HttpRequest request;
        request.path = u"/export"_s;
        request.sink = [&check](QByteArrayView part) -> Done {
            check.take(part);
            return {};
        };
        resetHighestMemory();
        const qint64 before = highestMemory();
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
        QCOMPARE(check.position, large);
        QVERIFY(check.good);
        QVERIFY(answer->body.isEmpty());
        const qint64 growth = highestMemory() - before;
        QVERIFY2(!countsMemory || growth < memoryAllowed, qPrintable(QString::number(growth)));
    }

    void anUploadOfGigabytesNeedsLittleMemory_data()
    {
        aDownloadOfGigabytesNeedsLittleMemory_data();
    }
    void anUploadOfGigabytesNeedsLittleMemory()
    {
        QFETCH(const Scheme, scheme);
        QFETCH(const bool, chunked);
        PatternCheck check;
        HttpTestServer server(scheme, [&check](TestPeer &peer) {
            const auto request = peer.readRequest();
            if (peer.readBody(*request, [&check](QByteArrayView part) { check.take(part); }))
                peer.answer(200, "taken");
            peer.waitForClose();
        });
        Pattern pattern(large, chunked);
        HttpRequest request;
        request.method = "POST";
        request.path = u"/images/load"_s;
        request.contentType = "application/x-tar";
        request.bodySource = &pattern;
        resetHighestMemory();
        const qint64 before = highestMemory();
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
        QCOMPARE(answer->body, QByteArray("taken"));
        QCOMPARE(check.position, large);
        QVERIFY(check.good);
        const qint64 growth = highestMemory() - before;
        QVERIFY2(!countsMemory || growth < memoryAllowed, qPrintable(QString::number(growth)));
    }

    void chunksArriveAsTheyAreSent_data() { schemes(); }
    void chunksArriveAsTheyAreSent()
    {
        QFETCH(const Scheme, scheme);
        std::latch first(1);
        HttpTestServer server(scheme, [&first](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst\n\r\n");
            first.wait(); // without it the answer never ends
            peer.send("7\r\nsecond\n\r\n0\r\n\r\n");
            peer.waitForClose();
        });
        QByteArray received;
        HttpRequest request;
        request.path = u"/events"_s;
        request.sink = [&](QByteArrayView part) -> Done {
            received.append(part);
            if (received == "first\n")
                first.count_down();
            return {};
        };
        QVERIFY(HttpTransport(server.address()).send(request));
        QCOMPARE(received, QByteArray("first\nsecond\n"));
    }

    void anErrorFromTheSinkEndsTheRequest()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n\r\nsome");
            peer.waitForClose();
        });
        HttpRequest request;
        request.path = u"/"_s;
        request.sink = [](QByteArrayView) -> Done {
            return failure(ErrorKind::StorageFull, u"disk full"_s);
        };
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::StorageFull);
        QCOMPARE(answer.error().detail, u"disk full"_s);
    }

    void aLongBodyIsNotKeptInMemory()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            while (peer.send(QByteArray(block, 'x'))) { }
        });
        HttpRequest request;
        request.path = u"/"_s;
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Protocol);
        QVERIFY(answer.error().detail.contains(u"longer than"_s));
    }

    void anEarlyRefusalDuringAnUploadIsHeard_data() { schemes(); }
    void anEarlyRefusalDuringAnUploadIsHeard()
    {
        QFETCH(const Scheme, scheme);
        HttpTestServer server(scheme, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.answer(400, "nope");
            peer.waitForClose();
        });
        Pattern pattern(large, false);
        HttpRequest request;
        request.method = "POST";
        request.path = u"/"_s;
        request.bodySource = &pattern;
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
        QCOMPARE(answer->status, 400);
        QCOMPARE(answer->body, QByteArray("nope"));
    }

    // Over TCP a close with unread bytes resets the connection, and the answer may be lost: the
    // outcome is unknown then.
    void aRefusalThatClosesDuringAnUploadIsHeard()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(
                "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnope");
        });
        for (int i = 0; i < 20; ++i) {
            Pattern pattern(large, false);
            HttpRequest request;
            request.method = "POST";
            request.path = u"/"_s;
            request.bodySource = &pattern;
            const auto answer = HttpTransport(server.address()).send(request);
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().summary()));
            QCOMPARE(answer->status, 413);
        }
    }

    void anInterimAnswerIsPassedOver()
    {
        HttpTestServer server(Scheme::Tcp, [](TestPeer &peer) {
            const auto request = peer.readRequest();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.answer(200, peer.readBody(*request));
            peer.waitForClose();
        });
        HttpRequest request;
        request.method = "POST";
        request.path = u"/"_s;
        request.body = "body";
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(answer);
        QCOMPARE(answer->body, QByteArray("body"));
    }

    void aShortBodySourceIsAnError()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) { peer.waitForClose(); });
        class Short final : public QIODevice
        {
        public:
            Short() { open(ReadOnly | Unbuffered); }
            [[nodiscard]] qint64 size() const override { return 100; }

        protected:
            qint64 readData(char *, qint64) override { return -1; }
            qint64 writeData(const char *, qint64) override { return -1; }
        };
        Short source;
        HttpRequest request;
        request.method = "PUT";
        request.path = u"/"_s;
        request.bodySource = &source;
        const auto answer = HttpTransport(server.address()).send(request);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::InvalidArgument);
    }

    void aReaderThatWaitsSlowsTheServer_data() { schemes(); }
    void aReaderThatWaitsSlowsTheServer()
    {
        QFETCH(const Scheme, scheme);
        constexpr qint64 total = 16 * block;
        constexpr qint64 bufferSize = 64 * 1024;
        std::atomic<bool> stuck = false;
        HttpTestServer server(scheme, [&stuck](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(
                "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(total) + "\r\n\r\n");
            const QByteArray part(16 * 1024, 'x');
            for (qint64 sent = 0; sent < total; sent += part.size()) {
                if (!stuck && !peer.takesMore(300ms))
                    stuck = true;
                peer.send(part);
            }
            peer.waitForClose();
        });
        const auto network = makeNetworkAccess(server.address());
        const std::unique_ptr<QNetworkReply> reply(
            network->get(QNetworkRequest(urlFor(server.address(), u"/"_s, {}))));
        reply->setReadBufferSize(bufferSize);
        QVERIFY(waitFor([&stuck] { return stuck.load(); }));
        QVERIFY(reply->bytesAvailable() >= bufferSize);
        QVERIFY(reply->bytesAvailable() < 4 * bufferSize);
        qint64 received = 0;
        connect(reply.get(), &QNetworkReply::readyRead, this, [&] {
            received += reply->readAll().size();
        });
        received += reply->readAll().size();
        QVERIFY(waitFor([&reply] { return reply->isFinished(); }));
        received += reply->readAll().size();
        QCOMPARE(received, total);
        QCOMPARE(reply->error(), QNetworkReply::NoError);
    }
};

QTEST_GUILESS_MAIN(HttpStreamingTest)
#include "tst_httpstreaming.moc"
