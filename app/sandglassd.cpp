#include "app/appcontext.h"
#include "app/cleanupplan.h"
#include "app/rebuild.h"
#include "app/terminationsignal.h"
#include "app/verifyaudit.h"
#include "services/api/apiserver.h"
#include "services/api/apitoken.h"
#include "services/api/listenrules.h"
#include "services/core/background.h"
#include "services/core/errorsentence.h"
#include "services/core/logging.h"
#include "services/metrics/exposition.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QTextStream>
#include <QThreadPool>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int exitUsage = 2;
constexpr int exitFailure = 1;

void say(const QString &line)
{
    QTextStream(stderr) << line << Qt::endl;
}

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(
            ErrorKind::InvalidArgument,
            u"the file %1 cannot be read: %2"_s.arg(path, file.errorString()));
    return file.readAll();
}

Result<QString>
singleValue(const QCommandLineParser &parser, const QString &name, const QString &otherwise)
{
    SANDGLASS_TRY(const QStringList values, optionValues(parser, name));
    return values.isEmpty() ? otherwise : values.last();
}

Result<ApiOptions> apiOptionsFrom(const QCommandLineParser &parser, const QString &dataDirectory)
{
    ApiOptions options;
    SANDGLASS_TRY(const QString listen, singleValue(parser, u"listen"_s, u"127.0.0.1:8900"_s));
    SANDGLASS_TRY(options.endpoint, ListenEndpoint::parse(listen));
    SANDGLASS_TRY(
        const QString tokenFile,
        singleValue(parser, u"token-file"_s, dataDirectory + u"/api-token"_s));
    SANDGLASS_TRY(options.token, loadOrCreateApiToken(tokenFile));
    SANDGLASS_TRY(options.extraHosts, optionValues(parser, u"host-name"_s));
    SANDGLASS_TRY(const QString certificate, singleValue(parser, u"certificate"_s, {}));
    SANDGLASS_TRY(const QString key, singleValue(parser, u"key"_s, {}));
    if (certificate.isEmpty() != key.isEmpty())
        return failure(ErrorKind::InvalidArgument, u"--certificate and --key belong together"_s);
    if (!certificate.isEmpty()) {
        SANDGLASS_TRY(options.certificate, readFile(certificate));
        SANDGLASS_TRY(const QByteArray keyBytes, readFile(key));
        options.privateKey = Secret(keyBytes);
    }
    options.allowsInsecure = parser.isSet(u"insecure-listen"_s);
    return options;
}

/// Says what is wrong with a store that was too large to be checked before, and ends.
void checkStore(QThreadPool &pool, QCoreApplication &application, StoreService &store)
{
    inBackground(
        pool,
        &application,
        [&store] { return store.check(); },
        [](const Done &checked) {
            if (checked)
                return;
            say(u"sandglassd: "_s + sentenceFor(checked.error()).text());
            QCoreApplication::exit(exitFailure);
        });
}

Result<int> run(QCoreApplication &application, const QCommandLineParser &parser)
{
    SANDGLASS_TRY(const StartOptions start, startOptionsFrom(parser));
    if (parser.isSet(u"verify-audit"_s))
        return runVerifyAudit(start.dataDirectory);
    if (parser.isSet(u"cleanup-plan"_s))
        return runCleanupPlan(start.dataDirectory);
    TerminationSignal termination;
    QObject::connect(
        &termination, &TerminationSignal::requested, &application, &QCoreApplication::quit);

    const SystemClock clock;
    SANDGLASS_TRY(const auto context, AppContext::create(start, clock));
    if (parser.isSet(u"rebuild"_s))
        return runRebuild(context->useCases(), Caller{loginName(), u"sandglassd"_s, {}});
    SANDGLASS_TRY(ApiOptions options, apiOptionsFrom(parser, start.dataDirectory));
    const MetricsText metrics = [use = context->useCases()] { return metricsText(use); };
    ApiServer server(context->useCases(), metrics, std::move(options));
    SANDGLASS_TRY(const QString url, server.start());
    say(u"listening on "_s + url);
    QThreadPool pool;
    if (!context->useCases().store.isChecked())
        checkStore(pool, application, context->useCases().store);
    const int code = QCoreApplication::exec();
    server.stop();
    return code;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"sandglassd"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SANDGLASS_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(u"Snapshots of container sandboxes: the service."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    addStartOptions(parser);
    parser.addOption(
        {u"listen"_s,
         u"Listen here; port 0 picks a free one (127.0.0.1:8900)."_s,
         u"address:port"_s});
    parser.addOption(
        {u"token-file"_s,
         u"The API token is in this file (api-token in the data folder)."_s,
         u"file"_s});
    parser.addOption(
        {u"host-name"_s,
         u"Answer requests for this host name, too. May be repeated."_s,
         u"name"_s});
    parser.addOption({u"certificate"_s, u"Speak TLS with this certificate (PEM)."_s, u"file"_s});
    parser.addOption({u"key"_s, u"The certificate's private key (PEM)."_s, u"file"_s});
    parser.addOption(
        {u"insecure-listen"_s,
         u"Listen beyond this machine without TLS: everybody on the way can read the token."_s});
    parser.addOption(
        {u"rebuild"_s,
         u"Add to the database what the engines have and it does not know, tell what was done, and "
         u"end."_s});
    parser.addOption(
        {u"cleanup-plan"_s,
         u"Print what a cleanup would delete and keep now, and why; change nothing, and end."_s});
    parser.addOption(
        {u"verify-audit"_s,
         u"Check the audit, say what was tampered with, and end: 0 when it is whole, else 1."_s});
    parser.process(application);

    const Result<int> code = run(application, parser);
    if (code)
        return *code;
    say(u"sandglassd: "_s + sentenceFor(code.error()).text());
    return code.error().kind == ErrorKind::InvalidArgument ? exitUsage : exitFailure;
}
