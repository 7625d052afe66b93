#include "ui/snapshotspage.h"

#include "models/presence.h"
#include "models/valuewords.h"
#include "ui/dialogs/changettldialog.h"
#include "ui/dialogs/deletesnapshotsdialog.h"
#include "ui/dialogs/pinsnapshotsdialog.h"
#include "ui/dialogs/restoredialog.h"
#include "ui/keepmenu.h"
#include "ui/placesmenu.h"
#include "ui/registryavailability.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using SnapshotColumn = SnapshotTableModel::Column;

constexpr int mostProgressLines = 3;

} // namespace

SnapshotsPage::SnapshotsPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"snapshotsPage"_s,
            .title = tr("Snapshots"),
            .icon = IconName::Snapshot,
            .model = context.data.snapshots(),
            .stateColumn = int(SnapshotColumn::State),
            .sortColumn = int(SnapshotColumn::Created),
            .sortOrder = Qt::DescendingOrder,
            .widths = {28, 16, 14, 24, 26, 14, 24, 18, 12, 40},
            .hiddenColumns = {int(SnapshotColumn::Namespace)},
            .multipleSelection = true,
            .states =
                {{tr("Active"), StateMark::Good},
                 {tr("Expired"), StateMark::Expired},
                 {tr("Image missing"), StateMark::Warning},
                 {tr("Creating or deleting"), StateMark::Working},
                 {tr("Waiting to be deleted"), StateMark::Waiting},
                 {tr("Failed"), StateMark::Failed},
                 {tr("In the trash"), StateMark::Trashed},
                 {tr("Unknown"), StateMark::Unknown}}},
        parent)
    , m_restore(addSelectionAction(
          u"restoreAction"_s,
          tr("&Restore…"),
          IconName::Restore,
          QKeySequence(Qt::CTRL | Qt::Key_R)))
    , m_retry(addSelectionAction(
          u"retryAction"_s,
          tr("&Try Again"),
          IconName::Refresh,
          QKeySequence(Qt::CTRL | Qt::Key_T)))
    , m_placesMenu(new PlacesMenu(this))
    , m_places(addSelectionMenu(u"placesAction"_s, tr("&Places"), IconName::Registry, m_placesMenu))
    , m_keepMenu(new KeepMenu(this))
    , m_keep(addSelectionMenu(u"keepAction"_s, tr("&Keep"), IconName::Pin, m_keepMenu))
    , m_delete(addSelectionAction(
          u"deleteAction"_s, tr("&Delete…"), IconName::Delete, QKeySequence::Delete))
{
    connect(m_restore, &QAction::triggered, this, &SnapshotsPage::askToRestore);
    connect(m_retry, &QAction::triggered, this, &SnapshotsPage::retry);
    connect(m_delete, &QAction::triggered, this, &SnapshotsPage::askToDelete);
    connectPlaces();
    connectKeeping();
}

QList<Snapshot> SnapshotsPage::selected() const
{
    return selectedIn<Snapshot>(context().data.snapshots(), &SnapshotId::trusted);
}

void SnapshotsPage::updateActions()
{
    const QList<Snapshot> snapshots = selected();
    setAvailability(m_restore, forRestore(snapshots, context().useCases.clock.now()));
    setAvailability(m_retry, forRetry(snapshots));
    setAvailability(m_delete, forDelete(snapshots, context().useCases.clock.now()));
    setAvailability(m_keep, forKeep(snapshots));
    m_keepMenu->setSnapshots(snapshots);
    setAvailability(m_places, forPlaces(snapshots));
    if (m_places->isEnabled()) {
        m_placesMenu->setSnapshot(
            snapshots.first(), context().data.engines().rows(), context().data.registries().rows());
    }
}

Details SnapshotsPage::detailsOf(const QString &id) const
{
    const Snapshot *snapshot = context().data.snapshots().find(SnapshotId::trusted(id));
    if (!snapshot)
        return {};
    const Timestamp now = context().useCases.clock.now();
    Details details = sandglass::detailsOf(
        *snapshot,
        context().data.sandboxName(snapshot->sandbox),
        context().data.snapshots().shownAsOf(*snapshot),
        now);
    const QList<Presence> places = presenceOf(
        *snapshot,
        context().data.engines().rows(),
        context().data.registries().rows(),
        context().data.operations().rows(),
        now);
    for (const Presence &presence : places)
        details.places.append({presence.mark, lineOf(presence)});
    return details;
}

