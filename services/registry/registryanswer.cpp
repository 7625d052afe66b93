#include "services/registry/registryanswer.h"

#include "services/core/json.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostWords = 1024;

QJsonArray errorsIn(const HttpResponse &response)
{
    const Result<QJsonObject> object = parseJsonObject(response.body);
    return object ? object->value("errors"_L1).toArray() : QJsonArray();
}

QByteArray contentTypeOf(const HttpResponse &response)
{
    return response.header("Content-Type").toLower();
}

ErrorKind kindOf(const HttpResponse &response)
{
    if (saysCode(response, "TOOMANYREQUESTS"_L1))
        return ErrorKind::RateLimited;
    if (saysCode(response, "DENIED"_L1))
        return ErrorKind::PermissionDenied;
    if (saysCode(response, "UNSUPPORTED"_L1))
        return ErrorKind::Unsupported;
    switch (response.status) {
    case 401:
        return ErrorKind::Unauthorized;
    case 403:
        return ErrorKind::PermissionDenied;
    case 404:
        return ErrorKind::NotFound;
    case 405:
        return ErrorKind::Unsupported;
    case 408:
        return ErrorKind::TimedOut;
    case 429:
        return ErrorKind::RateLimited;
    default:
        break;
    }
    if (response.status >= 500)
        return ErrorKind::Registry;
    return response.status >= 400 ? ErrorKind::InvalidArgument : ErrorKind::Protocol;
}

/// A proxy or a gateway may say these in place of a registry that is there.
bool isSaidByOthers(int status)
{
    return status == 401 || status == 403 || status == 429 || status >= 500;
}

} // namespace

std::optional<Timestamp> parseHttpDate(QByteArrayView text)
{
    // "Sun, 06 Nov 1994 08:49:37 GMT"; the name of the day says nothing that the date does not.
    const QByteArray trimmed = text.trimmed().toByteArray();
    const qsizetype comma = trimmed.indexOf(", ");
    if (comma < 0 || !trimmed.endsWith(" GMT"))
        return std::nullopt;
    QDateTime time = QLocale::c().toDateTime(
        QString::fromLatin1(trimmed.mid(comma + 2).chopped(4)), u"dd MMM yyyy HH:mm:ss"_s);
    time.setTimeZone(QTimeZone::utc());
    if (!time.isValid())
        return std::nullopt;
    return fromMilliseconds(time.toMSecsSinceEpoch());
}

std::optional<std::chrono::seconds> parseRetryAfter(QByteArrayView header, Timestamp now)
{
    const QByteArray text = header.trimmed().toByteArray();
    bool isNumber = false;
    const qlonglong seconds = text.toLongLong(&isNumber);
    if (isNumber) {
        if (seconds < 0)
            return std::nullopt;
        return std::chrono::seconds(seconds);
    }
    const std::optional<Timestamp> time = parseHttpDate(text);
    if (!time)
        return std::nullopt;
    return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(*time - now));
}

bool saysCode(const HttpResponse &response, QLatin1StringView code)
{
    const QJsonArray errors = errorsIn(response);
    return std::any_of(errors.begin(), errors.end(), [code](const QJsonValue &error) {
        return error.toObject().value("code"_L1).toString() == code;
    });
}

QString registryWords(const HttpResponse &response)
{
    QStringList words;
    const QJsonArray errors = errorsIn(response);
    for (const QJsonValue &item : errors) {
        QStringList parts;
        for (const auto name : {"code"_L1, "message"_L1}) {
            if (const QString part = item.toObject().value(name).toString(); !part.isEmpty())
                parts.append(part);
        }
        words.append(parts.join(u": "_s));
    }
    if (const Result<QJsonObject> object = parseJsonObject(response.body); object) {
        for (const auto name : {"error_description"_L1, "error"_L1, "details"_L1, "message"_L1}) {
            const QString text = object->value(name).toString();
            if (words.isEmpty() && !text.isEmpty())
                words.append(text);
        }
    } else if (contentTypeOf(response).startsWith("text/plain")) {
        words.append(QString::fromUtf8(response.body.left(mostWords)).trimmed());
    }
    return words.join(u"; "_s).left(mostWords);
}

bool isPage(const HttpResponse &response)
{
    return contentTypeOf(response).contains("html") || response.body.trimmed().startsWith('<');
}

Error registryError(
    const HttpResponse &response, const QString &what, const QString &origin, Timestamp now)
{
    Error error{kindOf(response), what, origin, registryWords(response), response.status};
    if (isPage(response) && !isSaidByOthers(response.status)) {
        error.kind = ErrorKind::Protocol;
        error.detail = what + u": what answers there is no registry, but sends a page"_s;
    } else if (error.kind == ErrorKind::Protocol) {
        error.detail = what + u": status %1 is no answer to this"_s.arg(response.status);
    }
    error.remote = Remote::Registry;
    error.retryAfter = parseRetryAfter(
        response.header("Retry-After"), parseHttpDate(response.header("Date")).value_or(now));
    return error;
}

} // namespace sandglass
