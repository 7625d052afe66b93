#include "ui/dialogs/rebuilddialog.h"

#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

RebuildDialog::RebuildDialog(
    const QStringList &answering, const QStringList &silent, QWidget *parent)
    : ConsoleDialog(u"rebuildDialog"_s, Deed::Harmless, parent)
{
    setWindowTitle(tr("Rebuild from Engines"));
    setHeading(
        IconName::Engine,
        tr("Rebuild the list from the engines?"),
        tr("Sandglass asks every engine for its containers and images and adds the sandboxes and "
           "snapshots that it does not know, after a database was lost for example. What it knows "
           "is not changed, and nothing on an engine is touched."));
    setVerb(tr("&Rebuild"), IconName::Refresh);

    QList<FactLine> facts;
    for (const QString &engine : answering)
        facts.append({StateMark::Good, tr("Engine %1 is asked.").arg(engine)});
    for (const QString &engine : silent)
        facts.append(
            {StateMark::Waiting,
             tr("Engine %1 is asked, but does not answer now: what is on it stays unknown.")
                 .arg(engine)});
    auto *list = new FactList(this);
    list->setObjectName(u"engineList"_s);
    list->setFacts(facts);
    body()->addWidget(list);
    if (facts.isEmpty())
        setHindrance(tr("No engine is known; add one first."));
}

} // namespace sandglass
