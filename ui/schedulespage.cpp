#include "ui/schedulespage.h"

#include "models/schedulewords.h"
#include "models/valuewords.h"
#include "ui/dialogs/deletescheduledialog.h"
#include "ui/dialogs/scheduledialog.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using ScheduleColumn = ScheduleTableModel::Column;

} // namespace

SchedulesPage::SchedulesPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"schedulesPage"_s,
            .title = tr("Schedules"),
            .icon = IconName::Schedule,
            .model = context.data.schedules(),
            .stateColumn = int(ScheduleColumn::State),
            .sortColumn = int(ScheduleColumn::NextRun),
            .widths = {20, 24, 28, 30, 20, 20, 16},
            .states =
                {{tr("On"), StateMark::Good},
                 {tr("Paused"), StateMark::Paused},
                 {tr("Last run did not work"), StateMark::Failed}}},
        parent)
    , m_add(addWindowAction(u"addScheduleAction"_s, tr("&New Schedule…"), IconName::Add))
    , m_change(addSelectionAction(u"changeScheduleAction"_s, tr("&Change…"), IconName::Schedule))
    , m_pause(addSelectionAction(u"pauseScheduleAction"_s, tr("&Pause"), IconName::Paused))
    , m_delete(addSelectionAction(
          u"deleteScheduleAction"_s, tr("&Delete…"), IconName::Delete, QKeySequence::Delete))
{
    connect(m_add, &QAction::triggered, this, &SchedulesPage::askForSchedule);
    connect(m_change, &QAction::triggered, this, &SchedulesPage::askForChange);
    connect(m_pause, &QAction::triggered, this, &SchedulesPage::pauseOrResume);
    connect(m_delete, &QAction::triggered, this, &SchedulesPage::askToDelete);
}

std::optional<SnapshotSchedule> SchedulesPage::selected() const
{
    const QStringList ids = selectedIds();
    const SnapshotSchedule *schedule = ids.size() == 1
        ? context().data.schedules().find(ScheduleId::trusted(ids.first()))
        : nullptr;
    return schedule ? std::optional(*schedule) : std::nullopt;
}

void SchedulesPage::updateActions()
{
    const std::optional<SnapshotSchedule> schedule = selected();
    const Availability one{schedule ? QString() : tr("Select a schedule first.")};
    setAvailability(m_add, {});
    setAvailability(m_change, one);
    setAvailability(m_pause, one);
    setAvailability(m_delete, one);
    m_pause->setText(schedule && schedule->paused ? tr("&Resume") : tr("&Pause"));
    m_pause->setIcon(icon(schedule && schedule->paused ? IconName::Refresh : IconName::Paused));
}

Details SchedulesPage::detailsOf(const QString &id) const
{
    const SnapshotSchedule *schedule = context().data.schedules().find(ScheduleId::trusted(id));
    if (!schedule)
        return {};
    Details details;
    details.title = schedule->name.text();
    details.mark = markOf(*schedule);
    details.stateText = stateText(*schedule);
    details.problem = schedule->error;
    details.rows = {
        {tr("Namespace"), schedule->namespaceName.text()},
        {tr("Of"), targetText(*schedule, context().data.sandboxName(schedule->sandbox))},
        {tr("When"), timesText(*schedule)},
        {tr("Next"), momentText(schedule->nextRunAt)},
        {tr("Last"), momentText(schedule->lastRunAt)},
        {tr("Time to live"),
         schedule->ttlSeconds ? ttlText(*schedule->ttlSeconds) : tr("as the setting says")},
        {tr("Tag"), schedule->tagPattern.isEmpty() ? noValueText() : schedule->tagPattern},
    };
    return details;
}

EmptyState SchedulesPage::emptyState() const
{
    return {
        IconName::Schedule,
        tr("No schedules"),
        tr("A schedule takes snapshots by itself, of one sandbox or of all that have certain "
           "labels, at the times that you say. What has expired goes first."),
        m_add};
}

ConsoleDialog *SchedulesPage::askForSchedule()
{
    return openDialog(new ScheduleDialog(
        context().data.sandboxes().rows(),
        context().data.schedules().rows(),
        context().useCases.clock.now(),
        this));
}

ConsoleDialog *SchedulesPage::askForChange()
{
    const std::optional<SnapshotSchedule> schedule = selected();
    if (!schedule)
        return nullptr;
    return openDialog(new ScheduleDialog(
        *schedule, context().data.sandboxes().rows(), context().useCases.clock.now(), this));
}

ConsoleDialog *SchedulesPage::openDialog(ScheduleDialog *dialog)
{
    connect(dialog, &QDialog::accepted, this, [this, dialog] { put(dialog->schedule()); });
    dialog->open();
    return dialog;
}

void SchedulesPage::put(const SnapshotSchedule &schedule)
{
    run(
        tr("Schedule %1 was not saved.").arg(schedule.name.text()),
        [use = context().useCases, caller = context().caller, schedule] {
            return use.schedules.put(schedule, caller);
        },
        [this](const Result<SnapshotSchedule> &saved) {
            const QString name = saved->name.text();
            Q_EMIT
            told(
                saved->paused
                    ? tr("Schedule %1 is paused.").arg(name)
                    : tr("Schedule %1 runs next: %2.").arg(name, momentText(saved->nextRunAt)));
        });
}

void SchedulesPage::pauseOrResume()
{
    if (std::optional<SnapshotSchedule> schedule = selected()) {
        schedule->paused = !schedule->paused;
        put(*schedule);
    }
}

ConsoleDialog *SchedulesPage::askToDelete()
{
    const std::optional<SnapshotSchedule> schedule = selected();
    if (!schedule)
        return nullptr;
    auto *dialog =
        new DeleteScheduleDialog(*schedule, context().data.sandboxName(schedule->sandbox), this);
    connect(dialog, &QDialog::accepted, this, [this, schedule = *schedule] {
        run(
            tr("Schedule %1 was not deleted.").arg(schedule.name.text()),
            [use = context().useCases, caller = context().caller, schedule] {
                return use.schedules.remove(schedule.namespaceName, schedule.name, caller);
            },
            [this, name = schedule.name](const Done &) {
                Q_EMIT
                told(tr("Schedule %1 is deleted.").arg(name.text()));
            });
    });
    dialog->open();
    return dialog;
}

} // namespace sandglass
