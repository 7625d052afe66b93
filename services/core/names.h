#pragma once

#include <QString>

#include <algorithm>

namespace sandglass {

/// The name that a table of {value, name} pairs gives a value; every value must be in the table.
template <class Table, class Value> [[nodiscard]] QString nameIn(const Table &table, Value value)
{
    const auto it = std::find_if(
        table.begin(), table.end(), [value](const auto &entry) { return entry.first == value; });
    return it == table.end() ? QString() : it->second;
}

/// The inverse; `unknown` when no pair has this name.
template <class Table, class Value>
[[nodiscard]] Value valueIn(const Table &table, const QString &name, Value unknown)
{
    const auto it = std::find_if(
        table.begin(), table.end(), [&name](const auto &entry) { return entry.second == name; });
    return it == table.end() ? unknown : it->first;
}

} // namespace sandglass
