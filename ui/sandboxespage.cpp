#include "ui/sandboxespage.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "ui/dialogs/adoptcontainerdialog.h"
#include "ui/dialogs/createsnapshotdialog.h"
#include "ui/dialogs/letgodialog.h"
#include "ui/dialogs/newsandboxdialog.h"
#include "ui/dialogs/terminatesandboxdialog.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using SandboxColumn = SandboxTableModel::Column;

const QString firstNamespace = u"default"_s;

/// The namespaces in use, the usual one first.
QStringList knownNamespaces(const QList<Sandbox> &sandboxes)
{
    QStringList names;
    for (const Sandbox &sandbox : sandboxes)
        names.append(sandbox.namespaceName.text());
    names.removeAll(firstNamespace);
    names.removeDuplicates();
    names.sort();
    names.prepend(firstNamespace);
    return names;
}

} // namespace

QString engineHelp(const QList<Engine> &engines, Timestamp now)
{
    QStringList lines;
    for (const Engine &engine : engines) {
        lines.append(SandboxesPage::tr("%1 at %2: %3")
                         .arg(engine.name.text(), engine.address, stateText(engine, now)));
        if (!engine.error.isEmpty())
            lines.append(engine.error);
    }
    if (!lines.isEmpty())
        lines.append(QString());
    lines.append(
        SandboxesPage::tr("To start the engine of this machine:  sudo systemctl start docker"));
    lines.append(SandboxesPage::tr(
        "To be allowed to use it:  sudo usermod -aG docker $USER  and log in again"));
    lines.append(SandboxesPage::tr("To use another one, add it here by its address."));
    return lines.join(u'\n');
}

SandboxesPage::SandboxesPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"sandboxesPage"_s,
            .title = tr("Sandboxes"),
            .icon = IconName::Sandbox,
            .model = context.data.sandboxes(),
            .stateColumn = int(SandboxColumn::State),
            .sortColumn = int(SandboxColumn::Created),
            .sortOrder = Qt::DescendingOrder,
            .widths = {22, 40, 24, 12, 24, 12, 26},
            .hiddenColumns = {int(SandboxColumn::Namespace), int(SandboxColumn::Id)},
            .states =
                {{tr("Running"), StateMark::Good},
                 {tr("Paused"), StateMark::Paused},
                 {tr("Stopped"), StateMark::Stopped},
                 {tr("Changing"), StateMark::Working},
                 {tr("Failed"), StateMark::Failed},
                 {tr("Missing"), StateMark::Warning},
                 {tr("Unknown"), StateMark::Unknown}}},
        parent)
    , m_new(addWindowAction(
          u"newSandboxAction"_s, tr("&New Sandbox…"), IconName::Add, QKeySequence::New))
    , m_adopt(addWindowAction(u"adoptAction"_s, tr("&Adopt…"), IconName::Adopt))
    , m_snapshot(addSelectionAction(
          u"createSnapshotAction"_s,
          tr("Create &Snapshot…"),
          IconName::Snapshot,
          QKeySequence::Save))
    , m_letGo(addSelectionAction(u"letGoAction"_s, tr("&Let Go…"), IconName::LetGo))
    , m_terminate(addSelectionAction(
          u"terminateAction"_s, tr("&Terminate…"), IconName::Terminate, QKeySequence::Delete))
    , m_showSnapshots(
          addSelectionAction(u"showSnapshotsAction"_s, tr("Show Its Sna&pshots"), IconName::Find))
{
    connect(m_new, &QAction::triggered, this, &SandboxesPage::askForNewSandbox);
    connect(m_adopt, &QAction::triggered, this, &SandboxesPage::askForContainer);
    connect(m_letGo, &QAction::triggered, this, &SandboxesPage::askToLetGo);
    connect(m_snapshot, &QAction::triggered, this, &SandboxesPage::askForSnapshot);
    connect(m_terminate, &QAction::triggered, this, &SandboxesPage::askToTerminate);
    connect(m_showSnapshots, &QAction::triggered, this, [this] {
        if (const auto sandboxes = selected(); !sandboxes.isEmpty())
            Q_EMIT
        snapshotsWanted(sandboxes.first().id.text());
    });
}

