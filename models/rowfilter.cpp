#include "models/rowfilter.h"

#include <algorithm>

namespace sandglass {

bool passes(const RowFilter &filter, const QString &searchText, StateMark mark)
{
    if (filter.mark ? *filter.mark != mark : mark == StateMark::Trashed)
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
    const QModelIndex index = sourceModel()->index(sourceRow, m_stateColumn, sourceParent);
    const auto mark = StateMark(index.data(StateRole).toInt());
    // Saves putting together what would be searched.
    const QString text = m_filter.text.isEmpty() ? QString() : index.data(SearchRole).toString();
    return passes(m_filter, text, mark);
}

} // namespace sandglass
