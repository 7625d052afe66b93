#include "services/docker/eventstream.h"
#include "tests/net/httptestserver.h"
#include "tests/support/waitfor.h"

#include <QPointer>
#include <QTest>

#include <latch>
#include <optional>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

using Scheme = EngineAddress::Scheme;

QByteArray eventLine(int number)
{
    return R"({"Type":"container","Action":"start","Actor":{"ID":")" + QByteArray::number(number)
        + R"("},"timeNano":)" + QByteArray::number(number) + "}\n";
}

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

const QByteArray head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What a stream told.
struct Listener
{
    explicit Listener(EventStream &stream)
    {
        QObject::connect(
            &stream, &EventStream::received, &stream, [this](const EngineEvent &event) {
                ids.append(event.actorId);
            });
        QObject::connect(&stream, &EventStream::ended, &stream, [this](const Error &error) {
            ++ends;
            last = error;
        });
    }
    QStringList ids;
    int ends = 0;
    Error last;
};

} // namespace

class EventStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsArriveWhileTheStreamGoesOn()
    {
        std::latch received(1);
        QByteArray target;
        HttpTestServer server(Scheme::Tcp, [&](TestPeer &peer) {
            target = peer.readRequest()->target;
            peer.send(head + chunk(eventLine(1)));
            received.wait();
            peer.send(chunk(eventLine(2)) + "0\r\n\r\n");
            peer.waitForClose();
        });
        EventStream stream(server.address(), {1, 52}, 1'700'000'000'000'000'042);
        Listener listener(stream);
        QVERIFY(waitFor([&] { return listener.ids.size() == 1; }));
        QCOMPARE(listener.ends, 0);
        received.count_down();
        QVERIFY(waitFor([&] { return listener.ends > 0; }));
        QCOMPARE(listener.ids, (QStringList{u"1"_s, u"2"_s}));
        QCOMPARE(listener.ends, 1);
        QCOMPARE(listener.last.kind, ErrorKind::Unreachable); // fact V3
        QCOMPARE(
            target,
            QByteArray(
                "/v1.52/events?filters=%7B%22type%22%3A%5B%22container%22%2C%22image%22%5D%7D"
                "&since=1700000000.000000042"));
    }

    void linesMayBeCutAnywhere()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(head);
            const QByteArray lines = eventLine(1) + "\r\n\x1e" + eventLine(2) + eventLine(3);
            for (const char byte : lines)
                peer.send(chunk(QByteArray(1, byte)));
            peer.send("0\r\n\r\n");
            peer.waitForClose();
        });
        EventStream stream(server.address(), {1, 41}, 0);
        Listener listener(stream);
        QVERIFY(waitFor([&] { return listener.ends > 0; }));
        QCOMPARE(listener.ids, (QStringList{u"1"_s, u"2"_s, u"3"_s}));
    }

    void everyEndComesOnceWithItsReason_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("cut off") << head + chunk(eventLine(1)) << ErrorKind::Unreachable
                                 << QString();
        QTest::newRow("no JSON") << head + chunk("nonsense\n") << ErrorKind::Protocol << QString();
        QTest::newRow("endless line")
            << head + chunk(QByteArray(2 << 20, 'x')) << ErrorKind::Protocol << QString();
        QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << ErrorKind::Protocol << QString();
        QTest::newRow("refused") << QByteArray(
            "HTTP/1.1 400 Bad\r\nContent-Length: 16\r\n\r\n{\"message\":\"no\"}")
                                 << ErrorKind::InvalidArgument << u"no"_s;
    }
    void everyEndComesOnceWithItsReason()
    {
        QFETCH(const QByteArray, wire);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        HttpTestServer server(Scheme::Unix, [&wire](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(wire);
        });
        EventStream stream(server.address(), {1, 41}, 0);
        Listener listener(stream);
        QVERIFY(waitFor([&] { return listener.ends > 0; }));
        QCOMPARE(listener.last.kind, kind);
        QCOMPARE(listener.last.remoteMessage, words);
        QVERIFY(listener.last.origin.startsWith(server.address().text()));
        QVERIFY(!waitFor([&] { return listener.ends > 1; }, std::chrono::milliseconds(50)));
    }

    void aMissingEngineEndsItFromTheEventLoop()
    {
        EventStream stream(EngineAddress{Scheme::Unix, u"/no/such.sock"_s, {}, 0}, {1, 41}, 0);
        Listener listener(stream);
        QCOMPARE(listener.ends, 0);
        QVERIFY(waitFor([&] { return listener.ends > 0; }));
        QCOMPARE(listener.last.kind, ErrorKind::Unreachable);
    }

    void itMayGoWhileItRuns()
    {
        HttpTestServer server(Scheme::Unix, [](TestPeer &peer) {
            (void)peer.readRequest();
            peer.send(head + chunk(eventLine(1)) + chunk(eventLine(2)));
            peer.waitForClose();
        });
        QPointer<EventStream> stream = new EventStream(server.address(), {1, 41}, 0);
        connect(stream, &EventStream::received, stream, &QObject::deleteLater);
        QVERIFY(waitFor([&stream] { return stream.isNull(); }));
    }
};

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_eventstream.moc"
