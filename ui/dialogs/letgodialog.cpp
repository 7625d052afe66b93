#include "ui/dialogs/letgodialog.h"

#include "models/statewords.h"

#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

LetGoDialog::LetGoDialog(const Sandbox &sandbox, int snapshots, QWidget *parent)
    : ConsoleDialog(u"letGoDialog"_s, Deed::Harmless, parent)
{
    setWindowTitle(tr("Let Go"));
    setHeading(
        IconName::LetGo,
        tr("Let go of sandbox “%1”?").arg(nameText(sandbox)),
        tr("Sandglass no longer looks after it. Its container can be adopted again."));
    setVerb(tr("&Let go"), IconName::LetGo);

    auto *list = new FactList(this);
    list->setObjectName(u"consequenceList"_s);
    list->setFacts(letGoConsequences(sandbox, snapshots));
    body()->addWidget(list);
}

QList<FactLine> letGoConsequences(const Sandbox &sandbox, int snapshots)
{
    const FactLine container{
        StateMark::Good,
        LetGoDialog::tr("Its container on engine %1 stays as it is, with all that it holds.")
            .arg(sandbox.engine.text())};
    if (snapshots == 0)
        return {container};
    return {
        container,
        {StateMark::Good,
         snapshots == 1 ? LetGoDialog::tr("Its one snapshot stays.")
                        : LetGoDialog::tr("Its %n snapshots stay.", nullptr, snapshots)}};
}

} // namespace sandglass
