#include "ui/dialogs/terminatesandboxdialog.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "ui/dialogs/letgodialog.h"

#include <QRadioButton>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

TerminateSandboxDialog::TerminateSandboxDialog(
    const Sandbox &sandbox, int snapshots, bool engineAnswers, QWidget *parent)
    : ConsoleDialog(u"terminateSandboxDialog"_s, Deed::Destructive, parent)
    , m_sandbox(sandbox)
    , m_snapshots(snapshots)
    , m_engineAnswers(engineAnswers)
    , m_consequences(new FactList(this))
{
    setWindowTitle(tr("Terminate Sandbox"));
    const bool isAdopted = sandbox.origin == SandboxOrigin::Adopted;
    setHeading(
        IconName::Terminate,
        tr("Terminate sandbox “%1”?").arg(nameText(sandbox)),
        isAdopted ? tr("It was adopted: somebody else made its container on engine %1, and may "
                       "still need it.")
                        .arg(sandbox.engine.text())
                  : tr("Its container on engine %1 is stopped and removed, with every file that "
                       "is in no snapshot.")
                        .arg(sandbox.engine.text()));
    m_consequences->setObjectName(u"consequenceList"_s);
    if (isAdopted)
        body()->addWidget(makeChoice());
    body()->addWidget(m_consequences);
    describe();
}

QWidget *TerminateSandboxDialog::makeChoice()
{
    auto *choice = new QWidget(this);
    auto *lines = new QVBoxLayout(choice);
    lines->setContentsMargins(0, 0, 0, 0);
    m_letGo = new QRadioButton(tr("&Let it go: the container stays as it is"), choice);
    m_letGo->setObjectName(u"letGoRadio"_s);
    m_letGo->setChecked(true);
    m_remove = new QRadioButton(
        tr("&Remove the container, with every file that is in no snapshot"), choice);
    m_remove->setObjectName(u"removeRadio"_s);
    lines->addWidget(m_letGo);
    lines->addWidget(m_remove);
    connect(m_remove, &QRadioButton::toggled, this, &TerminateSandboxDialog::describe);
    return choice;
}

SandboxEnd TerminateSandboxDialog::request() const
{
    if (!m_remove)
        return SandboxEnd::Terminate;
    return m_remove->isChecked() ? SandboxEnd::RemoveAdopted : SandboxEnd::LetGo;
}

void TerminateSandboxDialog::describe()
{
    switch (request()) {
    case SandboxEnd::Terminate:
        setVerb(tr("&Terminate sandbox"), IconName::Terminate);
        break;
    case SandboxEnd::LetGo:
        setVerb(tr("Let &go"), IconName::LetGo);
        break;
    case SandboxEnd::RemoveAdopted:
        setVerb(tr("Re&move container"), IconName::Terminate);
        break;
    }
    m_consequences->setFacts(
        request() == SandboxEnd::LetGo ? letGoConsequences(m_sandbox, m_snapshots)
                                       : consequences());
}

QList<FactLine> TerminateSandboxDialog::consequences() const
{
    QList<FactLine> facts;
    for (const Mount &mount : m_sandbox.config.mounts()) {
        if (mount.kind == Mount::Kind::AnonymousVolume)
            facts.append(
                {StateMark::Failed,
                 tr("Its anonymous volume at %1 is removed.").arg(mount.target)});
        else if (mount.kind == Mount::Kind::Volume)
            facts.append({StateMark::Good, tr("Volume %1 stays.").arg(mount.source)});
    }
    if (m_snapshots == 0)
        facts.append(
            {StateMark::Warning, tr("It has no snapshot: nothing of it can be restored.")});
    else if (m_snapshots == 1)
        facts.append({StateMark::Good, tr("Its one snapshot stays.")});
    else
        facts.append({StateMark::Good, tr("Its %n snapshots stay.", nullptr, m_snapshots)});
    if (!m_engineAnswers) {
        facts.append(
            {StateMark::Waiting,
             tr("Engine %1 does not answer: it is terminated as soon as it does.")
                 .arg(m_sandbox.engine.text())});
    }
    return facts;
}

} // namespace sandglass
