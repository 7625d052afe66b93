#include "services/core/error.h"

#include "services/core/names.h"

#include <QStringList>

#include <array>
#include <utility>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array kindNames{
    std::pair{ErrorKind::InvalidArgument, u"invalid_argument"_s},
    std::pair{ErrorKind::NotFound, u"not_found"_s},
    std::pair{ErrorKind::Conflict, u"conflict"_s},
    std::pair{ErrorKind::LimitReached, u"limit_reached"_s},
    std::pair{ErrorKind::Unauthorized, u"unauthorized"_s},
    std::pair{ErrorKind::PermissionDenied, u"permission_denied"_s},
    std::pair{ErrorKind::Untrusted, u"untrusted"_s},
    std::pair{ErrorKind::Unreachable, u"unreachable"_s},
    std::pair{ErrorKind::TimedOut, u"timed_out"_s},
    std::pair{ErrorKind::Cancelled, u"cancelled"_s},
    std::pair{ErrorKind::Protocol, u"protocol"_s},
    std::pair{ErrorKind::UnsupportedVersion, u"unsupported_version"_s},
    std::pair{ErrorKind::Engine, u"engine_failure"_s},
    std::pair{ErrorKind::Registry, u"registry_failure"_s},
    std::pair{ErrorKind::RateLimited, u"rate_limited"_s},
    std::pair{ErrorKind::Unsupported, u"unsupported"_s},
    std::pair{ErrorKind::CredentialsMissing, u"credentials_missing"_s},
    std::pair{ErrorKind::CredentialsLocked, u"credentials_locked"_s},
    std::pair{ErrorKind::CredentialHelper, u"credential_helper"_s},
    std::pair{ErrorKind::Storage, u"storage"_s},
    std::pair{ErrorKind::StorageLocked, u"storage_locked"_s},
    std::pair{ErrorKind::StorageReadOnly, u"storage_read_only"_s},
    std::pair{ErrorKind::StorageDamaged, u"storage_damaged"_s},
    std::pair{ErrorKind::StorageFull, u"storage_full"_s},
    std::pair{ErrorKind::Internal, u"internal"_s},
};

} // namespace

QString Error::summary() const
{
    QStringList parts;
    for (const QString &part : {detail, origin, remoteMessage}) {
        if (!part.isEmpty())
            parts.append(part);
    }
    return parts.join(u": "_s);
}

QString nameOf(ErrorKind kind)
{
    return nameIn(kindNames, kind);
}
ErrorKind errorKindFrom(const QString &name)
{
    return valueIn(kindNames, name, ErrorKind::Internal);
}

bool isTransient(const Error &error)
{
    return error.kind == ErrorKind::Unreachable || error.kind == ErrorKind::TimedOut
        || error.kind == ErrorKind::RateLimited || error.kind == ErrorKind::StorageLocked
        || error.httpStatus == 503
        || (error.kind == ErrorKind::Registry && error.httpStatus >= 500);
}

} // namespace sandglass
