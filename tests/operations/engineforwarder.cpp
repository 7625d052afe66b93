#include "tests/operations/engineforwarder.h"

#include <QLocalSocket>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr char refusal[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

bool asksForEvents(const QByteArray &request)
{
    const QByteArray line = request.left(request.indexOf('\r'));
    return line.startsWith("GET ") && line.contains("/events?");
}

} // namespace

EngineForwarder::EngineForwarder(const QString &engineAddress)
    : m_enginePath(engineAddress.mid(u"unix://"_s.size()))
    , m_server(std::make_unique<QLocalServer>())
{
    QObject::connect(
        m_server.get(), &QLocalServer::newConnection, m_server.get(), [this] { accept(); });
    m_server->moveToThread(&m_thread);
    m_thread.start();
    resume();
}

EngineForwarder::~EngineForwarder()
{
    runOnThread([this] { m_server.reset(); });
    m_thread.quit();
    m_thread.wait();
}

QString EngineForwarder::address() const
{
    return u"unix://"_s + m_folder.filePath(u"engine.sock"_s);
}

void EngineForwarder::cut()
{
    runOnThread([this] {
        m_server->close();
        for (QLocalSocket *socket : m_server->findChildren<QLocalSocket *>())
            socket->abort();
    });
}

void EngineForwarder::resume()
{
    runOnThread([this] { m_server->listen(m_folder.filePath(u"engine.sock"_s)); });
}

void EngineForwarder::runOnThread(const std::function<void()> &work)
{
    QMetaObject::invokeMethod(m_server.get(), work, Qt::BlockingQueuedConnection);
}

void EngineForwarder::accept()
{
    while (QLocalSocket *client = m_server->nextPendingConnection()) {
        auto *engine = new QLocalSocket(m_server.get());
        engine->connectToServer(m_enginePath);
        forward(client, engine);
    }
}

void EngineForwarder::forward(QLocalSocket *client, QLocalSocket *engine)
{
    QObject::connect(client, &QLocalSocket::readyRead, engine, [this, client, engine] {
        const QByteArray request = client->readAll();
        if (asksForEvents(request)) {
            ++m_eventRequests;
            if (m_refusesEvents) {
                client->write(refusal);
                return;
            }
            ++m_eventStreams;
            QObject::connect(
                client, &QLocalSocket::disconnected, engine, [this] { --m_eventStreams; });
        }
        engine->write(request);
    });
    QObject::connect(engine, &QLocalSocket::readyRead, client, [client, engine] {
        client->write(engine->readAll());
    });
    QObject::connect(client, &QLocalSocket::disconnected, engine, [client, engine] {
        engine->abort();
        engine->deleteLater();
        client->deleteLater();
    });
    QObject::connect(
        engine, &QLocalSocket::disconnected, client, &QLocalSocket::disconnectFromServer);
}

} // namespace sandglass
