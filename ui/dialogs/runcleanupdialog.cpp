#include "ui/dialogs/runcleanupdialog.h"

#include "models/cleanupwords.h"
#include "models/valuewords.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int visibleVictims = 8;
constexpr int runCleanupWidth = 760;

} // namespace

RunCleanupDialog::RunCleanupDialog(const CleanupPlan &plan, QWidget *parent)
    : ConsoleDialog(u"runCleanupDialog"_s, Deed::Destructive, parent)
{
    setWindowTitle(tr("Run Cleanup"));
    setHeading(
        IconName::Cleanup,
        plan.deletions == 1 ? tr("Delete the expired snapshot?")
                            : tr("Delete %n expired snapshots?", nullptr, int(plan.deletions)),
        tr("Exactly these go, from every place where they are; %1 are freed on engines. Each is "
           "looked at once more right before, and stays if something changed.")
            .arg(sizeText(plan.bytes)));
    setVerb(
        plan.deletions == 1 ? tr("&Delete snapshot")
                            : tr("&Delete %n snapshots", nullptr, int(plan.deletions)),
        IconName::Delete);
    addVictims(plan);
    if (!plan.question.isEmpty()) {
        auto *question = new Callout(Tone::Caution, this);
        question->setObjectName(u"questionCallout"_s);
        question->setText(tr("This is asked first: %1.").arg(plan.question));
        body()->addWidget(question);
        m_confirm = new QCheckBox(tr("Delete them &all the same"), this);
        m_confirm->setObjectName(u"confirmCheck"_s);
        connect(m_confirm, &QCheckBox::toggled, this, &RunCleanupDialog::update);
        body()->addWidget(m_confirm);
    }
    update();
    resize(runCleanupWidth, sizeHint().height());
}

void RunCleanupDialog::addVictims(const CleanupPlan &plan)
{
    auto *list = new QTreeWidget(this);
    list->setObjectName(u"victimList"_s);
    list->setAccessibleName(tr("Snapshots that will be deleted"));
    list->setHeaderLabels({tr("Snapshot"), tr("Namespace"), tr("Freed"), tr("Why")});
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    QList<QTreeWidgetItem *> items;
    for (qsizetype i = 0; i < plan.deletions; ++i) {
        const CleanupEntry &entry = plan.entries.at(i);
        items.append(new QTreeWidgetItem(
            {entry.snapshot.text(),
             entry.namespaceName.text(),
             sizeText(entry.bytes),
             reasonText(entry.reason)}));
        items.last()->setToolTip(3, reasonText(entry.reason));
    }
    list->addTopLevelItems(items);
    for (int column = 0; column < list->columnCount(); ++column)
        list->resizeColumnToContents(column);
    const int lines = std::min(int(plan.deletions), visibleVictims);
    list->setFixedHeight(
        list->header()->sizeHint().height() + (lines + 1) * (list->sizeHintForRow(0) + 1)
        + 2 * list->frameWidth());
    body()->addWidget(list);
}

void RunCleanupDialog::update()
{
    setHindrance(
        m_confirm && !m_confirm->isChecked() ? tr("Say that you want it all the same.")
                                             : QString());
}

} // namespace sandglass
