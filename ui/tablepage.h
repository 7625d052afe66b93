#pragma once

#include "models/rowfilter.h"
#include "services/core/background.h"
#include "ui/availability.h"
#include "ui/consoledata.h"
#include "ui/details.h"
#include "ui/emptystate.h"
#include "ui/messagebar.h"
#include "ui/pagecontext.h"

#include <QAction>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QMenu;
class QSettings;
class QSplitter;
class QStackedWidget;
class QToolBar;
class QTreeView;

namespace sandglass {

class DetailsPane;

/// One page of the console: tool bar and quick filter, messages, a table, and details of the row
/// that is selected. Derived pages say what is in it and what can be done.
class TablePage : public QWidget
{
    Q_OBJECT
public:
    [[nodiscard]] const QString &title() const { return m_setup.title; }
    [[nodiscard]] IconName iconName() const { return m_setup.icon; }
    [[nodiscard]] MessageBar &messages() { return *m_messages; }
    [[nodiscard]] QTreeView &table() { return *m_table; }

    /// The page's own actions, for its menu and context menu.
    [[nodiscard]] const QList<QAction *> &pageActions() const { return m_actions; }

    /// Whether it is the page on the screen: the actions on its selection work then only.
    void setCurrent(bool current);
    void focusFilter();
    void setFilterText(const QString &text);
    /// Selects this row and scrolls to it; nothing when it is not shown.
    void select(const QString &id);
    void selectFirst();

    void save(QSettings &settings) const;
    void restore(const QSettings &settings);

Q_SIGNALS:
    /// Something for the status bar, such as "Snapshot snap-… is being created."
    void told(const QString &text);

protected:
    struct Setup
    {
        QString name; ///< object name and settings key
        QString title;
        IconName icon = IconName::Info;
        QAbstractItemModel &model;
        int stateColumn = 0;
        int sortColumn = 0;
        Qt::SortOrder sortOrder = Qt::AscendingOrder;
        QList<int> widths = {}; ///< of the columns, in characters
        QList<int> hiddenColumns = {}; ///< at first
        bool multipleSelection = false;
        QList<std::pair<QString, StateMark>> states = {}; ///< to filter by
    };

    TablePage(const PageContext &context, Setup setup, QWidget *parent);

    /// Makes an action on the selection; it works while the page is current.
    QAction *addSelectionAction(
        const QString &name,
        const QString &text,
        IconName iconName,
        const QKeySequence &shortcut = {});
    /// Makes one that opens a menu of several, and has no use by itself.
    QAction *
    addSelectionMenu(const QString &name, const QString &text, IconName iconName, QMenu *menu);
    /// Makes an action that works from every page.
    QAction *addWindowAction(
        const QString &name,
        const QString &text,
        IconName iconName,
        const QKeySequence &shortcut = {});
    /// Enables an action or says in its tooltip why not. One on the selection is off while the page
    /// is not current.
    void setAvailability(QAction *action, const Availability &availability);

    /// Called whenever data, selection or time changed; coalesced.
    virtual void updateActions() = 0;
    [[nodiscard]] virtual Details detailsOf(const QString &id) const = 0;
    [[nodiscard]] virtual EmptyState emptyState() const = 0;
    /// A line above the table; empty text: none.
    struct Banner
    {
        Tone tone = Tone::Neutral;
        QString text;
    };
    [[nodiscard]] virtual Banner banner() const { return {}; }

    /// Details and actions are asked for again soon: something that they depend on is different.
    void refreshLater() { m_refresh.start(0); }

    [[nodiscard]] QStringList selectedIds() const;
    /// The selected rows' values.
    template <class Value, class Model, class Key>
    [[nodiscard]] QList<Value> selectedIn(const Model &model, Key (*toKey)(const QString &)) const
    {
        QList<Value> values;
        for (const QString &id : selectedIds()) {
            if (const Value *value = model.find(toKey(id)))
                values.append(*value);
        }
        return values;
    }

    [[nodiscard]] const PageContext &context() const { return m_context; }

    /// Runs `work` in the background; an error is shown on the page after the words of `attempt`.
    template <class Work, class Succeeded>
    void run(const QString &attempt, Work work, Succeeded succeeded)
    {
        inBackground(
            m_context.pool,
            this,
            std::move(work),
            [this, attempt, succeeded = std::move(succeeded)](const auto &result) {
                if (result)
                    succeeded(result);
                else
                    messages().showError(attempt, result.error());
            });
    }

private:
    void buildToolBar();
    void buildTable();
    void refresh();
    void showContent();
    void selectRow(const QModelIndex &index);
    void chooseColumns(const QPoint &position);

    PageContext m_context;
    Setup m_setup;
    bool m_isCurrent = false;
    RowFilterModel m_rows;
    QList<QAction *> m_actions;
    QList<QAction *> m_selectionActions;
    QTimer m_refresh;
    QToolBar *m_toolBar;
    QLineEdit *m_filter;
    QComboBox *m_stateFilter;
    QAction *m_clearFilter;
    QAction *m_showTrash;
    MessageBar *m_messages;
    Callout *m_banner;
    QStackedWidget *m_content;
    EmptyStateView *m_empty;
    QSplitter *m_splitter;
    QTreeView *m_table;
    DetailsPane *m_details;
};

} // namespace sandglass
