#pragma once

#include "services/core/error.h"

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QList>

#include <utility>

namespace sandglass {

/// A whole HTTP request as a value.
struct ApiRequest
{
    QByteArray method; ///< as sent, "GET"
    QByteArray path; ///< as sent, still percent-encoded; begins with '/' in every sound request
    QByteArray query; ///< as sent, without the '?'; empty: none
    QHash<QByteArray, QByteArray> headers; ///< names in lower case; repeated ones joined by ", "
    QByteArray body; ///< empty: none
    QString clientAddress; ///< numeric, without the port
    quint16 serverPort = 0; ///< the one that the server listens on
};

/// A whole HTTP answer as a value.
struct ApiResponse
{
    int status = 200;
    QByteArray contentType; ///< empty: no body
    QList<std::pair<QByteArray, QByteArray>>
        headers; ///< besides Content-Type and what HTTP itself needs
    QByteArray body;
};

[[nodiscard]] ApiResponse jsonResponse(int status, const QJsonObject &object);

/// {"error":{"code","message"}}, the one form of all errors (design, section 7).
[[nodiscard]] ApiResponse errorResponse(int status, const QString &code, const QString &message);

/// An error of a use case: its status, its kind's name as the code, its sentence as the message.
[[nodiscard]] ApiResponse errorResponse(const Error &error);

} // namespace sandglass
