#pragma once

#include "services/net/httptransport.h"

#include <QStringList>

namespace sandglass {

// What the calls of DockerClient share.

/// Longest silence of calls that read or write only records, and of those that may have to work on
/// disks.
inline constexpr std::chrono::milliseconds quickCallLimit{30'000};
inline constexpr std::chrono::milliseconds slowCallLimit{120'000};

/// "/containers/{id}{rest}". InvalidArgument unless `id` is a container's id or name as engines
/// allow them: whatever else stands there could reach another path, because engines resolve "..",
/// also when it is percent-encoded.
[[nodiscard]] Result<QString> containerPath(const QString &id, const QString &rest);
[[nodiscard]] Result<QString> imagePath(const QString &reference, const QString &rest);

/// Adds a value as it is, whatever characters it has.
void addToQuery(QUrlQuery &query, const QString &name, const QString &value);
/// Adds filters={"name":[…]}; nothing for an empty list.
void addFilter(QUrlQuery &query, const QString &name, const QStringList &values);

/// What an answer with an error status means; `what` was to be done, in technical words.
[[nodiscard]] Error
engineError(const HttpResponse &response, const QString &what, const QString &origin);

} // namespace sandglass
