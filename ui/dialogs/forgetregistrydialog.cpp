#include "ui/dialogs/forgetregistrydialog.h"

#include "models/registrywords.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostNames = 8;

QString namesText(const QStringList &names)
{
    const QString text = names.mid(0, mostNames).join(u", "_s);
    if (names.size() <= mostNames)
        return text;
    return ForgetRegistryDialog::tr("%1 and %2 more").arg(text).arg(names.size() - mostNames);
}

} // namespace

ForgetRegistryDialog::ForgetRegistryDialog(
    const Registry &registry, const QStringList &snapshots, int unfinished, QWidget *parent)
    : ConsoleDialog(u"forgetRegistryDialog"_s, Deed::Destructive, parent)
{
    setWindowTitle(tr("Forget Registry"));
    setHeading(
        IconName::Registry,
        tr("Forget registry “%1”?").arg(registry.name.text()),
        tr("Sandglass no longer works with %1. Nothing at the registry itself is touched.")
            .arg(whereText(registry)));
    setVerb(tr("&Forget registry"), IconName::Delete);
    QList<FactLine> facts;
    const int count = int(snapshots.size());
    if (count > 0) {
        facts.append(
            {StateMark::Warning,
             count == 1
                 ? tr("One snapshot is there. It stays there, is not removed when it expires, and "
                      "cannot be restored from there.")
                 : tr(
                     "%n snapshots are there. They stay there, are not removed when they expire, "
                     "and cannot be restored from there.",
                     nullptr,
                     count)});
        facts.append({StateMark::Note, namesText(snapshots)});
    } else {
        facts.append({StateMark::Good, tr("No snapshot is there.")});
    }
    if (registry.credentialSource == CredentialSource::Keychain) {
        facts.append(
            {StateMark::Note,
             tr("The keychain forgets the password of user %1.").arg(registry.username)});
    }
    auto *list = new FactList(this);
    list->setObjectName(u"consequenceList"_s);
    list->setFacts(facts);
    body()->addWidget(list);
    if (count > 0) {
        m_leave = new QCheckBox(
            count == 1 ? tr("&Leave the snapshot there")
                       : tr("&Leave %n snapshots there", nullptr, count),
            this);
        m_leave->setObjectName(u"leaveCheck"_s);
        body()->addWidget(m_leave);
        connect(m_leave, &QCheckBox::toggled, this, [this, unfinished] { validate(unfinished); });
    }
    validate(unfinished);
}

void ForgetRegistryDialog::validate(int unfinished)
{
    if (unfinished > 0)
        setHindrance(tr("Operations still work with it; cancel them or wait for their end."));
    else if (m_leave && !m_leave->isChecked())
        setHindrance(tr("Say that the snapshots may stay there, or delete them first."));
    else
        setHindrance({});
}

LeaveSnapshots ForgetRegistryDialog::leave() const
{
    return m_leave && m_leave->isChecked() ? LeaveSnapshots::Yes : LeaveSnapshots::No;
}

} // namespace sandglass
