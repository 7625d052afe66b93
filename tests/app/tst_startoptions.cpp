#include "app/startoptions.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

class StartOptionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsNameEnginesAndFolder()
    {
        const auto options = parse(
            {u"--data-dir"_s,
             u"/data"_s,
             u"--engine"_s,
             u"a=unix:///run/a.sock"_s,
             u"--engine"_s,
             u"b=tcp://127.0.0.1:2375"_s});
        QVERIFY(options);
        QCOMPARE(options->dataDirectory, u"/data"_s);
        QCOMPARE(options->engines.size(), 2);
        QCOMPARE(options->engines.at(1).first.text(), u"b"_s);
        QCOMPARE(options->engines.at(1).second.text(), u"tcp://127.0.0.1:2375"_s);
    }

    void wrongEnginesAreRefused()
    {
        for (const QString &bad :
             {u"a"_s, u"=unix:///x"_s, u"a=ftp://host"_s, u"../a=unix:///x"_s}) {
            const auto options = parse({u"--engine"_s, bad});
            QVERIFY2(!options, qPrintable(bad));
            QCOMPARE(options.error().kind, ErrorKind::InvalidArgument);
        }
    }

    void fileGivesWhatArgumentsDoNot()
    {
        const QTemporaryDir folder;
        QFile file(folder.path() + u"/sandglass.ini"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[start]\ndata-dir=/from/file\nengine=a=unix:///run/a.sock, b=tcp://host\n");
        file.close();
        const auto read = parse({u"--config"_s, file.fileName()});
        QVERIFY2(read, read ? "" : qPrintable(read.error().summary()));
        QCOMPARE(read->dataDirectory, u"/from/file"_s);
        QCOMPARE(read->engines.size(), 2);
        const auto overridden =
            parse({u"--config"_s, file.fileName(), u"--data-dir"_s, u"/from/argument"_s});
        QCOMPARE(overridden->dataDirectory, u"/from/argument"_s);
        QVERIFY(!parse({u"--config"_s, u"/nonexistent.ini"_s}));
    }

private:
    static Result<StartOptions> parse(const QStringList &arguments)
    {
        QCommandLineParser parser;
        addStartOptions(parser);
        if (!parser.parse(QStringList{u"program"_s} + arguments))
            return failure(ErrorKind::InvalidArgument, parser.errorText());
        return startOptionsFrom(parser);
    }
};

QTEST_GUILESS_MAIN(StartOptionsTest)
#include "tst_startoptions.moc"
