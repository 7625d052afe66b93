// bench_startup FOLDER COUNT: prints how many milliseconds pass from the start of the process until
// the console's window is painted and lists COUNT snapshots of the database in FOLDER, which is
// filled first when it is not there.

#include "app/appcontext.h"
#include "services/domain/imagereference.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/snapshotrepository.h"
#include "ui/mainwindow.h"
#include "ui/snapshotspage.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTextStream>
#include <QTimer>
#include <QTreeView>

#include <ctime>
#include <unistd.h>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const EngineName engineName = EngineName::trusted(u"local"_s);
const NamespaceName namespaceName = NamespaceName::trusted(u"default"_s);
constexpr int sandboxCount = 100;
constexpr int startTimeField = 19; // of /proc/self/stat, counted from the first after the name

Snapshot numberedSnapshot(int number, const Sandbox &sandbox)
{
    Snapshot snapshot;
    snapshot.id = SnapshotId::generate();
    snapshot.sandbox = sandbox.id;
    snapshot.namespaceName = namespaceName;
    snapshot.engine = engineName;
    snapshot.status = SnapshotStatus::Active;
    snapshot.tag = u"tag-%1"_s.arg(number % 50);
    snapshot.ttlSeconds = 1'209'600;
    snapshot.createdAt = snapshot.changedAt = fromMilliseconds(1'790'000'000'000 + number * 1000LL);
    snapshot.sizeBytes = 1'000'000LL * (number % 500);
    snapshot.imageReference = snapshotReference(sandbox.id, snapshot.id);
    Location location;
    location.snapshot = snapshot.id;
    location.place = engineName.text();
    location.imageReference = snapshot.imageReference;
    snapshot.locations = {location};
    return snapshot;
}

Done fill(const QString &file, int count, const Clock &clock)
{
    SANDGLASS_TRY(const auto database, Database::open(file, clock));
    return database->write([count](Session &session) -> Done {
        Engine engine;
        engine.name = engineName;
        engine.address = u"unix:///nonexistent/engine.sock"_s;
        SANDGLASS_CHECK(EngineRepository(session).insert(engine));
        QList<Sandbox> sandboxes;
        for (int i = 0; i < sandboxCount; ++i) {
            Sandbox sandbox;
            sandbox.id = SandboxId::generate();
            sandbox.namespaceName = namespaceName;
            sandbox.engine = engineName;
            sandbox.status = SandboxStatus::Running;
            SANDGLASS_CHECK(SandboxRepository(session).insert(sandbox));
            sandboxes.append(sandbox);
        }
        SnapshotRepository snapshots(session);
        for (int i = 0; i < count; ++i) {
            const Snapshot snapshot = numberedSnapshot(i, sandboxes.at(i % sandboxCount));
            SANDGLASS_CHECK(snapshots.insert(snapshot));
            SANDGLASS_CHECK(snapshots.save(snapshot)); // insert leaves out what is known only later
            SANDGLASS_CHECK(snapshots.saveLocation(snapshot.locations.first()));
        }
        return {};
    });
}

double millisecondsSinceStart()
{
    QFile file(u"/proc/self/stat"_s);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray stat = file.readAll();
    const double ticks =
        stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(startTimeField).toDouble();
    timespec now = {};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const double seconds = double(now.tv_sec) + double(now.tv_nsec) / 1e9;
    return (seconds - ticks / double(sysconf(_SC_CLK_TCK))) * 1000;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    const QString folder = QDir(application.arguments().value(1)).absolutePath();
    const int count = application.arguments().value(2).toInt();
    const SystemClock clock;
    if (!QFile::exists(folder + u"/sandglass.db"_s)) {
        const Done filled = fill(folder + u"/sandglass.db"_s, count, clock);
        if (!filled)
            qFatal("%s", qPrintable(filled.error().summary()));
    }

    const auto context = AppContext::create(StartOptions{folder, {}}, clock);
    if (!context)
        qFatal("%s", qPrintable(context.error().summary()));
    QThreadPool pool;
    QSettings settings(folder + u"/window.ini"_s, QSettings::IniFormat);
    MainWindow window(
        (*context)->useCases(),
        (*context)->changeFeed(),
        pool,
        settings,
        Caller{u"bench"_s, u"bench"_s, {}});
    window.showPage(window.snapshotsPage());
    window.show();

    const QTreeView &table = window.snapshotsPage().table();
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &application, [&] {
        if (table.model()->rowCount() < count)
            return;
        look.stop();
        window.repaint();
        QTextStream(stdout) << QString::number(millisecondsSinceStart(), 'f', 0) << Qt::endl;
        QCoreApplication::quit();
    });
    look.start(1);
    return QApplication::exec();
}
