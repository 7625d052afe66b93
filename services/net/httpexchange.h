#pragma once

#include "services/net/httptransport.h"

#include <QEventLoop>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

#include <memory>
#include <optional>

namespace sandglass {

class LivenessWatch;

/// Where an exchange goes, and by which rules.
struct ExchangeTarget
{
    QNetworkRequest request; ///< the URL, with what the network access needs to know besides
    QString origin; ///< of errors: "address METHOD path"
    /// Says why a certificate was not accepted; without it the network access says it itself.
    std::function<QString(const QList<QSslError> &)> certificateProblem = {};
    /// Says what a reply with an error means; nothing: it is an answer for all that.
    std::function<std::optional<Error>(const QNetworkReply &)> problem;
    /// The connect limit counts from the beginning, not from when the network access says that what
    /// must be free for a connection is free.
    bool countsFromBeginning = false;
};

/// One request through a network access manager of the calling thread, waited for on a local event
/// loop.
class HttpExchange
{
public:
    /// All of them must outlive it.
    HttpExchange(
        QNetworkAccessManager &network, const ExchangeTarget &target, const HttpMessage &message);
    ~HttpExchange();
    HttpExchange(const HttpExchange &) = delete;
    HttpExchange &operator=(const HttpExchange &) = delete;

    /// Once only.
    [[nodiscard]] Result<HttpResponse> run(const CancelToken &cancel);

private:
    void post(QIODevice *body);
    void connected();
    void restartIdleLimit();
    void takeBody();
    [[nodiscard]] int status() const;
    void end(ErrorKind kind, const QString &detail);
    void end(const Error &error);

    QNetworkAccessManager &m_network;
    const ExchangeTarget &m_target;
    const HttpMessage &m_message;
    QEventLoop m_loop;
    QTimer m_limit; // until connected, then of silence
    bool m_connected = false;
    std::unique_ptr<QNetworkReply> m_reply;
    std::unique_ptr<LivenessWatch> m_watch;
    QByteArray m_block; // of the body, on its way to the sink or the response
    qint64 m_received = 0; // bytes of the body
    HttpResponse m_response;
    std::optional<Error> m_error; // the first that ended it
};

} // namespace sandglass
