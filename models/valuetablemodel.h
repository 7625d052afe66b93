#pragma once

#include "models/roles.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QList>
#include <QSet>

#include <algorithm>
#include <functional>
#include <numeric>
#include <type_traits>
#include <utility>

namespace sandglass {

/// A table over values with an identity. It never resets: what is new is inserted, what is gone is
/// removed, what is different is told row by row, so that selection, scroll position and editors
/// survive every refresh. `key` is the member that tells values apart. The rows' own order means
/// nothing; views sort by RawRole.
template <class Value, auto key> class ValueTableModel : public QAbstractTableModel
{
public:
    using Key = std::remove_cvref_t<std::invoke_result_t<decltype(key), const Value &>>;
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const final
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        return cell(m_rows.at(index.row()), index.column(), role);
    }

    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const final
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return title(section);
    }

    [[nodiscard]] const QList<Value> &rows() const { return m_rows; }

    /// Nothing when no row has this identity. Valid until the next change of the model.
    [[nodiscard]] const Value *find(const Key &id) const
    {
        const auto it = m_rowOf.constFind(id);
        return it == m_rowOf.cend() ? nullptr : &m_rows.at(*it);
    }

    /// Makes the table hold exactly these values. An identity must not appear twice.
    void setRows(const QList<Value> &values)
    {
        QSet<Key> wanted;
        if (!m_rows.isEmpty()) {
            for (const Value &value : values)
                wanted.insert(std::invoke(key, value));
        }
        QList<Key> gone;
        for (const Value &value : std::as_const(m_rows)) {
            if (!wanted.contains(std::invoke(key, value)))
                gone.append(std::invoke(key, value));
        }
        remove(gone);
        upsert(values);
    }

    /// Replaces the rows with these identities, where they differ, and appends the others in one
    /// insertion.
    void upsert(const QList<Value> &values)
    {
        if (m_rows.isEmpty()) {
            append(values);
            return;
        }
        QList<Value> added;
        for (const Value &value : values) {
            const auto it = m_rowOf.constFind(std::invoke(key, value));
            if (it == m_rowOf.cend()) {
                added.append(value);
            } else if (m_rows.at(*it) != value) {
                m_rows[*it] = value;
                Q_EMIT
                dataChanged(index(*it, 0), index(*it, columnCount() - 1));
            }
        }
        append(added);
    }

    /// Removes the rows with these identities; unknown ones are no matter.
    void remove(const QList<Key> &ids)
    {
        QList<int> victims;
        for (const Key &id : ids) {
            if (const auto it = m_rowOf.constFind(id); it != m_rowOf.cend())
                victims.append(*it);
        }
        std::sort(victims.begin(), victims.end());
        victims.erase(std::unique(victims.begin(), victims.end()), victims.end());
        if (victims.size() > scatteredLimit)
            gatherAtEnd(victims);
        // From the end, and neighbours together, so that the row numbers still to come stay right.
        while (!victims.isEmpty()) {
            const int last = victims.takeLast();
            int first = last;
            while (!victims.isEmpty() && victims.last() == first - 1)
                first = victims.takeLast();
            beginRemoveRows({}, first, last);
            for (int row = first; row <= last; ++row)
                m_rowOf.remove(std::invoke(key, m_rows.at(row)));
            m_rows.remove(first, last - first + 1);
            reindex(first);
            endRemoveRows();
        }
    }

protected:
    /// What one cell answers for a role.
    [[nodiscard]] virtual QVariant cell(const Value &value, int column, int role) const = 0;
    [[nodiscard]] virtual QString title(int column) const = 0;

    /// Tells views that a column reads differently although no value changed.
    void columnChanged(int column)
    {
        if (!m_rows.isEmpty())
            Q_EMIT
        dataChanged(index(0, column), index(int(m_rows.size()) - 1, column));
    }

    void rowChanged(int row)
    {
        Q_EMIT
        dataChanged(index(row, 0), index(row, columnCount() - 1));
    }

private:
    /// More removals than this are made one removal: each by itself would move all rows behind it.
    static constexpr qsizetype scatteredLimit = 32;

    void append(const QList<Value> &values)
    {
        if (values.isEmpty())
            return;
        const qsizetype first = m_rows.size();
        beginInsertRows({}, int(first), int(first + values.size()) - 1);
        if (m_rows.isEmpty())
            m_rows = values; // shared: a first load makes no copies
        else
            m_rows.append(values);
        reindex(first);
        endInsertRows();
    }

    void reindex(qsizetype from)
    {
        for (qsizetype row = from; row < m_rows.size(); ++row)
            m_rowOf.insert(std::invoke(key, m_rows.at(row)), int(row));
    }

    /// Reorders the rows so that those of `victims` (ascending) are the last, and renumbers
    /// `victims`.
    void gatherAtEnd(QList<int> &victims)
    {
        Q_EMIT
        layoutAboutToBeChanged();
        const int kept = int(m_rows.size() - victims.size());
        QList<int> newRowOf(m_rows.size());
        int nextKept = 0;
        int nextVictim = kept;
        for (int row = 0; row < m_rows.size(); ++row) {
            const bool isVictim =
                nextVictim - kept < victims.size() && victims.at(nextVictim - kept) == row;
            newRowOf[row] = isVictim ? nextVictim++ : nextKept++;
        }
        QList<Value> reordered(m_rows.size());
        for (int row = 0; row < m_rows.size(); ++row)
            reordered[newRowOf.at(row)] = std::move(m_rows[row]);
        m_rows = std::move(reordered);
        reindex(0);
        const QModelIndexList before = persistentIndexList();
        QModelIndexList after;
        for (const QModelIndex &each : before)
            after.append(index(newRowOf.at(each.row()), each.column()));
        changePersistentIndexList(before, after);
        std::iota(victims.begin(), victims.end(), kept);
        Q_EMIT
        layoutChanged();
    }

    QList<Value> m_rows;
    QHash<Key, int> m_rowOf;
};

} // namespace sandglass
