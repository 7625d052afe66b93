#include "ui/cleanuppage.h"

#include "models/cleanupwords.h"
#include "models/valuewords.h"
#include "services/core/errorsentence.h"
#include "ui/dialogs/runcleanupdialog.h"

#include <QLocale>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using PlanColumn = CleanupPlanTableModel::Column;

QString timerText(const CleanupStatus &status, Timestamp now)
{
    if (!status.lastAt)
        return CleanupPage::tr("The first cleanup runs %1.").arg(distanceText(status.nextAt, now));
    return CleanupPage::tr("The next cleanup runs %1 (every %2; the last one looked %3).")
        .arg(
            status.nextAt <= now ? CleanupPage::tr("now") : distanceText(status.nextAt, now),
            ttlText(status.intervalSeconds),
            distanceText(*status.lastAt, now));
}

QString countsText(const SnapshotCounts &counts, Timestamp now)
{
    const auto active = counts.byStatus.find(SnapshotStatus::Active);
    QString text =
        CleanupPage::tr("%L1 active snapshots, %L2 of them expired; %L3 expire within a day, %L4 "
                        "within 7 days, %L5 within 30. They take %6, of which %7 are their own.")
            .arg(active == counts.byStatus.end() ? 0 : active->second)
            .arg(counts.expired)
            .arg(counts.expiringWithinDay)
            .arg(counts.expiringWithinWeek)
            .arg(counts.expiringWithinMonth)
            .arg(sizeText(counts.bytes), sizeText(counts.uniqueBytes));
    if (counts.oldestAt)
        text += u' '
            + CleanupPage::tr("The oldest is from %1.").arg(distanceText(*counts.oldestAt, now));
    return text;
}

/// The rules in force for a namespace that are on, each with where it comes from.
QString rulesText(const QList<SettingValue> &settings, const NamespaceName &space)
{
    QStringList lines;
    for (const SettingValue &value : settings) {
        if (value.namespaceName != space || !isRetentionRule(value.setting) || value.value == 0)
            continue;
        const SettingDefinition &definition = definitionOf(value.setting);
        const QString where = value.source == SettingSource::Namespace
            ? CleanupPage::tr("of this namespace")
            : CleanupPage::tr("of all namespaces");
        lines.append(
            definition.unit == SettingUnit::YesNo
                ? u"%1 (%2)"_s.arg(definition.title, where)
                : u"%1: %L2 (%3)"_s.arg(definition.title).arg(value.value).arg(where));
    }
    return lines.isEmpty() ? CleanupPage::tr("Only the time to live and pins count.")
                           : lines.join(u'\n');
}

} // namespace

CleanupPage::CleanupPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"cleanupPage"_s,
            .title = tr("Cleanup"),
            .icon = IconName::Cleanup,
            .model = context.data.cleanupEntries(),
            .stateColumn = int(PlanColumn::Action),
            .sortColumn = int(PlanColumn::Action),
            .widths = {27, 22, 48, 19, 10, 24, 16},
            .states =
                {{tr("Delete"), StateMark::Expired},
                 {tr("Kept by a rule or a pin"), StateMark::Paused},
                 {tr("Not expired"), StateMark::Good}}},
        parent)
    , m_make(addWindowAction(u"makePlanAction"_s, tr("Make &New Plan"), IconName::Refresh))
    , m_run(addWindowAction(u"runPlanAction"_s, tr("&Run This Plan…"), IconName::Cleanup))
    , m_orphans(addWindowAction(u"orphansAction"_s, tr("&Orphaned Images…"), IconName::Find))
{
    connect(m_make, &QAction::triggered, &context.data, &ConsoleData::makeCleanupPlan);
    connect(m_run, &QAction::triggered, this, &CleanupPage::askToRun);
    connect(m_orphans, &QAction::triggered, this, &CleanupPage::askAboutOrphans);
}

void CleanupPage::updateActions()
{
    setAvailability(m_make, {});
    setAvailability(m_orphans, {});
    setAvailability(
        m_run,
        {context().data.cleanupPlan().deletions == 0 ? tr("The plan deletes nothing.")
                                                     : QString()});
}

Details CleanupPage::detailsOf(const QString &id) const
{
    const CleanupEntry *entry = context().data.cleanupEntries().find(SnapshotId::trusted(id));
    if (!entry)
        return {};
    Details details;
    details.title = entry->snapshot.text();
    details.mark = markOf(entry->rule);
    details.stateText = actionText(entry->rule);
    details.rows = {
        {tr("Why"), reasonText(entry->reason)},
        {tr("Sandbox"), context().data.sandboxName(entry->sandbox)},
        {tr("Namespace"), entry->namespaceName.text()},
        {tr("Expires"), momentText(entry->expiresAt)},
        {tr("Freed"), entry->deletes() ? sizeText(entry->bytes) : noValueText()},
        {tr("Rules of the namespace"),
         rulesText(context().data.settings().rows(), entry->namespaceName)},
    };
    if (const Snapshot *snapshot = context().data.snapshots().find(entry->snapshot)) {
        for (const Location &location : snapshot->locations)
            details.places.append({markOf(entry->rule), placeText(location)});
    }
    return details;
}