QList<Sandbox> SandboxesPage::selected() const
{
    return selectedIn<Sandbox>(context().data.sandboxes(), &SandboxId::trusted);
}

void SandboxesPage::updateActions()
{
    const QSet<EngineName> live = context().data.engines().connected();
    const QList<Sandbox> sandboxes = selected();
    setAvailability(m_new, forNewSandbox(live));
    setAvailability(m_snapshot, forSnapshot(sandboxes, live));
    setAvailability(m_adopt, forNewSandbox(live));
    setAvailability(m_letGo, forLetGo(sandboxes));
    setAvailability(m_terminate, forTerminate(sandboxes));
    setAvailability(
        m_showSnapshots,
        sandboxes.isEmpty() ? Availability{tr("Select a sandbox first.")} : Availability());
}

Details SandboxesPage::detailsOf(const QString &id) const
{
    const Sandbox *sandbox = context().data.sandboxes().find(SandboxId::trusted(id));
    if (!sandbox)
        return {};
    return sandglass::detailsOf(
        *sandbox,
        context().data.sandboxes().isLive(*sandbox),
        context().data.snapshots().countOf(sandbox->id));
}

EmptyState SandboxesPage::emptyState() const
{
    const QList<Engine> &engines = context().data.engines().rows();
    if (engines.isEmpty())
        return {
            IconName::Engine,
            tr("No engine yet"),
            engineHelp(engines, context().useCases.clock.now()),
            m_addEngine};
    if (context().data.engines().connected().isEmpty()) {
        const bool isTrying = std::any_of(engines.begin(), engines.end(), [](const Engine &engine) {
            return engine.state == EngineState::Connecting;
        });
        const QString title = isTrying ? tr("Connecting to %1…").arg(engines.first().address)
            : engines.size() == 1      ? tr("No engine answers at %1").arg(engines.first().address)
                                       : tr("None of the engines answers");
        return {
            IconName::Engine,
            title,
            isTrying ? QString() : engineHelp(engines, context().useCases.clock.now()),
            m_addEngine};
    }
    return {
        IconName::Sandbox,
        tr("No sandboxes yet"),
        tr("A sandbox is a container that Sandglass looks after: you can snapshot it, break it, "
           "and have it back."),
        m_new};
}

TablePage::Banner SandboxesPage::banner() const
{
    const QStringList silent = context().data.engines().silent();
    if (silent.isEmpty() || context().data.sandboxes().rowCount() == 0)
        return {};
    return {
        Tone::Caution,
        silent.size() == 1
            ? tr("Engine %1 is not connected. Its sandboxes are shown as they were last seen.")
                  .arg(silent.first())
            : tr("Engines %1 are not connected. Their sandboxes are shown as they were last seen.")
                  .arg(silent.join(u", "_s))};
}

ConsoleDialog *SandboxesPage::askForNewSandbox()
{
    const PageContext &context = this->context();
    auto *dialog = new NewSandboxDialog(
        context.data.engines().rows(), knownNamespaces(context.data.sandboxes().rows()), this);
    connect(
        dialog,
        &NewSandboxDialog::imagesWanted,
        this,
        [&context, dialog](const EngineName &engine) {
            inBackground(
                context.pool,
                dialog,
                [use = context.useCases, engine] { return use.engines.images(engine); },
                [dialog, engine](const Result<QStringList> &images) {
                    dialog->showImages(engine, images);
                });
        });
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        CreateSandboxRequest request = dialog->request();
        request.caller = this->context().caller;
        run(
            tr("The sandbox was not created."),
            [use = this->context().useCases, request] { return use.sandboxes.create(request); },
            [this](const Result<StartedSandbox> &started) {
                Q_EMIT
                told(tr("Sandbox %1 is being created.").arg(started->sandbox.text()));
            });
    });
    dialog->open();
    dialog->start();
    return dialog;
}

