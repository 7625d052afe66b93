#include "services/net/httpresponseparser.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

class HttpResponseParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAnswerIsReadInPiecesOfAnySize_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("closed");
        QTest::addColumn<bool>("keeps");
        QTest::newRow("length") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
                                << false << true;
        QTest::newRow("chunked") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: t\r\n\r\n")
                                 << false << true;
        QTest::newRow("until close")
            << QByteArray("HTTP/1.1 200 OK\r\n\r\nhello world") << true << false;
        QTest::newRow("HTTP/1.0") << QByteArray(
            "HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
                                  << false << false;
        QTest::newRow("announced close") << QByteArray(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\nhello world")
                                         << false << false;
        QTest::newRow("after 100")
            << QByteArray("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
                          "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
            << false << true;
    }

    void anAnswerIsReadInPiecesOfAnySize()
    {
        QFETCH(const QByteArray, wire);
        QFETCH(const bool, closed);
        QFETCH(const bool, keeps);
        for (qsizetype piece = 1; piece <= wire.size(); ++piece) {
            HttpResponseParser parser(false);
            QByteArray body;
            for (qsizetype at = 0; at < wire.size(); at += piece)
                QVERIFY(parser.feed(wire.mid(at, piece), body));
            if (closed) {
                QVERIFY(!parser.isComplete());
                parser.endOfStream();
            }
            QVERIFY(parser.isComplete());
            QCOMPARE(parser.head().status, 200);
            QCOMPARE(body, QByteArray("hello world"));
            QCOMPARE(parser.keepsConnection(), keeps);
            for (const auto &[name, value] : parser.head().headers)
                QVERIFY(name != "X-Interim");
        }
    }

    void anAnswerWithoutABodyIsCompleteAtItsHead_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("bodiless");
        QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << false;
        QTest::newRow("304") << QByteArray("HTTP/1.1 304 Not Modified\r\n\r\n") << false;
        QTest::newRow("HEAD") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
                              << true;
    }

    void anAnswerWithoutABodyIsCompleteAtItsHead()
    {
        QFETCH(const QByteArray, wire);
        QFETCH(const bool, bodiless);
        HttpResponseParser parser(bodiless);
        QByteArray body;
        QVERIFY(parser.feed(wire, body));
        QVERIFY(parser.isComplete());
        QVERIFY(parser.keepsConnection());
    }

    void whatIsNoHttpAnswerIsRefused_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("other protocol") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        QTest::newRow("bad status") << QByteArray("HTTP/1.1 20x OK\r\n\r\n");
        QTest::newRow("bad length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
        QTest::newRow("two lengths")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
        QTest::newRow("bad chunk")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        QTest::newRow("upgrade") << QByteArray("HTTP/1.1 101 Switching\r\n\r\n");
        QTest::newRow("interim flood") << QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(100);
        QTest::newRow("head flood")
            << "HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(20'000);
        QTest::newRow("endless line") << "HTTP/1.1 200 " + QByteArray(200'000, 'x');
        QTest::newRow("endless chunk line")
            << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + QByteArray(200'000, 'x');
    }

    void whatIsNoHttpAnswerIsRefused()
    {
        QFETCH(const QByteArray, wire);
        constexpr qsizetype piece = 1000;
        HttpResponseParser parser(false);
        QByteArray body;
        for (qsizetype at = 0; at < wire.size(); at += piece) {
            if (const Done fed = parser.feed(wire.mid(at, piece), body); !fed) {
                QCOMPARE(fed.error().kind, ErrorKind::Protocol);
                return;
            }
        }
        QFAIL("it was taken for an answer");
    }

    void surplusBytesForbidTheNextRequest()
    {
        HttpResponseParser parser(false);
        QByteArray body;
        QVERIFY(parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOKHTTP", body));
        QVERIFY(parser.isComplete());
        QCOMPARE(body, QByteArray("OK"));
        QVERIFY(!parser.keepsConnection());
    }

    void anEarlyEndIsNoCompleteAnswer()
    {
        HttpResponseParser parser(false);
        QByteArray body;
        QVERIFY(parser.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", body));
        parser.endOfStream();
        QVERIFY(!parser.isComplete());
    }
};

QTEST_GUILESS_MAIN(HttpResponseParserTest)
#include "tst_httpresponseparser.moc"
