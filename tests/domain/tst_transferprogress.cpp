#include "services/domain/transferprogress.h"

#include <QTest>

#include <limits>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Bytes = std::optional<qint64>;
using Seconds = std::optional<std::chrono::seconds>;

constexpr qint64 largest = std::numeric_limits<qint64>::max();
const Timestamp start = fromMilliseconds(1'700'000'000'000);

LayerProgress layer(const QString &id, LayerState state, qint64 done = 0, qint64 total = 0)
{
    return {id, state, done, total};
}

/// What an engine said, and when.
struct Said
{
    std::chrono::milliseconds at;
    LayerProgress layer;
};

TransferProgress after(const QList<Said> &said, std::chrono::milliseconds now)
{
    TransferMeter meter;
    for (const Said &one : said)
        meter.take(one.layer, start + one.at);
    return meter.progress(start + now);
}

} // namespace

class TransferProgressTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLayerByTable_data()
    {
        QTest::addColumn<QList<Said>>("said");
        QTest::addColumn<LayerProgress>("expected");
        using enum LayerState;
        QTest::newRow("waits") << QList<Said>{{0s, layer(u"a"_s, Waiting)}}
                               << layer(u"a"_s, Waiting);
        QTest::newRow("moves")
            << QList<Said>{{0s, layer(u"a"_s, Waiting)}, {1s, layer(u"a"_s, Transferring, 40, 100)}}
            << layer(u"a"_s, Transferring, 40, 100);
        QTest::newRow("more than its total, as a push counts")
            << QList<Said>{{0s, layer(u"a"_s, Transferring, 140, 100)}}
            << layer(u"a"_s, Transferring, 100, 100);
        QTest::newRow("an unknown total") << QList<Said>{{0s, layer(u"a"_s, Transferring, 40, 0)}}
                                          << layer(u"a"_s, Transferring, 40, 0);
        QTest::newRow("a negative total") << QList<Said>{{0s, layer(u"a"_s, Transferring, 40, -1)}}
                                          << layer(u"a"_s, Transferring, 40, 0);
        QTest::newRow("negative bytes") << QList<Said>{{0s, layer(u"a"_s, Transferring, -40, 100)}}
                                        << layer(u"a"_s, Transferring, 0, 100);
        QTest::newRow("no numbers keep the last ones") << QList<Said>{
            {0s, layer(u"a"_s, Transferring, 40, 100)},
            {1s, layer(u"a"_s, Transferring)}} << layer(u"a"_s, Transferring, 40, 100);
        QTest::newRow("complete before it was told to be near") << QList<Said>{
            {0s, layer(u"a"_s, Transferring, 40, 100)},
            {1s, layer(u"a"_s, Complete)}} << layer(u"a"_s, Complete, 100, 100);
        QTest::newRow("complete without a total")
            << QList<Said>{{0s, layer(u"a"_s, Transferring, 40, 0)}, {1s, layer(u"a"_s, Complete)}}
            << layer(u"a"_s, Complete, 40, 40);
        QTest::newRow("empty") << QList<Said>{{0s, layer(u"a"_s, Complete)}}
                               << layer(u"a"_s, Complete);
        QTest::newRow("received") << QList<Said>{
            {0s, layer(u"a"_s, Transferring, 90, 100)},
            {1s, layer(u"a"_s, Unpacking)},
            {2s,
             layer(
                 u"a"_s,
                 Unpacking,
                 10,
                 100)}} << layer(u"a"_s, Unpacking, 100, 100);
        QTest::newRow("already there")
            << QList<Said>{{0s, layer(u"a"_s, Waiting)}, {1s, layer(u"a"_s, AlreadyThere)}}
            << layer(u"a"_s, AlreadyThere);
        QTest::newRow("begins anew after a break")
            << QList<Said>{{0s, layer(u"a"_s, Transferring, 90, 100)}, {1s, layer(u"a"_s, Waiting)}}
            << layer(u"a"_s, Waiting, 0, 100);
    }
    void aLayerByTable()
    {
        QFETCH(QList<Said>, said);
        QFETCH(LayerProgress, expected);
        const TransferProgress progress = after(said, 2s);
        QCOMPARE(progress.layers.size(), 1);
        QCOMPARE(progress.layers.first().id, expected.id);
        QCOMPARE(nameOf(progress.layers.first().state), nameOf(expected.state));
        QCOMPARE(progress.layers.first().bytesDone, expected.bytesDone);
        QCOMPARE(progress.layers.first().bytesTotal, expected.bytesTotal);
    }

    void totalsByTable_data()
    {
        QTest::addColumn<QList<LayerProgress>>("layers");
        QTest::addColumn<qint64>("done");
        QTest::addColumn<Bytes>("total");
        using enum LayerState;
        QTest::newRow("nothing yet") << QList<LayerProgress>{} << 0LL << Bytes();
        QTest::newRow("two that move") << QList<
            LayerProgress>{layer(u"a"_s, Transferring, 10, 100), layer(u"b"_s, Transferring, 5, 50)}
                                       << 15LL << Bytes(150);
        QTest::newRow("one whose size is not known")
            << QList<LayerProgress>{layer(u"a"_s, Transferring, 10, 100), layer(u"b"_s, Waiting)}
            << 10LL << Bytes();
        QTest::newRow("those that are there already count nothing") << QList<LayerProgress>{
            layer(u"a"_s, Transferring, 10, 100),
            layer(u"b"_s, AlreadyThere, 7, 7)} << 10LL << Bytes(100);
        QTest::newRow("all there")
            << QList<LayerProgress>{layer(u"a"_s, AlreadyThere), layer(u"b"_s, AlreadyThere)} << 0LL
            << Bytes(0);
        QTest::newRow("an empty one")
            << QList<LayerProgress>{layer(u"a"_s, Complete)} << 0LL << Bytes(0);
        const qint64 cap = qint64(1) << 50;
        QTest::newRow("absurd sizes") << QList<LayerProgress>{
            layer(u"a"_s, Transferring, largest, largest),
            layer(
                u"b"_s,
                Transferring,
                largest,
                largest)} << 2 * cap << Bytes(2 * cap);
    }
    void totalsByTable()
    {
        QFETCH(QList<LayerProgress>, layers);
        TransferMeter meter;
        for (const LayerProgress &one : layers)
            meter.take(one, start);
        const TransferProgress progress = meter.progress(start);
        QTEST(progress.bytesDone(), "done");
        QTEST(progress.bytesTotal(), "total");
    }

    void rateByTable_data()
    {
        QTest::addColumn<QList<Said>>("said");
        QTest::addColumn<int>("now"); // milliseconds
        QTest::addColumn<Bytes>("rate");
        QTest::addColumn<Seconds>("left");
        const auto at = [](std::chrono::milliseconds time, qint64 done) {
            return Said{time, layer(u"a"_s, LayerState::Transferring, done, 10'000)};
        };
        QTest::newRow("nothing was said") << QList<Said>{} << 5000 << Bytes() << Seconds();
        QTest::newRow("too early to say")
            << QList<Said>{at(0ms, 0), at(500ms, 100)} << 900 << Bytes() << Seconds();
        QTest::newRow("steady") << QList<Said>{at(0s, 0), at(1s, 1000), at(2s, 2000)} << 2000
                                << Bytes(1000) << Seconds(8s);
        QTest::newRow("rounded up")
            << QList<Said>{at(0s, 0), at(2s, 1999)} << 2000 << Bytes(999) << Seconds(9s);
        QTest::newRow("only the last seconds count")
            << QList<Said>{at(0s, 1), at(20s, 2), at(24s, 2002), at(28s, 4002)} << 28'000
            << Bytes(500) << Seconds(12s);
        QTest::newRow("nothing moves any more")
            << QList<Said>{at(0s, 10), at(1s, 1000)} << 100'000 << Bytes(0) << Seconds();
        QTest::newRow("the clock stepped back")
            << QList<Said>{at(100s, 0), at(101s, 1000), at(0s, 2000), at(1s, 2500)} << 1000
            << Bytes(500) << Seconds(15s);
        QTest::newRow("asked before it was said")
            << QList<Said>{at(100s, 0), at(101s, 1000)} << 0 << Bytes() << Seconds();
        QTest::newRow("begun anew") << QList<
            Said>{at(0s, 0), at(2s, 9000), {3s, layer(u"a"_s, LayerState::Waiting)}, at(5s, 400)}
                                    << 5000 << Bytes(200) << Seconds(48s);
        QTest::newRow("all there")
            << QList<Said>{at(0s, 0), at(2s, 10'000)} << 2000 << Bytes(5000) << Seconds(0s);
        QTest::newRow("the total is not known")
            << QList<Said>{at(0s, 0), {0s, layer(u"b"_s, LayerState::Waiting)}, at(2s, 1000)}
            << 2000 << Bytes(500) << Seconds();
    }
    void rateByTable()
    {
        QFETCH(QList<Said>, said);
        QFETCH(int, now);
        const TransferProgress progress = after(said, std::chrono::milliseconds(now));
        QTEST(progress.bytesPerSecond, "rate");
        QTEST(progress.timeLeft(), "left");
    }

    void whatIsKeptComesBack()
    {
        using enum LayerState;
        const TransferProgress progress = after(
            {{0s, layer(u"3d27a03c3cc7"_s, Waiting)},
             {0s, layer(u"ea034663c942"_s, Transferring, 0, 9'000'000)},
             {0s, layer(u"769638343d1e"_s, AlreadyThere)},
             {0s, layer(u"5d4938c4739e"_s, Unpacking, 5, 5)},
             {2s, layer(u"ea034663c942"_s, Transferring, 500, 9'000'000)}},
            2s);
        const QByteArray bytes = progress.toJson();
        QVERIFY(bytes.size() < 60 * progress.layers.size());
        const auto back = TransferProgress::fromJson(bytes);
        QVERIFY(back);
        QCOMPARE(*back, progress);
        QCOMPARE(back->bytesPerSecond, Bytes(252));
        const auto empty = TransferProgress::fromJson(TransferProgress{}.toJson());
        QVERIFY(empty);
        QCOMPARE(*empty, TransferProgress{});
    }

    void whatWasNotWrittenByUsIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("layers");
        QTest::newRow("no layers") << QByteArray("{}");
        QTest::newRow("a layer that is no list") << QByteArray(R"({"layers":[5]})");
        QTest::newRow("a state that is none") << QByteArray(R"({"layers":[["a","lost",1,2]]})");
        QTest::newRow("no name") << QByteArray(R"({"layers":[["","done",1,2]]})");
    }
    void whatWasNotWrittenByUsIsRefused()
    {
        QFETCH(QByteArray, bytes);
        const auto progress = TransferProgress::fromJson(bytes);
        QVERIFY(!progress);
        QCOMPARE(progress.error().kind, ErrorKind::Protocol);
    }
};

QTEST_GUILESS_MAIN(TransferProgressTest)
#include "tst_transferprogress.moc"
