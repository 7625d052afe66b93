#pragma once

#include "services/core/result.h"

#include <QStringList>
#include <QUrl>

#include <optional>

namespace sandglass {

/// The tags of one page of /tags/list; `"tags": null` is none, as docker-registry says it of a
/// repository that lost its last manifest. Pure.
[[nodiscard]] Result<QStringList> parseTags(const QByteArray &body);

/// The next page, from a Link header with rel="next", relative to the page it came with; nothing
/// when this is the last one. Protocol error when it is at another host: the login is for this one.
/// Pure.
[[nodiscard]] Result<std::optional<QUrl>> nextPage(QByteArrayView link, const QUrl &page);

} // namespace sandglass
