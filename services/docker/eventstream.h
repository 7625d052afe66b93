#pragma once

#include "services/docker/dockertypes.h"
#include "services/net/httptransport.h"

#include <QObject>
#include <QTimer>

#include <memory>

class QNetworkReply;

namespace sandglass {

/// GET /events as a long-lived stream on the thread that owns this object (the main thread). Ends
/// once: with an error or, when the engine closed it in order, with Unreachable (fact V3: an end
/// without an error is a reason to reconnect too). It never reconnects by itself.
class EventStream : public QObject
{
    Q_OBJECT
public:
    /// `since`: the engine's clock in nanoseconds, 0 = from now on.
    EventStream(
        const EngineEndpoint &endpoint, ApiVersion api, qint64 since, QObject *parent = nullptr);
    ~EventStream() override;

Q_SIGNALS:
    void received(const sandglass::EngineEvent &event);
    void ended(const sandglass::Error &error); ///< emitted once, never from the constructor

private:
    void readLines();
    void replyFinished();
    void finish(const QString &detail, ErrorKind kind);
    void finish(const Error &error);

    EngineAddress m_address;
    std::unique_ptr<QNetworkAccessManager> m_network;
    QNetworkReply *m_reply = nullptr;
    QTimer m_firstAnswer; // until the head of the answer is there
    QByteArray m_partial; // what came after the last whole line
    bool m_finished = false;
};

} // namespace sandglass
