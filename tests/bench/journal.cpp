// How long it takes from an intent to its being on the disk, and from there to another process that
// watches: bench_journal FOLDER [COUNT]. Starts itself as that other process.

#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/changefeed.h"
#include "services/storage/database.h"
#include "services/storage/enginerepository.h"
#include "services/usecases/sandboxservice.h"
#include "tests/support/memorysecretstore.h"

#include <QCoreApplication>
#include <QDir>
#include <QHash>
#include <QProcess>
#include <QRandomGenerator>
#include <QTextStream>
#include <QTimer>

#include <algorithm>
#include <chrono>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const EngineName engineName = EngineName::trusted(u"bench"_s);
constexpr int mostPauseMilliseconds =
    100; // between two intents, so that they meet every moment of a poll

/// The same clock in both processes.
qint64 steadyMicroseconds()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::unique_ptr<Database> openStore(const QString &folder, const Clock &clock)
{
    auto store = Database::open(folder + u"/sandglass.db"_s, clock);
    if (!store)
        qFatal("%s", qPrintable(store.error().summary()));
    return *std::move(store);
}

/// Prints "ID MICROSECONDS" for every sandbox that it sees, until it is killed.
int watch(QCoreApplication &application, const QString &folder)
{
    const SystemClock clock;
    const auto store = openStore(folder, clock);
    ChangeFeed feed(*store);
    QObject::connect(&feed, &ChangeFeed::changed, &application, [](const QList<Change> &changes) {
        const qint64 now = steadyMicroseconds();
        for (const Change &change : changes) {
            if (change.subject == Change::Subject::Sandbox)
                QTextStream(stdout) << change.id << ' ' << now << Qt::endl;
        }
    });
    QTextStream(stdout) << "watching" << Qt::endl;
    return QCoreApplication::exec();
}

QString line(const QString &what, QList<qint64> microseconds, double percent)
{
    std::sort(microseconds.begin(), microseconds.end());
    const auto at = [&microseconds](double part) {
        const auto index = qsizetype(double(microseconds.size() - 1) * part);
        return QString::number(double(microseconds.at(index)) / 1000, 'f', 1);
    };
    return u"%1: %2 ms at the median, %3 ms at %4 % of %5"_s.arg(what, at(0.5), at(percent / 100))
        .arg(percent)
        .arg(microseconds.size());
}

int measure(QCoreApplication &application, const QString &folder, int count)
{
    const SystemClock clock;
    const auto store = openStore(folder, clock);
    const Done filled = store->write([](Session &session) -> Done {
        Engine engine;
        engine.name = engineName;
        engine.address = u"unix:///nonexistent/engine.sock"_s;
        return EngineRepository(session).insert(engine);
    });
    if (!filled)
        qFatal("%s", qPrintable(filled.error().summary()));
    EngineConnections connections(*store);
    MemorySecretStore secrets;
    RegistryCredentials credentials(secrets, {}, {});
    RegistryAccess registryAccess(*store, credentials, clock);
    OperationRunner runner(*store, connections, registryAccess, clock); // never started
    SandboxService sandboxes(*store, runner, clock);

    QProcess watcher;
    watcher.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    watcher.start(application.applicationFilePath(), {u"--watch"_s, folder});
    if (!watcher.waitForReadyRead())
        qFatal("the watching process does not start");
    watcher.readLine();

    QHash<QString, qint64> written;
    QList<qint64> writing;
    QList<qint64> seeing;
    QTimer next;
    next.setSingleShot(true);
    QObject::connect(&next, &QTimer::timeout, &application, [&] {
        CreateSandboxRequest request;
        request.namespaceName = NamespaceName::trusted(u"bench"_s);
        request.image = u"busybox:1"_s;
        const qint64 begin = steadyMicroseconds();
        const auto started = sandboxes.create(request);
        const qint64 end = steadyMicroseconds();
        if (!started)
            qFatal("%s", qPrintable(started.error().summary()));
        writing.append(end - begin);
        written.insert(started->sandbox.text(), end);
        if (writing.size() < count)
            next.start(QRandomGenerator::global()->bounded(mostPauseMilliseconds));
    });
    QObject::connect(&watcher, &QProcess::readyRead, &application, [&] {
        while (watcher.canReadLine()) {
            const QList<QByteArray> fields = watcher.readLine().trimmed().split(' ');
            const qint64 end = written.value(QString::fromLatin1(fields.value(0)));
            // It may be seen before the commit has returned here.
            seeing.append(std::max<qint64>(fields.value(1).toLongLong() - end, 0));
        }
        if (seeing.size() == count)
            QCoreApplication::quit();
    });
    next.start(0);
    const int code = QCoreApplication::exec();
    watcher.kill();
    watcher.waitForFinished();
    QTextStream(stdout) << line(u"journal write, intent to disk"_s, writing, 99) << Qt::endl
                        << line(u"change seen in another process"_s, seeing, 100) << Qt::endl;
    return code;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.value(1) == "--watch"_L1)
        return watch(application, arguments.value(2));
    const QString folder = QDir(arguments.value(1)).absolutePath();
    return measure(application, folder, arguments.value(2, u"500"_s).toInt());
}