ConsoleDialog *SandboxesPage::askForContainer()
{
    const PageContext &context = this->context();
    auto *dialog = new AdoptContainerDialog(
        context.data.engines().rows(), knownNamespaces(context.data.sandboxes().rows()), this);
    connect(
        dialog,
        &AdoptContainerDialog::containersWanted,
        this,
        [&context, dialog](const EngineName &engine) {
            inBackground(
                context.pool,
                dialog,
                [use = context.useCases, engine] { return use.adoptions.containers(engine); },
                [dialog, engine](const Result<QList<EngineContainer>> &containers) {
                    dialog->showContainers(engine, containers);
                });
        });
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        AdoptRequest request = dialog->request();
        request.caller = this->context().caller;
        run(
            tr("The container was not adopted."),
            [use = this->context().useCases, request] { return use.adoptions.adopt(request); },
            [this](const Result<Sandbox> &sandbox) {
                Q_EMIT
                told(tr("The container is sandbox “%1” now.").arg(nameText(*sandbox)));
            });
    });
    dialog->open();
    dialog->start();
    return dialog;
}

ConsoleDialog *SandboxesPage::askForSnapshot()
{
    const PageContext &context = this->context();
    const QList<Sandbox> sandboxes = selected();
    if (!forSnapshot(sandboxes, context.data.engines().connected()).isAvailable())
        return nullptr;
    const Sandbox &sandbox = sandboxes.first();
    auto *dialog = new CreateSnapshotDialog(
        sandbox,
        context.data.settings().inForce(Setting::DefaultSnapshotTtl, sandbox.namespaceName),
        context.useCases.clock,
        this);
    inBackground(
        context.pool,
        dialog,
        [use = context.useCases, sandbox] {
            return use.snapshots.planSnapshot(sandbox.namespaceName, sandbox.id);
        },
        [dialog](const Result<SnapshotPlan> &plan) { dialog->showPlan(plan); });
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        CreateSnapshotRequest request = dialog->request();
        request.caller = this->context().caller;
        run(
            tr("The snapshot was not created."),
            [use = this->context().useCases, request] { return use.snapshots.create(request); },
            [this](const Result<StartedSnapshot> &started) {
                Q_EMIT
                told(tr("Snapshot %1 is being created.").arg(started->snapshot.text()));
            });
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *SandboxesPage::askToLetGo()
{
    const QList<Sandbox> sandboxes = selected();
    if (!forLetGo(sandboxes).isAvailable())
        return nullptr;
    const Sandbox &sandbox = sandboxes.first();
    auto *dialog = new LetGoDialog(sandbox, context().data.snapshots().countOf(sandbox.id), this);
    connect(dialog, &QDialog::accepted, this, [this, sandbox] { letGo(sandbox); });
    dialog->open();
    return dialog;
}

ConsoleDialog *SandboxesPage::askToTerminate()
{
    const PageContext &context = this->context();
    const QList<Sandbox> sandboxes = selected();
    if (!forTerminate(sandboxes).isAvailable())
        return nullptr;
    const Sandbox &sandbox = sandboxes.first();
    auto *dialog = new TerminateSandboxDialog(
        sandbox,
        context.data.snapshots().countOf(sandbox.id),
        context.data.sandboxes().isLive(sandbox),
        this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, sandbox] {
        end(sandbox, dialog->request());
    });
    dialog->open();
    return dialog;
}

void SandboxesPage::end(const Sandbox &sandbox, SandboxEnd how)
{
    if (how == SandboxEnd::LetGo) {
        letGo(sandbox);
        return;
    }
    const auto adopted =
        how == SandboxEnd::RemoveAdopted ? AdoptedContainer::Remove : AdoptedContainer::Keep;
    run(
        tr("The sandbox was not terminated."),
        [use = context().useCases, caller = context().caller, sandbox, adopted] {
            return use.sandboxes.terminate(sandbox.namespaceName, sandbox.id, caller, adopted);
        },
        [this, sandbox](const Result<OperationId> &) {
            Q_EMIT
            told(tr("Sandbox “%1” is being terminated.").arg(nameText(sandbox)));
        });
}

void SandboxesPage::letGo(const Sandbox &sandbox)
{
    run(
        tr("The sandbox was not let go."),
        [use = context().useCases, caller = context().caller, sandbox] {
            return use.adoptions.release(sandbox.namespaceName, sandbox.id, caller);
        },
        [this, sandbox](const Done &) {
            Q_EMIT
            told(tr("Sandbox “%1” is let go; its container stays.").arg(nameText(sandbox)));
        });
}

} // namespace sandglass