EmptyState CleanupPage::emptyState() const
{
    const ConsoleData &console = context().data;
    return {
        IconName::Cleanup,
        !console.cleanupPlan().id.isEmpty() ? tr("No active snapshots")
            : console.cleanupPlanError()    ? tr("There is no plan")
                                            : tr("Making the plan…"),
        tr("What a cleanup would delete and keep is listed here before it happens, with the "
           "reason for each snapshot."),
        nullptr};
}

TablePage::Banner CleanupPage::banner() const
{
    const ConsoleData &console = context().data;
    const Timestamp now = context().useCases.clock.now();
    if (const auto &error = console.cleanupPlanError())
        return {Tone::Negative, tr("There is no new plan. %1").arg(sentenceFor(*error).text())};
    const CleanupStatus &status = console.cleanup().status;
    QStringList lines;
    if (!status.question.isEmpty())
        lines.append(tr("The timer waits for you: %1. Look at the plan, and run it if that is what "
                        "you want.")
                         .arg(status.question));
    const CleanupPlan &plan = console.cleanupPlan();
    const bool isOld = console.isCleanupPlanOld();
    if (isOld)
        lines.append(tr("Something changed or expired since this plan was made, %1; make a new one "
                        "to see it.")
                         .arg(distanceText(plan.madeAt, now)));
    const bool isCaution = !lines.isEmpty();
    QStringList sentences;
    if (!plan.id.isEmpty() && plan.deletions == 0)
        sentences.append(
            isOld ? tr("By it, nothing would be deleted.") : tr("Now nothing would be deleted."));
    else if (!plan.id.isEmpty())
        sentences.append((isOld ? tr("By it, %L1 would be deleted, and %2 freed.")
                                : tr("Now %L1 would be deleted, and %2 freed."))
                             .arg(plan.deletions)
                             .arg(sizeText(plan.bytes)));
    sentences.append(timerText(status, now));
    lines.append(sentences.join(u' '));
    lines.append(countsText(console.cleanup().statistics.all, now));
    return {isCaution ? Tone::Caution : Tone::Neutral, lines.join(u'\n')};
}

ConsoleDialog *CleanupPage::askToRun()
{
    const CleanupPlan plan = context().data.cleanupPlan();
    if (plan.deletions == 0)
        return nullptr;
    auto *dialog = new RunCleanupDialog(plan, this);
    connect(
        dialog, &QDialog::accepted, this, [this, id = plan.id, asked = !plan.question.isEmpty()] {
            runPlan(id, asked);
        });
    dialog->open();
    return dialog;
}

ConsoleDialog *CleanupPage::askAboutOrphans()
{
    auto *dialog = new OrphansDialog(this);
    inBackground(
        context().pool,
        dialog,
        [use = context().useCases] { return use.orphans.list(); },
        [dialog](const Result<QList<EngineOrphans>> &orphans) { dialog->showOrphans(orphans); });
    connect(dialog, &QDialog::accepted, this, [this, dialog] { removeOrphans(dialog->chosen()); });
    dialog->open();
    return dialog;
}

void CleanupPage::removeOrphans(const QList<OrphansDialog::Chosen> &orphans)
{
    run(
        tr("Not all orphaned images were deleted."),
        [use = context().useCases, caller = context().caller, orphans]() -> Done {
            for (const OrphansDialog::Chosen &orphan : orphans)
                SANDGLASS_CHECK(use.orphans.remove(orphan.engine, orphan.imageId, caller));
            return {};
        },
        [this, count = orphans.size()](const Done &) {
            Q_EMIT
            told(tr("%n orphaned images are deleted.", nullptr, int(count)));
        });
}

void CleanupPage::runPlan(const QString &plan, bool confirmed)
{
    const CleanupRequest request{plan, {}, confirmed, context().caller};
    run(
        tr("The cleanup did not run."),
        [use = context().useCases, request] { return use.cleanup.run(request); },
        [this](const Result<QString> &) {
            context().data.makeCleanupPlan();
            Q_EMIT
            told(tr("The cleanup runs; what becomes of each snapshot is on the page “History”."));
        });
}

} // namespace sandglass
