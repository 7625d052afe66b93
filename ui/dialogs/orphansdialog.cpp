#include "ui/dialogs/orphansdialog.h"

#include "models/valuewords.h"
#include "services/core/errorsentence.h"

#include <QTreeWidget>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int orphansWidth = 820;
constexpr int orphansHeight = 420;

enum OrphanColumn { ImageColumn, EngineColumn, NamespaceColumn, SizeColumn, CreatedColumn };

} // namespace

OrphansDialog::OrphansDialog(QWidget *parent)
    : ConsoleDialog(u"orphansDialog"_s, Deed::Destructive, parent)
    , m_images(new QTreeWidget(this))
    , m_facts(new FactList(this))
{
    setWindowTitle(tr("Orphaned Images"));
    setHeading(
        IconName::Cleanup,
        tr("Images of snapshots that are not in the list"),
        tr("They have the names and labels of snapshots, but the database does not know them: it "
           "is newer than they are, or another one is theirs. “Rebuild from Engines” in the file "
           "menu adopts them. Here those that nobody needs can be deleted."));
    setVerb(tr("&Delete the checked images"), IconName::Delete);
    m_images->setObjectName(u"orphanList"_s);
    m_images->setAccessibleName(tr("Orphaned images"));
    m_images->setHeaderLabels(
        {tr("Image"), tr("Engine"), tr("Namespace"), tr("Size"), tr("Created")});
    m_images->setRootIsDecorated(false);
    m_images->setUniformRowHeights(true);
    m_facts->setObjectName(u"orphanFacts"_s);
    m_facts->setFacts({{StateMark::Working, tr("Asking the engines…")}});
    body()->addWidget(m_images, 1);
    body()->addWidget(m_facts);
    connect(m_images, &QTreeWidget::itemChanged, this, &OrphansDialog::update);
    beginPending();
    update();
    resize(orphansWidth, orphansHeight);
}

void OrphansDialog::showOrphans(const Result<QList<EngineOrphans>> &orphans)
{
    QList<FactLine> facts;
    if (!orphans)
        facts.append({StateMark::Failed, sentenceFor(orphans.error()).text()});
    for (const EngineOrphans &found : orphans.value_or(QList<EngineOrphans>())) {
        if (found.error) {
            facts.append(
                {StateMark::Warning,
                 tr("Engine %1 could not be asked: %2")
                     .arg(found.engine.text(), sentenceFor(*found.error).text())});
        }
        for (const OrphanedImage &image : found.images) {
            auto *row = new QTreeWidgetItem(
                m_images,
                {image.names.last(),
                 found.engine.text(),
                 image.namespaceName,
                 sizeText(image.sizeBytes),
                 momentText(image.createdAt)});
            row->setData(ImageColumn, Qt::UserRole, image.imageId);
            row->setTextAlignment(SizeColumn, Qt::AlignRight | Qt::AlignVCenter);
            row->setToolTip(ImageColumn, image.names.last());
            row->setCheckState(ImageColumn, Qt::Unchecked);
        }
    }
    if (facts.isEmpty() && m_images->topLevelItemCount() == 0)
        facts.append({StateMark::Good, tr("There is none.")});
    m_facts->setFacts(facts);
    for (int column = 0; column < m_images->columnCount(); ++column)
        m_images->resizeColumnToContents(column);
    endPending();
    update();
}

QList<OrphansDialog::Chosen> OrphansDialog::chosen() const
{
    QList<Chosen> chosen;
    for (int i = 0; i < m_images->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *row = m_images->topLevelItem(i);
        if (row->checkState(ImageColumn) == Qt::Checked) {
            chosen.append(
                {EngineName::trusted(row->text(EngineColumn)),
                 row->data(ImageColumn, Qt::UserRole).toString()});
        }
    }
    return chosen;
}

void OrphansDialog::update()
{
    if (!isSettled())
        setHindrance(tr("The engines have not answered yet."));
    else if (m_images->topLevelItemCount() == 0)
        setHindrance(tr("There is nothing to delete."));
    else if (chosen().isEmpty())
        setHindrance(tr("Check the images that shall go."));
    else
        setHindrance({});
}

} // namespace sandglass
