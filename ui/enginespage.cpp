#include "ui/enginespage.h"

#include "services/domain/enginewarnings.h"
#include "services/usecases/dockerfolder.h"
#include "ui/dialogs/addenginedialog.h"
#include "ui/dialogs/changeenginedialog.h"
#include "ui/dialogs/forgetenginedialog.h"
#include "ui/sandboxespage.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
using EngineColumn = EngineTableModel::Column;
} // namespace

EnginesPage::EnginesPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"enginesPage"_s,
            .title = tr("Engines"),
            .icon = IconName::Engine,
            .model = context.data.engines(),
            .stateColumn = int(EngineColumn::State),
            .sortColumn = int(EngineColumn::Name),
            .widths = {16, 42, 36, 20, 8, 16, 16, 32},
            .states =
                {{tr("Connected"), StateMark::Good},
                 {tr("Connecting"), StateMark::Working},
                 {tr("Reconnecting"), StateMark::Failed},
                 {tr("Unsupported version"), StateMark::Warning}}},
        parent)
    , m_add(addWindowAction(u"addEngineAction"_s, tr("&Add Engine…"), IconName::Add))
    , m_change(
          addSelectionAction(u"changeEngineAction"_s, tr("&Change Address…"), IconName::Engine))
    , m_forget(addSelectionAction(
          u"forgetEngineAction"_s, tr("&Forget Engine…"), IconName::Delete, QKeySequence::Delete))
{
    connect(m_add, &QAction::triggered, this, &EnginesPage::askForEngine);
    connect(m_change, &QAction::triggered, this, &EnginesPage::askForAddress);
    connect(m_forget, &QAction::triggered, this, &EnginesPage::askToForget);
}

QList<Engine> EnginesPage::selected() const
{
    return selectedIn<Engine>(context().data.engines(), &EngineName::trusted);
}

void EnginesPage::updateActions()
{
    setAvailability(m_add, {});
    setAvailability(m_change, forChange(selected()));
    setAvailability(m_forget, forForget(selected()));
}

Details EnginesPage::detailsOf(const QString &id) const
{
    const Engine *engine = context().data.engines().find(EngineName::trusted(id));
    return engine ? sandglass::detailsOf(*engine, context().useCases.clock.now()) : Details();
}

EmptyState EnginesPage::emptyState() const
{
    return {
        IconName::Engine,
        tr("No engine yet"),
        engineHelp({}, context().useCases.clock.now()),
        m_add};
}

TablePage::Banner EnginesPage::banner() const
{
    QStringList warnings;
    for (const Engine &engine : context().data.engines().rows()) {
        for (const QString &warning : warningsFor(engine))
            warnings.append(u"%1: %2"_s.arg(engine.name.text(), warning));
    }
    return {Tone::Negative, warnings.join(u'\n')};
}

ConsoleDialog *EnginesPage::askForEngine()
{
    const PageContext &context = this->context();
    QList<EngineName> known;
    for (const Engine &engine : context.data.engines().rows())
        known.append(engine.name);
    auto *dialog = new AddEngineDialog(known, this);
    answerProbes(*dialog);
    inBackground(
        context.pool,
        dialog,
        [] { return importableEngines(); },
        [dialog](const QList<ImportableEngine> &engines) { dialog->showImportable(engines); });
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const EngineRequest request = dialog->request();
        run(
            tr("The engine was not added."),
            [use = this->context().useCases, caller = this->context().caller, request] {
                return use.engines.add(request.name, request.address, caller);
            },
            [this, request](const Done &) {
                Q_EMIT
                told(tr("Engine %1 is added.").arg(request.name.text()));
            });
    });
    dialog->open();
    return dialog;
}

ConsoleDialog *EnginesPage::askForAddress()
{
    const QList<Engine> engines = selected();
    if (!forChange(engines).isAvailable())
        return nullptr;
    auto *dialog = new ChangeEngineDialog(engines.first(), this);
    answerProbes(*dialog);
    connect(dialog, &QDialog::accepted, this, [this, dialog, name = engines.first().name] {
        run(
            tr("The address of engine %1 was not changed.").arg(name.text()),
            [use = context().useCases,
             caller = context().caller,
             name,
             address = dialog->request()] { return use.engines.change(name, address, caller); },
            [this, name](const Done &) {
                Q_EMIT
                told(tr("Engine %1 is connected to anew.").arg(name.text()));
            });
    });
    dialog->open();
    return dialog;
}

void EnginesPage::answerProbes(EngineDialog &dialog)
{
    connect(
        &dialog,
        &EngineDialog::probeWanted,
        this,
        [this, dialog = &dialog](const EngineAddress &address) {
            inBackground(
                context().pool,
                dialog,
                [use = context().useCases, address] { return use.engines.probe(address); },
                [dialog, address](const Result<Engine> &engine) {
                    dialog->showProbe(address, engine);
                });
        });
}

void EnginesPage::askToForget()
{
    const QList<Engine> engines = selected();
    if (!forForget(engines).isAvailable())
        return;
    auto *dialog = new ForgetEngineDialog(engines.first(), this);
    connect(dialog, &QDialog::accepted, this, [this, name = engines.first().name] {
        run(
            tr("Engine %1 was not forgotten.").arg(name.text()),
            [use = context().useCases, caller = context().caller, name] {
                return use.engines.remove(name, caller);
            },
            [this, name](const Done &) {
                Q_EMIT
                told(tr("Engine %1 is forgotten.").arg(name.text()));
            });
    });
    dialog->open();
}

} // namespace sandglass
