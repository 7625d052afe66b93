#include "models/rowfilter.h"

#include <algorithm>

namespace sandglass {

bool passes(const RowFilter &filter, const QString &searchText, StateMark mark)
{
    if (filter.mark && *filter.mark != mark)
        return false;
    const QStringList words = filter.text.split(u' ', Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&searchText](const QString &word) {
        return searchText.contains(word, Qt::CaseInsensitive);
    });
}

RowFilterModel::RowFilterModel(QAbstractItemModel &source, int stateColumn, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_stateColumn(stateColumn)
{
    setSourceModel(&source);
    setSortRole(RawRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void RowFilterModel::setText(const QString &text)
{
    setFilter({text, m_filter.mark});
}

void RowFilterModel::setMark(std::optional<StateMark> mark)
{
    setFilter({m_filter.text, mark});
}

void RowFilterModel::setFilter(RowFilter filter)
{
    if (filter == m_filter)
        return;
    m_filter = std::move(filter);
    invalidateRowsFilter();
}

bool RowFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    if (m_filter == RowFilter())
        return true; // saves putting together what would be searched
    const QModelIndex index = sourceModel()->index(sourceRow, m_stateColumn, sourceParent);
    return passes(
        m_filter, index.data(SearchRole).toString(), StateMark(index.data(StateRole).toInt()));
}

} // namespace sandglass
