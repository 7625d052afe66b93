#include "services/docker/enginecall.h"

#include "services/core/json.h"
#include "services/docker/dockerjson.h"
#include "services/domain/imagereference.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Podman says 500 where Docker says 409; its errors name their cause at the end.
bool isConflict(const QString &message)
{
    return message.endsWith(": container state improper"_L1)
        || message.endsWith(": that name is already in use"_L1);
}

ErrorKind kindOf(int status, const QString &message)
{
    if (message.contains("no space left on device"_L1))
        return ErrorKind::StorageFull;
    if (status == 500 && isConflict(message))
        return ErrorKind::Conflict;
    switch (status) {
    case 400:
        // The engine was replaced by one of another version since the version was settled.
        return message.contains("API version"_L1) ? ErrorKind::UnsupportedVersion
                                                  : ErrorKind::InvalidArgument;
    case 401:
        return ErrorKind::Unauthorized;
    case 403:
        return ErrorKind::PermissionDenied;
    case 404:
        return ErrorKind::NotFound;
    case 409:
        return ErrorKind::Conflict;
    default:
        break;
    }
    if (status >= 500)
        return ErrorKind::Engine;
    return status >= 400 ? ErrorKind::InvalidArgument : ErrorKind::Protocol;
}

} // namespace

Result<QString> containerPath(const QString &id, const QString &rest)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z0-9][A-Za-z0-9_.-]{0,254}\\z"_s);
    if (!pattern.match(id).hasMatch()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a container's id or name"_s.arg(id.left(80)));
    }
    return "/containers/"_L1 + id + rest;
}

Result<QString> imagePath(const QString &reference, const QString &rest)
{
    SANDGLASS_CHECK(validateImageReference(reference));
    return "/images/"_L1 + reference + rest;
}

void addToQuery(QUrlQuery &query, const QString &name, const QString &value)
{
    query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
}

void addFilter(QUrlQuery &query, const QString &name, const QStringList &values)
{
    if (!values.isEmpty())
        addToQuery(query, u"filters"_s, QString::fromUtf8(toBytes({{name, toJsonArray(values)}})));
}

Error engineError(const HttpResponse &response, const QString &what, const QString &origin)
{
    const QString message = parseErrorMessage(response.body);
    return {kindOf(response.status, message), what, origin, message, response.status};
}

} // namespace sandglass
