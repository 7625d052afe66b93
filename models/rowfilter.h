#pragma once

#include "models/roles.h"

#include <QSortFilterProxyModel>
#include <QStringList>

#include <optional>

namespace sandglass {

/// What the quick filter asks of a row.
struct RowFilter
{
    QString
        text; ///< every word of it must occur somewhere in the row, in any case; empty: all rows
    std::optional<StateMark> mark; ///< nothing: all states but what is in the trash

    bool operator==(const RowFilter &) const = default;
};

/// Whether a row with this search text and mark passes. Pure.
[[nodiscard]] bool passes(const RowFilter &filter, const QString &searchText, StateMark mark);

/// Shows the rows of a table model that pass a RowFilter, sorted by RawRole; ties keep their order.
class RowFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    /// `stateColumn`: the source's column that answers StateRole.
    RowFilterModel(QAbstractItemModel &source, int stateColumn, QObject *parent = nullptr);

    [[nodiscard]] const RowFilter &filter() const { return m_filter; }
    void setText(const QString &text);
    void setMark(std::optional<StateMark> mark);

protected:
    [[nodiscard]] bool
    filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;

private:
    void setFilter(RowFilter filter);

    int m_stateColumn;
    RowFilter m_filter;
};

} // namespace sandglass
