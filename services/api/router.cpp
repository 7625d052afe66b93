#include "services/api/router.h"

#include <QSet>
#include <QStringDecoder>

#include <algorithm>
#include <optional>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestIdempotencyKey = 200;
constexpr int defaultPageLimit = 100;
constexpr int mostPageLimit = 1000;

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Percent-decoded UTF-8. Nothing when it is neither.
std::optional<QString> decodedText(const QByteArray &encoded)
{
    for (qsizetype at = encoded.indexOf('%'); at >= 0; at = encoded.indexOf('%', at + 1)) {
        if (at + 2 >= encoded.size() || !isHexDigit(encoded.at(at + 1))
            || !isHexDigit(encoded.at(at + 2)))
            return std::nullopt;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(QByteArray::fromPercentEncoding(encoded));
    if (decoder.hasError() || text.contains(QChar(u'\0')))
        return std::nullopt;
    return text;
}

/// The segments of "/a/b", each decoded after the split, so that an encoded slash does not make
/// one.
std::optional<QStringList> decodedSegments(const QByteArray &path)
{
    if (!path.startsWith('/'))
        return std::nullopt;
    QStringList segments;
    for (const QByteArray &part : path.mid(1).split('/')) {
        const auto segment = decodedText(part);
        if (!segment)
            return std::nullopt;
        segments.append(*segment);
    }
    return segments;
}

bool isPlaceholder(const QString &part)
{
    return part.startsWith(u'{');
}

bool matchesPattern(const QString &pattern, const QStringList &segments)
{
    const QStringList parts = pattern.mid(1).split(u'/');
    return std::equal(
        parts.begin(),
        parts.end(),
        segments.begin(),
        segments.end(),
        [](const QString &part, const QString &segment) {
            return isPlaceholder(part) ? !segment.isEmpty() : part == segment;
        });
}

QHash<QString, QString> capturedBy(const QString &pattern, const QStringList &segments)
{
    QHash<QString, QString> captured;
    const QStringList parts = pattern.mid(1).split(u'/');
    for (qsizetype i = 0; i < parts.size(); ++i) {
        if (isPlaceholder(parts.at(i)))
            captured.insert(parts.at(i).mid(1).chopped(1), segments.at(i));
    }
    return captured;
}

Result<QHash<QString, QString>> decodedQuery(const QByteArray &query, const QStringList &knownNames)
{
    QHash<QString, QString> values;
    if (query.isEmpty())
        return values;
    for (QByteArray pair : query.split('&')) {
        pair.replace('+', ' ');
        const qsizetype sign = pair.indexOf('=');
        const auto name = decodedText(sign < 0 ? pair : pair.left(sign));
        const auto value = decodedText(sign < 0 ? QByteArray() : pair.mid(sign + 1));
        if (!name || !value)
            return failure(ErrorKind::InvalidArgument, u"the query is not percent-encoded UTF-8"_s);
        if (!knownNames.contains(*name)) {
            return failure(
                ErrorKind::InvalidArgument,
                u"\"%1\" is not a parameter of this call"_s.arg(name->left(80)));
        }
        if (values.contains(*name)) {
            return failure(
                ErrorKind::InvalidArgument, u"the parameter \"%1\" is given twice"_s.arg(*name));
        }
        values.insert(*name, *value);
    }
    return values;
}

Result<QString> idempotencyKeyOf(const ApiRequest &request)
{
    if (!request.headers.contains("idempotency-key"))
        return QString();
    const QByteArray key = request.headers.value("idempotency-key");
    const bool isVisible =
        std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (key.isEmpty() || key.size() > longestIdempotencyKey || !isVisible) {
        return failure(
            ErrorKind::InvalidArgument,
            u"an Idempotency-Key has 1 to %1 visible ASCII characters"_s.arg(
                longestIdempotencyKey));
    }
    return QString::fromLatin1(key);
}

Result<ApiResponse>
callRoute(const Route &route, const ApiRequest &request, const QStringList &segments)
{
    RouteRequest call;
    call.captured = capturedBy(route.pattern, segments);
    SANDGLASS_TRY(call.query, decodedQuery(request.query, route.queryNames));
    SANDGLASS_TRY(call.idempotencyKey, idempotencyKeyOf(request));
    call.body = request.body;
    call.caller = {u"api"_s, u"sandglassd"_s, request.clientAddress};
    return route.handle(call);
}

} // namespace

Result<int> RouteRequest::pageLimit() const
{
    if (!query.contains(u"limit"_s))
        return defaultPageLimit;
    const int limit = query.value(u"limit"_s).toInt();
    if (limit < 1 || limit > mostPageLimit) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"limit\" must be a whole number from 1 to %1"_s.arg(mostPageLimit));
    }
    return limit;
}

Result<std::optional<qint64>> RouteRequest::number(const QString &name) const
{
    if (!query.contains(name))
        return std::optional<qint64>();
    bool isNumber = false;
    const qint64 number = query.value(name).toLongLong(&isNumber);
    if (!isNumber)
        return failure(ErrorKind::InvalidArgument, u"\"%1\" must be a whole number"_s.arg(name));
    return std::optional(number);
}

Result<bool> RouteRequest::flag(const QString &name) const
{
    const QString value = query.value(name, u"false"_s);
    if (value != "true"_L1 && value != "false"_L1)
        return failure(ErrorKind::InvalidArgument, u"\"%1\" must be true or false"_s.arg(name));
    return value == "true"_L1;
}

void Router::add(Route route)
{
    m_routes.append(std::move(route));
}

ApiResponse Router::answer(const ApiRequest &request) const
{
    const auto segments = decodedSegments(request.path);
    if (!segments)
        return errorResponse(
            {ErrorKind::InvalidArgument, u"the path is not percent-encoded UTF-8"_s, {}, {}, 0});
    const QByteArray method = request.method == "HEAD" ? QByteArray("GET") : request.method;
    QByteArrayList allowed;
    for (const Route &route : m_routes) {
        if (!matchesPattern(route.pattern, *segments))
            continue;
        if (route.method == method) {
            const auto answer = callRoute(route, request, *segments);
            return answer ? *answer : errorResponse(answer.error());
        }
        allowed.append(route.method == "GET" ? QByteArray("GET, HEAD") : route.method);
    }
    if (allowed.isEmpty())
        return errorResponse({ErrorKind::NotFound, u"there is nothing at this path"_s, {}, {}, 0});
    ApiResponse refused = errorResponse(
        405, u"method_not_allowed"_s, u"this path does not take the method of the request"_s);
    refused.headers.emplaceBack("Allow", allowed.join(", "));
    return refused;
}

} // namespace sandglass
