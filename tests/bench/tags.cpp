// How long it takes to list the tags of a repository: bench_tags HOST REPOSITORY [ROUNDS], over
// plain HTTP and without a login. Prints the milliseconds of each round, in which a new client
// connects, and how many tags there are on standard error.

#include "services/registry/registryclient.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTextStream>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    Registry registry;
    registry.host = arguments.value(1);
    registry.repository = arguments.value(2);
    registry.insecure = true;
    const int rounds = arguments.value(3, u"1"_s).toInt();
    QTextStream out(stdout);
    QTextStream problems(stderr);
    qsizetype count = 0;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer elapsed;
        elapsed.start();
        const Result<QStringList> tags = RegistryClient(registry, {}).tags();
        if (!tags) {
            problems << tags.error().summary() << '\n';
            return 1;
        }
        out << double(elapsed.nsecsElapsed()) / 1e6 << '\n';
        count = tags->size();
    }
    problems << count << '\n';
    return 0;
}
