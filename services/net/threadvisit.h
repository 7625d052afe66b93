#pragma once

#include <QObject>
#include <QThread>

namespace sandglass {

/// Brings network objects to the calling thread for one request, and sets them free afterwards, so
/// that the next request may come from another thread.
class ThreadVisit
{
public:
    explicit ThreadVisit(QObject &network)
        : m_network(network)
    {
        m_network.moveToThread(QThread::currentThread());
    }
    ~ThreadVisit() { m_network.moveToThread(nullptr); }
    ThreadVisit(const ThreadVisit &) = delete;
    ThreadVisit &operator=(const ThreadVisit &) = delete;

private:
    QObject &m_network;
};

} // namespace sandglass
