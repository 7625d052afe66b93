#pragma once

#include <QByteArray>
#include <QList>

#include <optional>
#include <utility>

namespace sandglass {

/// The content of the first entry of a tar archive when that is a regular file, up to `most` bytes
/// or to where the archive was cut off; nothing for a folder, a link or bytes that are no archive.
/// Pure.
[[nodiscard]] std::optional<QByteArray> firstFileOf(QByteArrayView archive, qsizetype most);

/// An archive of these files: names of at most 100 ASCII characters, and contents. Pure.
[[nodiscard]] QByteArray tarArchiveOf(const QList<std::pair<QByteArray, QByteArray>> &files);

} // namespace sandglass