EmptyState SnapshotsPage::emptyState() const
{
    return {
        IconName::Snapshot,
        tr("No snapshots yet"),
        tr("Select a running sandbox on the page “Sandboxes” and choose Create Snapshot (Ctrl+S "
           "there)."),
        nullptr};
}

TablePage::Banner SnapshotsPage::banner() const
{
    const OperationTableModel &operations = context().data.operations();
    QStringList lines;
    const QStringList silent = context().data.engines().silent();
    const SnapshotTableModel &snapshots = context().data.snapshots();
    const bool isOfThePast = !silent.isEmpty()
        && std::any_of(
            snapshots.rows().begin(),
            snapshots.rows().end(),
            [&snapshots](const Snapshot &snapshot) {
                return snapshots.shownAsOf(snapshot).has_value();
            });
    if (isOfThePast) {
        lines.append(
            silent.size() == 1
                ? tr("Engine %1 is not connected. What is only there is shown as it was last seen.")
                      .arg(silent.first())
                : tr("Engines %1 are not connected. What is only there is shown as it was last "
                     "seen.")
                      .arg(silent.join(u", "_s)));
    }
    int creating = 0;
    for (const Operation &operation : operations.rows()) {
        if (operation.kind != OperationKind::CreateSnapshot || isFinished(operation.state))
            continue;
        if (++creating > mostProgressLines)
            continue;
        const auto duration = durationOf(operation, operations.now());
        lines.append(tr("Creating %1: %2, %3")
                         .arg(
                             operations.subjectText(operation),
                             stepText(operation),
                             durationText(duration.value_or(std::chrono::milliseconds(0)))));
    }
    if (creating > mostProgressLines)
        lines.append(tr("and %n more", nullptr, creating - mostProgressLines));
    return {isOfThePast ? Tone::Caution : Tone::Active, lines.join(u'\n')};
}

ConsoleDialog *SnapshotsPage::askToRestore()
{
    const PageContext &context = this->context();
    const QList<Snapshot> snapshots = selected();
    const Timestamp now = context.useCases.clock.now();
    if (!forRestore(snapshots, now).isAvailable())
        return nullptr;
    const Snapshot &snapshot = snapshots.first();
    const bool wasExpired = isExpired(snapshot, now);
    auto *dialog = new RestoreDialog(
        snapshot,
        context.data.sandboxName(snapshot.sandbox),
        context.data.engines().rows(),
        now,
        this);
    connect(dialog, &RestoreDialog::planWanted, this, [&context, dialog] {
        RestoreRequest request = dialog->request();
        request.caller = context.caller;
        inBackground(
            context.pool,
            dialog,
            [use = context.useCases, request] { return use.snapshots.plan(request); },
            [dialog, wish = request.wish](const Result<RestorePlan> &plan) {
                dialog->showPlan(wish, plan);
            });
    });
    connect(dialog, &QDialog::accepted, this, [this, dialog, wasExpired] {
        RestoreRequest request = dialog->request();
        request.caller = this->context().caller;
        restore(request, wasExpired);
    });
    dialog->open();
    dialog->start();
    return dialog;
}

void SnapshotsPage::restore(const RestoreRequest &request, bool wasExpired)
{
    run(
        tr("The snapshot was not restored."),
        [use = context().useCases, request] { return use.snapshots.restore(request); },
        [this, wasExpired](const Result<StartedRestore> &started) {
            const QString sandbox = started->sandbox.text();
            if (started->ttlExpired && !wasExpired && !started->restoredFromSnapshot) {
                messages().showMessage(
                    Tone::Caution,
                    tr("The snapshot expired while you were asked: sandbox %1 is made fresh, from "
                       "the "
                       "original image.")
                        .arg(sandbox));
            }
            Q_EMIT
            told(
                started->restoredFromSnapshot ? tr("Sandbox %1 is being restored.").arg(sandbox)
                                              : tr("Sandbox %1 is being made fresh.").arg(sandbox));
        });
}

