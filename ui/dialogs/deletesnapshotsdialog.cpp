#include "ui/dialogs/deletesnapshotsdialog.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "services/core/errorsentence.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostVisibleVictims = 8;
constexpr int columnGap = 14;
constexpr int deleteDialogWidth = 680;
constexpr int margin = 18; // on each side of the list

constexpr qint64 offeredTrashSeconds = 86'400;

QString consequenceText(const QList<Snapshot> &victims, bool toTrash)
{
    if (toTrash) {
        return DeleteSnapshotsDialog::tr(
            "Out of the list, and deleted in 24 hours. Until then it can be taken back: choose the "
            "state “In the trash” on this page.");
    }
    qint64 bytes = 0;
    for (const Snapshot &victim : victims)
        bytes += victim.sizeBytes.value_or(0);
    const QString gone = victims.size() == 1
        ? DeleteSnapshotsDialog::tr("What it holds is gone for good.")
        : DeleteSnapshotsDialog::tr("What they hold is gone for good.");
    return gone + u' '
        + DeleteSnapshotsDialog::tr("Up to %1 are freed; what other images share stays.")
              .arg(sizeText(bytes));
}

} // namespace

DeleteSnapshotsDialog::DeleteSnapshotsDialog(
    const QList<Snapshot> &victims, int leftOut, Timestamp now, QWidget *parent)
    : ConsoleDialog(u"deleteSnapshotsDialog"_s, Deed::Destructive, parent)
    , m_victims(victims)
    , m_list(new QTreeWidget(this))
    , m_factList(new FactList(this))
    , m_trash(new QCheckBox(tr("&Keep in the trash for 24 hours"), this))
{
    setWindowTitle(tr("Delete Snapshots"));
    const auto count = victims.size();
    setVerb(
        count == 1 ? tr("&Delete snapshot") : tr("&Delete %n snapshots", nullptr, int(count)),
        IconName::Delete);

    m_list->setObjectName(u"victimList"_s);
    m_list->setAccessibleName(tr("Snapshots that will be deleted"));
    m_list->setHeaderLabels(
        {tr("Snapshot"), tr("Tag"), tr("Sandbox"), tr("State"), tr("Size"), tr("Stored at")});
    m_list->setRootIsDecorated(false);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    for (const Snapshot &victim : victims) {
        QStringList places;
        for (const Location &location : victim.locations)
            places.append(placeText(location));
        auto *item = new QTreeWidgetItem(
            m_list,
            {victim.id.text(),
             victim.tag,
             victim.sandbox.text(),
             stateText(victim, now),
             sizeText(victim.sizeBytes),
             places.isEmpty() ? noValueText() : places.join(u", "_s)});
        item->setIcon(3, icon(markOf(victim, now)));
        item->setTextAlignment(4, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(5, places.join(u'\n'));
    }
    for (int column = 0; column < m_list->columnCount(); ++column) {
        m_list->resizeColumnToContents(column);
        m_list->setColumnWidth(column, m_list->columnWidth(column) + columnGap);
    }
    const int lines = std::min(int(count), mostVisibleVictims);
    const int scrollBar = m_list->header()->length() > deleteDialogWidth - 2 * margin
        ? m_list->horizontalScrollBar()->sizeHint().height()
        : 0;
    m_list->setFixedHeight(
        m_list->header()->sizeHint().height() + lines * (m_list->sizeHintForRow(0) + 1)
        + 2 * m_list->frameWidth() + 4 + scrollBar);
    body()->addWidget(m_list);
    m_trash->setObjectName(u"trashCheck"_s);
    const bool hasActive = std::any_of(victims.begin(), victims.end(), [](const Snapshot &each) {
        return each.status == SnapshotStatus::Active;
    });
    m_trash->setChecked(hasActive);
    m_trash->setVisible(hasActive);
    connect(m_trash, &QCheckBox::toggled, this, &DeleteSnapshotsDialog::describe);
    body()->addWidget(m_trash);
    m_factList->setObjectName(u"keeperList"_s);
    body()->addWidget(m_factList);

    if (leftOut > 0) {
        m_facts.append(
            {StateMark::Waiting,
             leftOut == 1
                 ? tr(
                     "One of the selected snapshots is left out: it is pinned, or being created or "
                     "deleted.")
                 : tr(
                     "%n of the selected snapshots are left out: they are pinned, or being "
                     "created or deleted.",
                     nullptr,
                     leftOut)});
    }
    m_factList->setFacts(m_facts);
    for (qsizetype i = 0; i < count; ++i)
        beginPending();
    describe();
    resize(deleteDialogWidth, sizeHint().height());
}

qint64 DeleteSnapshotsDialog::trashSeconds() const
{
    return m_trash->isChecked() ? offeredTrashSeconds : 0;
}

void DeleteSnapshotsDialog::describe()
{
    const Snapshot &first = m_victims.first();
    const auto count = int(m_victims.size());
    setHeading(
        IconName::Delete,
        count == 1
            ? tr("Delete snapshot “%1”?").arg(first.tag.isEmpty() ? first.id.text() : first.tag)
            : tr("Delete %n snapshots?", nullptr, count),
        consequenceText(m_victims, m_trash->isChecked()));
}

void DeleteSnapshotsDialog::showKeepers(
    const SnapshotId &victim, const Result<QList<Sandbox>> &keepers)
{
    if (!keepers) {
        m_facts.append(
            {StateMark::Unknown,
             tr("What still needs %1 is not known. %2")
                 .arg(victim.text(), sentenceFor(keepers.error()).text())});
    } else {
        for (const Sandbox &keeper : *keepers) {
            m_facts.append(
                {StateMark::Waiting,
                 tr("Sandbox “%1” runs from %2: its image goes when that sandbox is terminated.")
                     .arg(nameText(keeper), victim.text())});
        }
    }
    m_factList->setFacts(m_facts);
    endPending();
}

} // namespace sandglass
