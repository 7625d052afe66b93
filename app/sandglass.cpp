#include "app/appcontext.h"
#include "app/terminationsignal.h"
#include "services/core/background.h"
#include "services/core/errorsentence.h"
#include "ui/look.h"
#include "ui/mainwindow.h"
#include "ui/screenshots.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>
#include <QSettings>
#include <QTextStream>
#include <QThreadPool>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int exitFailure = 1;

/// Says why it cannot start, also in a window because there may be no terminal, and ends.
void refuseToStart(const Error &error)
{
    const QString sentence = sentenceFor(error).text();
    QTextStream(stderr) << u"sandglass: " << sentence << Qt::endl;
    auto *box = new QMessageBox(
        QMessageBox::Critical,
        QCoreApplication::translate("main", "Sandglass"),
        sentence,
        QMessageBox::Close);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(box, &QMessageBox::finished, box, [] { QCoreApplication::exit(exitFailure); });
    box->open();
}

void photograph(MainWindow &window, const QString &folder, QApplication &application)
{
    takeScreenshots(window, folder, &application, [](const Done &taken) {
        if (!taken)
            qCritical("%s", qPrintable(sentenceFor(taken.error()).text()));
        QCoreApplication::exit(taken ? 0 : exitFailure);
    });
}

/// The services and the window over them, once the store is open.
struct Console
{
    void open(std::unique_ptr<Database> store, const Clock &clock, const QString &dataDirectory)
    {
        context = AppContext::begin(std::move(store), clock);
        settings =
            std::make_unique<QSettings>(dataDirectory + u"/window.ini"_s, QSettings::IniFormat);
        window = std::make_unique<MainWindow>(
            context->useCases(),
            context->changeFeed(),
            pool,
            *settings,
            Caller{loginName(), u"sandglass"_s, {}});
    }

    std::unique_ptr<AppContext> context;
    QThreadPool pool;
    std::unique_ptr<QSettings> settings;
    std::unique_ptr<MainWindow> window;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"sandglass"_s);
    QApplication::setApplicationDisplayName(u"Sandglass"_s);
    QApplication::setApplicationVersion(QStringLiteral(SANDGLASS_VERSION));
    QGuiApplication::setDesktopFileName(u"org.sandglass.Sandglass"_s);

    QCommandLineParser parser;
    parser.setApplicationDescription(u"Snapshots of container sandboxes: the console."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    addStartOptions(parser);
    parser.addOption({u"dark"_s, u"Use dark colours, whatever the desktop says."_s});
    parser.addOption({u"light"_s, u"Use light colours, whatever the desktop says."_s});
    parser.addOption(
        {u"screenshots"_s,
         u"Write a picture of each page and dialog into this folder, and end."_s,
         u"folder"_s});
    parser.process(application);
    applyLook(
        application,
        parser.isSet(u"dark"_s)        ? ColorScheme::Dark
            : parser.isSet(u"light"_s) ? ColorScheme::Light
                                       : ColorScheme::Platform);

    TerminationSignal termination;
    QObject::connect(
        &termination, &TerminationSignal::requested, &application, &QCoreApplication::quit);

    const SystemClock clock;
    const auto start = startOptionsFrom(parser);
    if (!start) {
        refuseToStart(start.error());
        return QApplication::exec();
    }
    Console console;
    // Another program may keep the store locked for seconds.
    inBackground(
        console.pool,
        &application,
        [start = *start, &clock] { return AppContext::openStore(start, clock); },
        [&](Result<std::unique_ptr<Database>> store) {
            if (!store) {
                refuseToStart(store.error());
                return;
            }
            console.open(*std::move(store), clock, start->dataDirectory);
            if (parser.isSet(u"screenshots"_s))
                photograph(*console.window, parser.value(u"screenshots"_s), application);
            else
                console.window->show();
        });
    return QApplication::exec();
}