TransferRequest SnapshotsPage::transferRequest() const
{
    const Snapshot snapshot = selected().value(0);
    return {snapshot.namespaceName, snapshot.id, context().caller, {}};
}

void SnapshotsPage::connectPlaces()
{
    connect(m_placesMenu, &PlacesMenu::pushWanted, this, [this](const RegistryName &to) {
        const TransferRequest request = transferRequest();
        run(
            tr("Snapshot %1 is not pushed to %2.").arg(request.snapshot.text(), to.text()),
            [use = context().useCases, request, to] { return use.registries.push(request, to); },
            [this, request, to](const Result<OperationId> &) {
                Q_EMIT
                told(tr("Snapshot %1 is being pushed to %2.")
                         .arg(request.snapshot.text(), to.text()));
            });
    });
    connect(m_placesMenu, &PlacesMenu::pullWanted, this, [this](const EngineName &to) {
        const TransferRequest request = transferRequest();
        run(
            tr("Snapshot %1 is not pulled to %2.").arg(request.snapshot.text(), to.text()),
            [use = context().useCases, request, to] { return use.registries.pull(request, to); },
            [this, request, to](const Result<OperationId> &) {
                Q_EMIT
                told(tr("Snapshot %1 is being pulled to %2.")
                         .arg(request.snapshot.text(), to.text()));
            });
    });
    connect(m_placesMenu, &PlacesMenu::checkWanted, this, [this] {
        const TransferRequest request = transferRequest();
        Q_EMIT
        told(tr("The registries are asked for snapshot %1…").arg(request.snapshot.text()));
        run(
            tr("Where snapshot %1 is was not checked.").arg(request.snapshot.text()),
            [use = context().useCases, request] { return use.registries.check(request); },
            [this, request](const Done &) {
                Q_EMIT
                told(tr("Where snapshot %1 is has been checked.").arg(request.snapshot.text()));
            });
    });
}

void SnapshotsPage::retry()
{
    const QList<Snapshot> snapshots = selected();
    if (!forRetry(snapshots).isAvailable())
        return;
    const Snapshot &snapshot = snapshots.first();
    const SnapshotRequest request{snapshot.namespaceName, snapshot.id, context().caller};
    run(
        tr("Snapshot %1 is not tried again.").arg(snapshot.id.text()),
        [use = context().useCases, request] { return use.snapshots.retry(request); },
        [this](const Result<StartedSnapshot> &started) {
            Q_EMIT
            told(tr("Snapshot %1 is being created again.").arg(started->snapshot.text()));
        });
}

void SnapshotsPage::connectKeeping()
{
    connect(m_keepMenu, &KeepMenu::ttlWanted, this, &SnapshotsPage::askForTtl);
    connect(m_keepMenu, &KeepMenu::pinWanted, this, &SnapshotsPage::askToPin);
    connect(m_keepMenu, &KeepMenu::unpinWanted, this, [this] {
        changeKeeping(
            selected(),
            [caller = context().caller](
                RetentionService &retention, const auto &space, const auto &ids) {
                return retention.unpin(space, ids, caller);
            },
            tr("The pin is taken away."));
    });
    connect(m_keepMenu, &KeepMenu::takeBackWanted, this, [this] {
        changeKeeping(
            selected(),
            [caller = context().caller](
                RetentionService &retention, const auto &space, const auto &ids) {
                return retention.takeBack(space, ids, caller);
            },
            tr("It is out of the trash, and active again."));
    });
}

void SnapshotsPage::changeKeeping(
    const QList<Snapshot> &snapshots,
    const std::function<Done(RetentionService &, const NamespaceName &, const QList<SnapshotId> &)>
        &change,
    const QString &done)
{
    if (!forKeep(snapshots).isAvailable())
        return;
    QList<SnapshotId> ids;
    for (const Snapshot &snapshot : snapshots)
        ids.append(snapshot.id);
    run(
        tr("Nothing was changed."),
        [use = context().useCases, change, space = snapshots.first().namespaceName, ids] {
            return change(use.retention, space, ids);
        },
        [this, done](const Done &) {
            Q_EMIT
            told(done);
        });
}

