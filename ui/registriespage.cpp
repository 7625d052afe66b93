#include "ui/registriespage.h"

#include "models/presence.h"
#include "models/registrywords.h"
#include "ui/dialogs/credentialdialogs.h"
#include "ui/dialogs/forgetregistrydialog.h"
#include "ui/dialogs/registrydialog.h"
#include "ui/probewords.h"
#include "ui/registryavailability.h"

#include <QMenu>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using RegistryColumn = RegistryTableModel::Column;

/// What the snapshots that have a place there are called.
QStringList snapshotsAt(const Registry &registry, const QList<Snapshot> &snapshots)
{
    QStringList names;
    for (const Snapshot &snapshot : snapshots) {
        if (locationAt(snapshot, LocationKind::Registry, registry.name.text()))
            names.append(snapshot.tag.isEmpty() ? snapshot.id.text() : snapshot.tag);
    }
    return names;
}

int unfinishedAt(const Registry &registry, const QList<Operation> &operations)
{
    return int(
        std::count_if(operations.begin(), operations.end(), [&registry](const Operation &each) {
            return !isFinished(each.state)
                && each.inputs["registry"_L1].toString() == registry.name.text();
        }));
}

} // namespace

RegistriesPage::RegistriesPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"registriesPage"_s,
            .title = tr("Registries"),
            .icon = IconName::Registry,
            .model = context.data.registries(),
            .stateColumn = int(RegistryColumn::State),
            .sortColumn = int(RegistryColumn::Name),
            .widths = {14, 36, 40, 16, 30, 24},
            .states =
                {{tr("Answers"), StateMark::Good},
                 {tr("Paused"), StateMark::Paused},
                 {tr("Error"), StateMark::Failed},
                 {tr("Not asked yet"), StateMark::Unknown}}},
        parent)
    , m_add(addWindowAction(u"addRegistryAction"_s, tr("&Add Registry…"), IconName::Add))
    , m_change(addSelectionAction(u"changeRegistryAction"_s, tr("&Change…"), IconName::Registry))
    , m_test(addSelectionAction(u"testRegistryAction"_s, tr("&Test Connection"), IconName::Test))
    , m_credentialMenu(new QMenu(this))
    , m_credential(addSelectionMenu(
          u"credentialAction"_s, tr("C&redential"), IconName::Credential, m_credentialMenu))
    , m_replace(addCredentialAction(
          u"replaceCredentialAction"_s,
          tr("&Replace Credential…"),
          IconName::Credential,
          &RegistriesPage::askForCredential))
    , m_remove(addCredentialAction(
          u"removeCredentialAction"_s,
          tr("Re&move Credential…"),
          IconName::Delete,
          &RegistriesPage::askToRemoveCredential))
    , m_import(addCredentialAction(
          u"importLoginAction"_s,
          tr("&Import Docker Login…"),
          IconName::Pull,
          &RegistriesPage::askToImport))
    , m_forget(addSelectionAction(
          u"forgetRegistryAction"_s,
          tr("&Forget Registry…"),
          IconName::Delete,
          QKeySequence::Delete))
{
    connect(m_add, &QAction::triggered, this, &RegistriesPage::askForRegistry);
    connect(m_change, &QAction::triggered, this, &RegistriesPage::askForChange);
    connect(m_test, &QAction::triggered, this, &RegistriesPage::test);
    connect(m_forget, &QAction::triggered, this, &RegistriesPage::askToForget);
}

QAction *RegistriesPage::addCredentialAction(
    const QString &name,
    const QString &text,
    IconName iconName,
    ConsoleDialog *(RegistriesPage::*ask)())
{
    QAction *action = m_credentialMenu->addAction(icon(iconName), text);
    action->setObjectName(name);
    connect(action, &QAction::triggered, this, ask);
    return action;
}

QList<Registry> RegistriesPage::selected() const
{
    return selectedIn<Registry>(context().data.registries(), &RegistryName::trusted);
}

QStringList RegistriesPage::namespaces() const
{
    QStringList names;
    for (const SettingValue &value : context().data.settings().rows()) {
        if (!value.namespaceName.isEmpty())
            names.append(value.namespaceName.text());
    }
    names.removeDuplicates();
    return names;
}

void RegistriesPage::updateActions()
{
    const QList<Registry> registries = selected();
    const Availability one = forRegistry(registries);
    setAvailability(m_add, {});
    setAvailability(m_change, one);
    setAvailability(m_test, one);
    setAvailability(m_credential, one);
    setAvailability(m_replace, one);
    setAvailability(m_remove, forRemoveCredential(registries));
    setAvailability(m_import, one);
    setAvailability(m_forget, one);
}

Details RegistriesPage::detailsOf(const QString &id) const
{
    const Registry *registry = context().data.registries().find(RegistryName::trusted(id));
    return registry ? sandglass::detailsOf(*registry, context().useCases.clock.now()) : Details();
}

EmptyState RegistriesPage::emptyState() const
{
    return {
        IconName::Registry,
        tr("No registry yet"),
        tr("Snapshots are only on the engine that made them. In a registry they outlive it, and "
           "can be restored on any engine."),
        m_add};
}

TablePage::Banner RegistriesPage::banner() const
{
    QStringList names;
    for (const Registry &registry : context().data.registries().rows()) {
        if (isExposed(registry))
            names.append(registry.name.text());
    }
    if (names.isEmpty())
        return {};
    return {Tone::Caution, tr("Plain HTTP, not encrypted: %1.").arg(names.join(u", "_s))};
}

