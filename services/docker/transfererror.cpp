#include "services/docker/transfererror.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// The first that the words contain decides.
const std::array knownWords{
    std::pair{"no space left on device"_L1, ErrorKind::StorageFull},
    std::pair{"toomanyrequests"_L1, ErrorKind::RateLimited},
    // Content that is not what its digest says, or not there although the manifest names it.
    std::pair{"filesystem layer verification failed"_L1, ErrorKind::Registry},
    std::pair{"image config verification failed"_L1, ErrorKind::Registry},
    std::pair{"manifest verification failed"_L1, ErrorKind::Registry},
    std::pair{"unknown blob"_L1, ErrorKind::Registry},
    std::pair{"blob unknown"_L1, ErrorKind::Registry},
    std::pair{"manifest unknown"_L1, ErrorKind::NotFound},
    std::pair{"tag does not exist"_L1, ErrorKind::NotFound},
    std::pair{"An image does not exist locally"_L1, ErrorKind::NotFound},
    std::pair{"repository name not known"_L1, ErrorKind::NotFound},
    std::pair{"denied: "_L1, ErrorKind::PermissionDenied},
    std::pair{"unauthorized: "_L1, ErrorKind::Unauthorized},
    std::pair{"no basic auth credentials"_L1, ErrorKind::Unauthorized},
    std::pair{"x509: "_L1, ErrorKind::Untrusted},
    std::pair{"tls: "_L1, ErrorKind::Untrusted},
    std::pair{"server gave HTTP response to HTTPS client"_L1, ErrorKind::Untrusted},
    std::pair{"connection refused"_L1, ErrorKind::Unreachable},
    std::pair{"connection reset"_L1, ErrorKind::Unreachable},
    std::pair{"broken pipe"_L1, ErrorKind::Unreachable},
    std::pair{"no such host"_L1, ErrorKind::Unreachable},
    std::pair{"server misbehaving"_L1, ErrorKind::Unreachable}, // of a name server
    std::pair{"no route to host"_L1, ErrorKind::Unreachable},
    std::pair{"network is unreachable"_L1, ErrorKind::Unreachable},
    std::pair{"i/o timeout"_L1, ErrorKind::Unreachable},
    std::pair{"handshake timeout"_L1, ErrorKind::Unreachable},
    std::pair{"Client.Timeout exceeded"_L1, ErrorKind::Unreachable},
};

ErrorKind kindOfStatus(int status)
{
    switch (status) {
    case 401:
        return ErrorKind::Unauthorized;
    case 403:
        return ErrorKind::PermissionDenied;
    case 429:
        return ErrorKind::RateLimited;
    default:
        return ErrorKind::Registry;
    }
}

} // namespace

std::optional<TransferFailure> transferFailure(const QString &words)
{
    // A status comes first: with it, the rest of the words is about the answer's body.
    static const QRegularExpression status(
        u"(?:unexpected HTTP status: |error parsing HTTP )([345][0-9][0-9])\\b"_s);
    if (const auto match = status.match(words); match.hasMatch()) {
        const int code = match.captured(1).toInt();
        return TransferFailure{kindOfStatus(code), code};
    }
    const auto known = std::ranges::find_if(
        knownWords, [&words](const auto &entry) { return words.contains(entry.first); });
    if (known != knownWords.end())
        return TransferFailure{known->second, 0};
    // Go's words for a connection that ended.
    static const QRegularExpression ended(u"(?:\\A|: |unexpected )EOF\\z"_s);
    if (ended.match(words).hasMatch())
        return TransferFailure{ErrorKind::Unreachable, 0};
    return std::nullopt;
}

} // namespace sandglass
