#include "ui/dialogs/forgetenginedialog.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

ForgetEngineDialog::ForgetEngineDialog(const Engine &engine, QWidget *parent)
    : ConsoleDialog(u"forgetEngineDialog"_s, Deed::Destructive, parent)
{
    setWindowTitle(tr("Forget Engine"));
    setHeading(
        IconName::Engine,
        tr("Forget engine “%1”?").arg(engine.name.text()),
        tr("Sandglass no longer connects to %1. Nothing on the engine itself is touched. This is "
           "refused while "
           "sandboxes or snapshots are on it.")
            .arg(engine.address));
    setVerb(tr("&Forget engine"), IconName::Delete);
}

} // namespace sandglass
