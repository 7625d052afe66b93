#pragma once

#include "services/core/clock.h"
#include "services/net/httptransport.h"

namespace sandglass {

/// How long to wait, from a Retry-After header: seconds, or a date of HTTP, which counts from `now`
/// and is never in the past. Nothing when it is neither. Pure.
[[nodiscard]] std::optional<std::chrono::seconds>
parseRetryAfter(QByteArrayView header, Timestamp now);

/// A date as HTTP writes it, "Sun, 06 Nov 1994 08:49:37 GMT". Nothing when it is none. Pure.
[[nodiscard]] std::optional<Timestamp> parseHttpDate(QByteArrayView text);

/// Whether the answer's errors have this code of the distribution specification, "NAME_UNKNOWN".
/// Pure.
[[nodiscard]] bool saysCode(const HttpResponse &response, QLatin1StringView code);

/// The errors of an answer in the registry's own words, "DENIED: requested access …"; what a token
/// server says; the text itself when it is plain text; at most 1 KiB. Pure.
[[nodiscard]] QString registryWords(const HttpResponse &response);

/// Whether an answer is a page for people: no registry sends those, but portals, proxies and web
/// servers that stand there in its place. Pure.
[[nodiscard]] bool isPage(const HttpResponse &response);

/// What an answer means that is not what was hoped for; `what` was to be done, in technical words.
/// 401 gives Unauthorized, 403 and DENIED PermissionDenied, 404 NotFound, 405 and UNSUPPORTED
/// Unsupported, 429 and TOOMANYREQUESTS RateLimited, 5xx Registry, other 4xx InvalidArgument, the
/// rest and pages for people Protocol. Takes the time from the answer's Date, else from `now`.
/// Pure.
[[nodiscard]] Error registryError(
    const HttpResponse &response, const QString &what, const QString &origin, Timestamp now);

} // namespace sandglass
