#include "ui/tablepage.h"

#include "services/core/errorsentence.h"
#include "ui/comboname.h"
#include "ui/detailspane.h"
#include "ui/statedelegate.h"

#include <QComboBox>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int tableShare = 640;
constexpr int detailsShare = 290;
constexpr int filterWidth = 240;
} // namespace

TablePage::TablePage(const PageContext &context, Setup setup, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_setup(std::move(setup))
    , m_rows(m_setup.model, m_setup.stateColumn)
    , m_toolBar(new QToolBar(this))
    , m_filter(new QLineEdit(this))
    , m_stateFilter(new QComboBox(this))
    , m_clearFilter(new QAction(icon(IconName::Cancel), tr("Show all rows"), this))
    , m_showTrash(new QAction(icon(StateMark::Trashed), tr("Show the trash"), this))
    , m_messages(new MessageBar(this))
    , m_banner(new Callout(Tone::Neutral, this))
    , m_content(new QStackedWidget(this))
    , m_empty(new EmptyStateView(this))
    , m_splitter(new QSplitter(this))
    , m_table(new QTreeView(this))
    , m_details(new DetailsPane(this))
{
    setObjectName(m_setup.name);
    setAccessibleName(m_setup.title);
    buildTable();
    m_banner->setObjectName(u"banner"_s);
    m_banner->hide();
    m_splitter->setObjectName(u"splitter"_s);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setSizes({tableShare, detailsShare});
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_content->addWidget(m_splitter);
    m_content->addWidget(m_empty);
    buildToolBar();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 8);
    column->setSpacing(6);
    column->addWidget(m_toolBar);
    column->addWidget(m_messages);
    column->addWidget(m_banner);
    column->addWidget(m_content, 1);

    m_refresh.setSingleShot(true);
    connect(&m_refresh, &QTimer::timeout, this, &TablePage::refresh);
    const auto later = [this] { m_refresh.start(0); };
    connect(&m_rows, &QAbstractItemModel::rowsInserted, this, later);
    connect(&m_rows, &QAbstractItemModel::rowsRemoved, this, later);
    connect(&context.data, &ConsoleData::updated, this, later);
    connect(&context.data, &ConsoleData::ticked, this, later);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, later);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, later);
    later();
}

void TablePage::buildToolBar()
{
    m_toolBar->setObjectName(u"toolBar"_s);
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toolBar->setIconSize({16, 16});

    m_stateFilter->setObjectName(u"stateFilter"_s);
    m_stateFilter->addItem(tr("All states"));
    for (const auto &[text, mark] : std::as_const(m_setup.states))
        m_stateFilter->addItem(icon(mark), text, int(mark));
    connect(m_stateFilter, &QComboBox::currentIndexChanged, this, [this] {
        const QVariant mark = m_stateFilter->currentData();
        m_rows.setMark(mark.isValid() ? std::optional(StateMark(mark.toInt())) : std::nullopt);
        m_refresh.start(0);
    });
    m_filter->setObjectName(u"filterEdit"_s);
    m_filter->setAccessibleName(tr("Filter the rows"));
    m_filter->setPlaceholderText(tr("Filter (Ctrl+F)"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(filterWidth);
    m_filter->addAction(icon(IconName::Find, Tone::Muted), QLineEdit::LeadingPosition);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_rows.setText(text);
        m_refresh.start(0);
    });
    connect(m_showTrash, &QAction::triggered, this, [this] {
        m_stateFilter->setCurrentIndex(m_stateFilter->findData(int(StateMark::Trashed)));
    });
    connect(m_clearFilter, &QAction::triggered, this, [this] {
        m_filter->clear();
        m_stateFilter->setCurrentIndex(0);
    });

    auto *space = new QWidget(m_toolBar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    m_toolBar->addWidget(m_stateFilter);
    nameCombo(m_stateFilter, tr("Show rows in this state"));
    m_toolBar->addWidget(m_filter);
}

void TablePage::buildTable()
{
    m_table->setObjectName(u"table"_s);
    m_table->setAccessibleName(m_setup.title);
    m_table->setModel(&m_rows);
    m_table->setItemDelegate(new StateDelegate(m_table));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setAlternatingRowColors(true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(m_setup.sortColumn, m_setup.sortOrder);
    m_table->setSelectionMode(
        m_setup.multipleSelection ? QAbstractItemView::ExtendedSelection
                                  : QAbstractItemView::SingleSelection);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->setToolTipsVisible(true);
        menu->addActions(m_selectionActions);
        menu->popup(m_table->viewport()->mapToGlobal(position));
    });

    QHeaderView *header = m_table->header();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, &TablePage::chooseColumns);
    const int character = fontMetrics().averageCharWidth();
    for (qsizetype column = 0; column < m_setup.widths.size(); ++column)
        header->resizeSection(int(column), int(m_setup.widths.at(column)) * character);
    for (const int column : std::as_const(m_setup.hiddenColumns))
        header->hideSection(column);
}

