#include "ui/dialogs/changeenginedialog.h"

#include "services/core/errorsentence.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

ChangeEngineDialog::ChangeEngineDialog(const Engine &present, QWidget *parent)
    : EngineDialog(u"changeEngineDialog"_s, parent)
    , m_present(present)
{
    setWindowTitle(tr("Change Engine"));
    setHeading(
        IconName::Engine,
        tr("Change the address of engine “%1”").arg(present.name.text()),
        tr("Sandglass connects anew. It has to be the same engine by another way: the sandboxes "
           "and snapshots that are known to be on it are looked for there."));
    setVerb(tr("Change &address"), IconName::Good);
    setAddress(present.parsedAddress().value_or(EngineAddress()));
}

QString ChangeEngineDialog::whyNot() const
{
    const auto wanted = address();
    if (!wanted)
        return sentenceFor(wanted.error()).whatHappened;
    const auto present = m_present.parsedAddress();
    if (present && *present == *wanted)
        return tr("That is its address already.");
    return {};
}

EngineAddress ChangeEngineDialog::request() const
{
    return address().value_or(EngineAddress());
}

} // namespace sandglass