ConsoleDialog *SnapshotsPage::askForTtl()
{
    const QList<Snapshot> snapshots = selected();
    if (!forKeep(snapshots).isAvailable() || !forChangeTtl(snapshots).isAvailable())
        return nullptr;
    auto *dialog = new ChangeTtlDialog(snapshots, context().useCases.clock.now(), this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, snapshots] {
        changeKeeping(
            snapshots,
            [caller = context().caller, ttl = dialog->ttlSeconds()](
                RetentionService &retention, const auto &space, const auto &ids) {
                return retention.changeTtl(space, ids, ttl, caller);
            },
            tr("The time to live is changed."));
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *SnapshotsPage::askToPin()
{
    const QList<Snapshot> snapshots = selected();
    if (!forKeep(snapshots).isAvailable() || !forChangeTtl(snapshots).isAvailable())
        return nullptr;
    auto *dialog = new PinSnapshotsDialog(snapshots, context().useCases.clock.now(), this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, snapshots] {
        changeKeeping(
            snapshots,
            [caller = context().caller, reason = dialog->reason(), until = dialog->until()](
                RetentionService &retention, const auto &space, const auto &ids) {
                return retention.pin(space, ids, reason, until, caller);
            },
            tr("It is pinned."));
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *SnapshotsPage::askToDelete()
{
    const PageContext &context = this->context();
    const QList<Snapshot> snapshots = selected();
    const QList<Snapshot> victims = deletableOf(snapshots, context.useCases.clock.now());
    if (victims.isEmpty())
        return nullptr;
    auto *dialog = new DeleteSnapshotsDialog(
        victims, int(snapshots.size() - victims.size()), context.useCases.clock.now(), this);
    for (const Snapshot &victim : victims) {
        inBackground(
            context.pool,
            dialog,
            [use = context.useCases, id = victim.id] { return use.snapshots.sandboxesFrom(id); },
            [dialog, id = victim.id](const Result<QList<Sandbox>> &keepers) {
                dialog->showKeepers(id, keepers);
            });
    }
    connect(dialog, &QDialog::accepted, this, [this, dialog, victims] {
        remove(victims, dialog->trashSeconds());
    });
    dialog->open();
    return dialog;
}

void SnapshotsPage::remove(const QList<Snapshot> &victims, qint64 trashSeconds)
{
    using Refusal = std::pair<SnapshotId, Error>;
    inBackground(
        context().pool,
        this,
        [use = context().useCases, caller = context().caller, victims, trashSeconds] {
            QList<Refusal> refusals;
            for (const Snapshot &victim : victims) {
                const auto removed =
                    use.snapshots.remove({victim.namespaceName, victim.id, caller, trashSeconds});
                if (!removed)
                    refusals.append({victim.id, removed.error()});
            }
            return refusals;
        },
        [this, victims, trashSeconds](const QList<Refusal> &refusals) {
            QStringList refused;
            for (const auto &[snapshot, error] : refusals)
                refused.append(snapshot.text());
            if (refused.size() == 1)
                messages().showError(
                    tr("Snapshot %1 was not deleted.").arg(refused.first()),
                    refusals.first().second);
            else if (!refused.isEmpty())
                messages().showError(
                    tr("%n snapshots were not deleted: %1. Of the first:",
                       nullptr,
                       int(refused.size()))
                        .arg(refused.join(u", "_s)),
                    refusals.first().second);
            const auto deleted = victims.size() - refused.size();
            if (deleted == 0)
                return;
            Q_EMIT
            told(
                trashSeconds > 0
                    ? tr("In the trash for 24 hours: choose the state “In the trash” to see it.")
                    : victims.size() == 1
                    ? tr("Snapshot %1 is being deleted.").arg(victims.first().id.text())
                    : tr("%n snapshots are being deleted.", nullptr, int(deleted)));
        });
}

} // namespace sandglass