void TablePage::chooseColumns(const QPoint &position)
{
    QHeaderView *header = m_table->header();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < header->count(); ++column) {
        QAction *action = menu->addAction(m_rows.headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        action->setEnabled(column != 0); // something to hold on to always stays
        connect(action, &QAction::toggled, header, [header, column](bool shown) {
            header->setSectionHidden(column, !shown);
        });
    }
    menu->popup(header->mapToGlobal(position));
}

QAction *TablePage::addSelectionAction(
    const QString &name, const QString &text, IconName iconName, const QKeySequence &shortcut)
{
    QAction *action = addWindowAction(name, text, iconName, shortcut);
    m_selectionActions.append(action);
    return action;
}

QAction *TablePage::addSelectionMenu(
    const QString &name, const QString &text, IconName iconName, QMenu *menu)
{
    QAction *action = addSelectionAction(name, text, iconName);
    menu->setToolTipsVisible(true);
    action->setMenu(menu);
    if (auto *button = qobject_cast<QToolButton *>(m_toolBar->widgetForAction(action)))
        button->setPopupMode(QToolButton::InstantPopup);
    return action;
}

QAction *TablePage::addWindowAction(
    const QString &name, const QString &text, IconName iconName, const QKeySequence &shortcut)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setObjectName(name);
    action->setShortcut(shortcut);
    addAction(action);
    m_toolBar->insertAction(m_toolBar->actions().value(m_actions.size()), action);
    m_actions.append(action);
    return action;
}

void TablePage::setAvailability(QAction *action, const Availability &availability)
{
    Availability effective = availability;
    if (m_selectionActions.contains(action) && !m_isCurrent)
        effective.whyNot = tr("This works on the page “%1”.").arg(title());
    action->setEnabled(effective.isAvailable());
    QString tip = QString(action->text()).remove(u'&').remove(u'…');
    if (!action->shortcut().isEmpty())
        tip += u" ("_s + action->shortcut().toString(QKeySequence::NativeText) + u')';
    action->setToolTip(effective.isAvailable() ? tip : effective.whyNot);
    action->setStatusTip(effective.whyNot);
}

void TablePage::setCurrent(bool current)
{
    m_isCurrent = current;
    refresh();
}

void TablePage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void TablePage::setFilterText(const QString &text)
{
    m_stateFilter->setCurrentIndex(0);
    m_filter->setText(text);
}

void TablePage::select(const QString &id)
{
    const QModelIndexList found = m_rows.match(m_rows.index(0, 0), IdRole, id, 1, Qt::MatchExactly);
    if (!found.isEmpty())
        selectRow(found.first());
}

void TablePage::selectFirst()
{
    selectRow(m_rows.index(0, 0));
}

void TablePage::selectRow(const QModelIndex &index)
{
    // Not by the view's setCurrentIndex(), which adds to the selection while Ctrl is held.
    m_table->selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

QStringList TablePage::selectedIds() const
{
    QStringList ids;
    const QModelIndexList selected = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        ids.append(index.data(IdRole).toString());
    return ids;
}

void TablePage::refresh()
{
    updateActions();
    showContent();
}

void TablePage::showContent()
{
    Banner shown = banner();
    if (const auto &error = m_context.data.storeError())
        shown = {Tone::Negative, sentenceFor(*error).text()};
    if (const auto &error = m_context.data.readError()) {
        shown = {
            Tone::Negative,
            tr("What is shown may be out of date. %1").arg(sentenceFor(*error).text())};
    }
    m_banner->setTone(shown.tone);
    m_banner->setText(shown.text);
    m_banner->setVisible(!shown.text.isEmpty());

    if (!m_context.data.isLoaded()) {
        m_empty->setState({m_setup.icon, tr("Loading…"), {}, nullptr});
        m_content->setCurrentWidget(m_empty);
        return;
    }
    if (m_setup.model.rowCount() == 0) {
        m_empty->setState(emptyState());
        m_content->setCurrentWidget(m_empty);
        return;
    }
    if (m_rows.rowCount() == 0) {
        // Without a filter, only what is in the trash is left out.
        const bool isFiltered = !m_filter->text().isEmpty() || m_stateFilter->currentIndex() > 0;
        m_empty->setState(
            isFiltered
                ? EmptyState{IconName::Find, tr("No row passes the filter"), {}, m_clearFilter}
                : EmptyState{m_setup.icon, tr("All are in the trash"), {}, m_showTrash});
        m_content->setCurrentWidget(m_empty);
        return;
    }
    m_content->setCurrentWidget(m_splitter);
    const QStringList selected = selectedIds();
    const QString current = m_table->currentIndex().data(IdRole).toString();
    if (selected.isEmpty())
        m_details->setDetails({});
    else
        m_details->setDetails(detailsOf(selected.contains(current) ? current : selected.first()));
}

void TablePage::save(QSettings &settings) const
{
    settings.setValue(objectName() + u"/columns"_s, m_table->header()->saveState());
    settings.setValue(objectName() + u"/splitter"_s, m_splitter->saveState());
}

void TablePage::restore(const QSettings &settings)
{
    m_table->header()->restoreState(settings.value(objectName() + u"/columns"_s).toByteArray());
    m_splitter->restoreState(settings.value(objectName() + u"/splitter"_s).toByteArray());
}

} // namespace sandglass
