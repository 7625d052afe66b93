#pragma once

#include "services/net/enginenetworkaccess.h"
#include "services/net/httpresponseparser.h"

#include <QNetworkReply>
#include <QPointer>

#include <memory>

namespace sandglass {

/// One HTTP/1.1 request and its answer over an EngineConnection. As with any QNetworkReply: signals
/// on the thread that made it, none from within the call that made it, finished() once. Different
/// from Qt's own: an answer with an error status is no error of the reply, and `requestSent` comes
/// twice, when the head and when all of the request is on its way.
class EngineReply final : public QNetworkReply
{
    Q_OBJECT
public:
    EngineReply(
        EngineNetworkAccess &network,
        QNetworkAccessManager::Operation operation,
        QByteArray method,
        const QNetworkRequest &request,
        QIODevice *body);
    ~EngineReply() override;

    void abort() override;
    void close() override;
    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] bool canReadLine() const override;

protected:
    qint64 readData(char *data, qint64 maximum) override;

private:
    void start(EngineConnection *kept);
    void sendHead();
    void sendBody();
    void sendBodyPart(QByteArrayView part);
    void readFromConnection();
    [[nodiscard]] bool takeAnswer(QByteArrayView bytes);
    void connectionBroke();
    void connectionEnded();
    [[nodiscard]] bool canRepeat();
    void answered();
    void fail(NetworkError error, const QString &detail);
    void finish();
    void dropConnection(bool keep);
    [[nodiscard]] bool hasRoom() const;

    EngineNetworkAccess &m_network;
    QPointer<EngineConnection> m_connection; // while the request is under way
    std::unique_ptr<HttpResponseParser> m_parser;
    QByteArray m_method;
    QPointer<QIODevice> m_body;
    qint64 m_bodyStart = 0;
    qint64 m_bodySize = -1; // -1: unknown, sent in chunks
    qint64 m_bodySent = 0;
    bool m_hasBody = false;
    bool m_requestSent = false;
    bool m_reused = false; // the connection served another request before
    bool m_anyAnswer = false;
    bool m_headReported = false;
    bool m_resumeScheduled = false;
    QByteArray m_block; // one for all reads, for allocating it costs more than reading
    QByteArray m_buffer; // the body as far as it came, from m_offset on
    qsizetype m_offset = 0;
    qint64 m_received = 0;
    qint64 m_expected = -1;
};

} // namespace sandglass
