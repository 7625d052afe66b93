#pragma once

#include <QLocalServer>
#include <QTemporaryDir>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>

class QLocalSocket;

namespace sandglass {

/// Stands between the services and an engine's socket, on a thread of its own: can cut all
/// connections, and refuse the engine's events as a careful proxy does.
class EngineForwarder
{
public:
    explicit EngineForwarder(const QString &engineAddress); ///< "unix:///path"
    ~EngineForwarder();
    EngineForwarder(const EngineForwarder &) = delete;
    EngineForwarder &operator=(const EngineForwarder &) = delete;

    [[nodiscard]] QString address() const;
    void cut(); ///< and lets nobody in until resume()
    void resume();
    void refuseEvents() { m_refusesEvents = true; } ///< with 403, from now on
    [[nodiscard]] int eventRequests() const { return m_eventRequests; } ///< since it began
    [[nodiscard]] int eventStreams() const { return m_eventStreams; } ///< that are open

private:
    void accept();
    void forward(QLocalSocket *client, QLocalSocket *engine);
    void runOnThread(const std::function<void()> &work);

    QTemporaryDir m_folder;
    QString m_enginePath;
    std::atomic<bool> m_refusesEvents = false;
    std::atomic<int> m_eventRequests = 0;
    std::atomic<int> m_eventStreams = 0;
    QThread m_thread;
    std::unique_ptr<QLocalServer> m_server; // lives on the thread, like its sockets
};

} // namespace sandglass
