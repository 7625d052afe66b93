#pragma once

#include "services/core/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace sandglass {

/// Parses bytes that must be one JSON object. Protocol error with the position otherwise.
[[nodiscard]] Result<QJsonObject> parseJsonObject(const QByteArray &bytes);

/// Parses bytes that must be one JSON array. Protocol error otherwise.
[[nodiscard]] Result<QJsonArray> parseJsonArray(const QByteArray &bytes);

/// Compact UTF-8, keys in order: the same value gives the same bytes.
[[nodiscard]] QByteArray toBytes(const QJsonObject &object);

[[nodiscard]] QStringList
toStringList(const QJsonValue &value); ///< empty unless an array; non-strings are skipped
[[nodiscard]] QJsonArray toJsonArray(const QStringList &list);

} // namespace sandglass
