// Moves an image as Sandglass does: bench_transfer push ENGINE HOST/REPOSITORY TAG, or
// bench_transfer pull ENGINE REFERENCE, without a login. Prints the digest.

#include "services/docker/dockerclient.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

Result<QString> run(const QStringList &arguments)
{
    const QString what = arguments.value(1);
    const bool isPush = what == "push"_L1 && arguments.size() == 5;
    if (!isPush && !(what == "pull"_L1 && arguments.size() == 4))
        return failure(ErrorKind::InvalidArgument, u"see the beginning of transfer.cpp"_s);
    SANDGLASS_TRY(const EngineAddress address, EngineAddress::parse(arguments.at(2)));
    SANDGLASS_TRY(const auto client, DockerClient::connect(address));
    // With what keeps track of the progress, because that is how it is used.
    const SystemClock clock;
    TransferMeter meter;
    const TransferListener listener = [&](const LayerProgress &layer) {
        meter.take(layer, clock.now());
    };
    if (isPush) {
        SANDGLASS_TRY(
            const PushedImage pushed, client->push(arguments.at(3), arguments.at(4), {}, listener));
        return pushed.digest;
    }
    SANDGLASS_TRY(const PulledImage pulled, client->pull(arguments.at(3), {}, listener));
    return pulled.digest;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const auto digest = run(QCoreApplication::arguments());
    if (!digest) {
        QTextStream(stderr) << digest.error().summary() << Qt::endl;
        return 1;
    }
    QTextStream(stdout) << *digest << Qt::endl;
    return 0;
}