ConsoleDialog *RegistriesPage::askForRegistry()
{
    return openDialog(new RegistryDialog(context().data.registries().rows(), namespaces(), this));
}

ConsoleDialog *RegistriesPage::askForChange()
{
    const QList<Registry> registries = selected();
    if (!forRegistry(registries).isAvailable())
        return nullptr;
    return openDialog(new RegistryDialog(registries.first(), namespaces(), this));
}

ConsoleDialog *RegistriesPage::openDialog(RegistryDialog *dialog)
{
    connect(dialog, &RegistryDialog::testWanted, this, [this, dialog](int edition) {
        inBackground(
            context().pool,
            dialog,
            [use = context().useCases, request = dialog->request()] {
                return use.registries.test(request.registry, request.credential);
            },
            [dialog, edition](const Result<RegistryProbe> &probe) {
                dialog->showProbe(edition, probe);
            });
    });
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const PutRegistryRequest request = dialog->request();
        put(request,
            tr("Registry %1 was not saved.").arg(request.registry.name.text()),
            tr("Registry %1 is saved.").arg(request.registry.name.text()));
    });
    dialog->open();
    return dialog;
}

void RegistriesPage::put(
    const PutRegistryRequest &request, const QString &attempt, const QString &done)
{
    PutRegistryRequest asked = request;
    asked.caller = context().caller;
    run(
        attempt,
        [use = context().useCases, asked] { return use.registries.put(asked); },
        [this, done](const Done &) {
            Q_EMIT
            told(done);
        });
}

void RegistriesPage::test()
{
    const QList<Registry> registries = selected();
    if (!forRegistry(registries).isAvailable())
        return;
    const Registry &registry = registries.first();
    const QString name = registry.name.text();
    messages().showMessage(Tone::Active, tr("Testing %1…").arg(whereText(registry)));
    run(
        tr("Registry %1 was not tested.").arg(name),
        [use = context().useCases, registry] { return use.registries.test(registry, {}); },
        [this, name](const Result<RegistryProbe> &probe) {
            QStringList lines;
            for (const FactLine &fact : factsOf(probe))
                lines.append(fact.text);
            messages().showMessage(
                probe->isUsable() ? Tone::Positive : Tone::Negative,
                tr("Registry %1: %2").arg(name, summaryOf(probe)),
                lines.join(u'\n'));
        });
}

ConsoleDialog *RegistriesPage::askForCredential()
{
    const QList<Registry> registries = selected();
    if (!forRegistry(registries).isAvailable())
        return nullptr;
    auto *dialog = new ReplaceCredentialDialog(registries.first(), this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, registry = registries.first()] {
        put({registry, dialog->credential(), {}},
            tr("The credential of registry %1 was not replaced.").arg(registry.name.text()),
            tr("The credential of registry %1 is replaced.").arg(registry.name.text()));
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *RegistriesPage::askToRemoveCredential()
{
    const QList<Registry> registries = selected();
    if (!forRemoveCredential(registries).isAvailable())
        return nullptr;
    auto *dialog = new RemoveCredentialDialog(registries.first(), this);
    connect(dialog, &QDialog::accepted, this, [this, name = registries.first().name] {
        run(
            tr("The credential of registry %1 was not removed.").arg(name.text()),
            [use = context().useCases, caller = context().caller, name] {
                return use.registries.removeCredential(name, caller);
            },
            [this, name](const Done &) {
                Q_EMIT
                told(tr("The credential of registry %1 is removed.").arg(name.text()));
            });
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *RegistriesPage::askToImport()
{
    const QList<Registry> registries = selected();
    if (!forRegistry(registries).isAvailable())
        return nullptr;
    auto *dialog = new ImportLoginDialog(registries.first(), this);
    inBackground(
        context().pool,
        dialog,
        [use = context().useCases] { return use.registries.dockerLogins(); },
        [dialog](const Result<QList<ImportableLogin>> &logins) { dialog->showLogins(logins); });
    connect(dialog, &QDialog::accepted, this, [this, name = registries.first().name] {
        run(
            tr("Docker's login for registry %1 was not imported.").arg(name.text()),
            [use = context().useCases, caller = context().caller, name] {
                return use.registries.importDockerLogin(name, caller);
            },
            [this, name](const Done &) {
                Q_EMIT
                told(tr("Docker's login for registry %1 is in the keychain.").arg(name.text()));
            });
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *RegistriesPage::askToForget()
{
    const QList<Registry> registries = selected();
    if (!forRegistry(registries).isAvailable())
        return nullptr;
    const Registry &registry = registries.first();
    auto *dialog = new ForgetRegistryDialog(
        registry,
        snapshotsAt(registry, context().data.snapshots().rows()),
        unfinishedAt(registry, context().data.operations().rows()),
        this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name = registry.name] {
        run(
            tr("Registry %1 was not forgotten.").arg(name.text()),
            [use = context().useCases, caller = context().caller, name, leave = dialog->leave()] {
                return use.registries.remove(name, leave, caller);
            },
            [this, name](const Done &) {
                Q_EMIT
                told(tr("Registry %1 is forgotten.").arg(name.text()));
            });
    });
    dialog->open();
    return dialog;
}

} // namespace sandglass
