#pragma once

#include <QHash>
#include <QJsonObject>
#include <QTcpSocket>

#include <chrono>
#include <optional>

namespace sandglass {

struct RawAnswer
{
    int status = 0;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    [[nodiscard]] QJsonObject json() const;
    [[nodiscard]] QString errorCode() const;
};

/// An HTTP client that sends just the bytes it is told to, sound or not.
class RawClient
{
public:
    explicit RawClient(quint16 port);

    void send(const QByteArray &bytes);

    /// Nothing when no whole answer comes: the connection ended, or the limit passed. `hasBody` is
    /// false for HEAD.
    [[nodiscard]] std::optional<RawAnswer> answer(bool hasBody = true);
    [[nodiscard]] std::optional<RawAnswer> ask(const QByteArray &bytes);

    [[nodiscard]] bool isClosedWithin(std::chrono::milliseconds limit);
    void reset(); ///< leaves without a farewell

private:
    QTcpSocket m_socket;
    QByteArray m_received;
};

/// "GET /x HTTP/1.1" and so on with the right Host, and with a Content-Length when there is a body.
[[nodiscard]] QByteArray rawRequest(
    const QByteArray &method,
    const QByteArray &target,
    quint16 port,
    const QByteArrayList &headers = {},
    const QByteArray &body = {});

} // namespace sandglass
