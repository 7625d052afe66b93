// Uses the keychain as a program does: the main thread runs its event loop, and each line of
// standard input is an order to a worker. Standard output has one line "answer: …" for each order's
// end, and what GLib logs.

#include "services/secrets/keychainsecretstore.h"

#include <QCoreApplication>
#include <QSemaphore>
#include <QStringList>

#include <cstdio>
#include <iostream>
#include <list>
#include <string>
#include <thread>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

class Probe
{
public:
    explicit Probe(SecretStore &store)
        : m_store(store)
    { }

    /// Takes orders until there are none, then ends the program.
    void run()
    {
        std::string line;
        while (std::getline(std::cin, line))
            take(QString::fromStdString(line).split(u' '));
        for (std::thread &worker : m_workers)
            worker.join();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
    }

private:
    void take(const QStringList &order)
    {
        if (order.first() == "cancel"_L1)
            m_cancel.cancel();
        else if (order.first() == "block"_L1)
            QMetaObject::invokeMethod(QCoreApplication::instance(), [this] { m_block.acquire(); });
        else if (order.first() == "unblock"_L1)
            m_block.release();
        else if (order.first() == "quit"_L1)
            QMetaObject::invokeMethod(
                QCoreApplication::instance(), [] { QCoreApplication::quit(); });
        else if (order.first() == "main"_L1)
            QMetaObject::invokeMethod(
                QCoreApplication::instance(), [this, order] { obey(order.mid(1)); });
        else
            m_workers.emplace_back([this, order] { obey(order); });
    }

    void obey(const QStringList &order)
    {
        const QString verb = order.first();
        const QString key = order.value(1);
        if (verb == "read"_L1) {
            const auto secret = m_store.read(key, m_cancel);
            if (!secret)
                say(secret.error());
            else
                say(*secret ? u"value "_s + QString::fromUtf8((*secret)->reveal()) : u"nothing"_s);
        } else if (verb == "write"_L1) {
            say(m_store.write(key, Secret(order.value(2).toUtf8()), m_cancel));
        } else if (verb == "remove"_L1) {
            say(m_store.remove(key, m_cancel));
        } else {
            say(m_store.check(m_cancel));
        }
    }

    static void say(const QString &text)
    {
        std::puts(("answer: " + text.toUtf8()).constData());
        std::fflush(stdout);
    }
    static void say(const Error &error) { say(nameOf(error.kind) + u": "_s + error.summary()); }
    static void say(const Done &done) { done ? say(u"done"_s) : say(done.error()); }

    SecretStore &m_store;
    CancelToken m_cancel;
    QSemaphore m_block;
    std::list<std::thread> m_workers;
};

} // namespace

/// keychainprobe LIMIT: each use of the keychain ends within so many milliseconds.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    KeychainSecretStore store(
        std::chrono::milliseconds(QCoreApplication::arguments().value(1).toInt()));
    Probe probe(store);
    std::thread orders([&probe] { probe.run(); });
    const int status = QCoreApplication::exec();
    orders.join();
    return status;
}
