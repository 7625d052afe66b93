#include "services/api/httpstatus.h"

namespace sandglass {

int httpStatusOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::InvalidArgument:
        return 400;
    case ErrorKind::Unauthorized:
        return 401;
    case ErrorKind::LimitReached:
        return 403;
    case ErrorKind::NotFound:
        return 404;
    case ErrorKind::Conflict:
        return 409;
    case ErrorKind::Internal:
        return 500;
    case ErrorKind::PermissionDenied:
    case ErrorKind::Untrusted:
    case ErrorKind::Protocol:
    case ErrorKind::UnsupportedVersion:
    case ErrorKind::Engine:
    case ErrorKind::Registry:
    case ErrorKind::Unsupported:
    case ErrorKind::CredentialHelper:
        return 502;
    case ErrorKind::Unreachable:
    case ErrorKind::Cancelled:
    case ErrorKind::RateLimited:
    case ErrorKind::CredentialsMissing:
    case ErrorKind::CredentialsLocked:
    case ErrorKind::Storage:
    case ErrorKind::StorageLocked:
    case ErrorKind::StorageReadOnly:
    case ErrorKind::StorageDamaged:
        return 503;
    case ErrorKind::TimedOut:
        return 504;
    case ErrorKind::StorageFull:
        return 507;
    }
    return 500;
}

} // namespace sandglass
