#include "ui/cleanuphistorypage.h"

#include "models/cleanupwords.h"
#include "models/valuewords.h"

#include <QLocale>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using RunColumn = CleanupRunTableModel::Column;

constexpr int mostItems = 50; // of one outcome

constexpr std::array outcomesInOrder{
    CleanupOutcome::Failed,
    CleanupOutcome::Skipped,
    CleanupOutcome::Planned,
    CleanupOutcome::Deleting,
    CleanupOutcome::Trashed,
    CleanupOutcome::Deleted};

QString itemsText(const QList<CleanupItem> &items, CleanupOutcome outcome)
{
    QStringList lines;
    qsizetype more = 0;
    for (const CleanupItem &item : items) {
        if (item.outcome != outcome)
            continue;
        if (lines.size() < mostItems)
            lines.append(u"%1: %2"_s.arg(item.snapshot.text(), reasonText(item.reason)));
        else
            ++more;
    }
    if (more > 0)
        lines.append(CleanupHistoryPage::tr("and %n more", nullptr, int(more)));
    return lines.join(u'\n');
}

} // namespace

CleanupHistoryPage::CleanupHistoryPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"historyPage"_s,
            .title = tr("History"),
            .icon = IconName::History,
            .model = context.data.cleanupRuns(),
            .stateColumn = int(RunColumn::State),
            .sortColumn = int(RunColumn::Started),
            .sortOrder = Qt::DescendingOrder,
            .widths = {20, 20, 30, 10, 10, 10, 10, 12, 16},
            .states =
                {{tr("Running"), StateMark::Working},
                 {tr("Done"), StateMark::Good},
                 {tr("Something failed"), StateMark::Failed}}},
        parent)
{ }

void CleanupHistoryPage::updateActions()
{
    const QStringList ids = selectedIds();
    const CleanupRun *run =
        ids.isEmpty() ? nullptr : context().data.cleanupRuns().find(ids.first());
    if (run && run->id != m_unreadable)
        readItems(*run);
}

/// Again whenever the run is another, or is not what it was.
void CleanupHistoryPage::readItems(const CleanupRun &run)
{
    CleanupRun known = m_read;
    known.items.clear();
    if (m_isReading || known == run)
        return;
    m_isReading = true;
    inBackground(
        context().pool,
        this,
        [use = context().useCases, id = run.id] { return use.cleanup.find(id); },
        [this, id = run.id](const Result<CleanupRun> &read) {
            m_isReading = false;
            m_unreadable = read ? QString() : id;
            if (read)
                m_read = *read;
            else
                messages().showError(
                    tr("What became of the snapshots is not known."), read.error());
            refreshLater();
        });
}

Details CleanupHistoryPage::detailsOf(const QString &id) const
{
    const CleanupRun *run = context().data.cleanupRuns().find(id);
    if (!run)
        return {};
    Details details;
    details.title = momentText(run->startedAt);
    details.mark = markOf(*run);
    details.stateText = stateText(*run);
    details.rows = {
        {tr("Cleanup id"), run->id},
        {tr("Asked for by"), whoText(*run)},
        {tr("Plan made"), momentText(run->planMadeAt)},
        {tr("Ended"), momentText(run->finishedAt)},
        {tr("Freed"), sizeText(run->bytes)},
    };
    if (m_read.id != id)
        return details;
    for (const CleanupOutcome outcome : outcomesInOrder) {
        if (const QString items = itemsText(m_read.items, outcome); !items.isEmpty())
            details.rows.append({outcomeText(outcome), items});
    }
    return details;
}

EmptyState CleanupHistoryPage::emptyState() const
{
    return {
        IconName::History,
        tr("No cleanup has deleted anything yet"),
        tr("Each cleanup that deletes something is listed here: when, by whom, what it deleted, "
           "what it skipped and why."),
        nullptr};
}

} // namespace sandglass
