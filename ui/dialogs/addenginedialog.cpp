#include "ui/dialogs/addenginedialog.h"

#include "services/core/errorsentence.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

AddEngineDialog::AddEngineDialog(const QList<EngineName> &known, QWidget *parent)
    : EngineDialog(u"addEngineDialog"_s, parent)
    , m_known(known)
    , m_import(new QComboBox(this))
    , m_unusable(new FactList(this))
    , m_name(new QLineEdit(this))
{
    setWindowTitle(tr("Add Engine"));
    setHeading(
        IconName::Engine,
        tr("Add an engine"),
        tr("Sandglass talks to any engine that speaks the Docker Engine API, here or elsewhere."));
    setVerb(tr("&Add engine"), IconName::Add);

    m_import->setObjectName(u"importCombo"_s);
    m_import->addItem(tr("nothing; asking Docker's client…"));
    m_import->setEnabled(false);
    m_import->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setPlaceholderText(tr("what you call it, for example lab"));
    m_unusable->setObjectName(u"unusableList"_s);
    auto *importable = new QVBoxLayout;
    importable->setSpacing(4);
    importable->addWidget(m_import);
    importable->addWidget(m_unusable);
    auto *importLabel = new QLabel(tr("Take over &from Docker:"), this);
    importLabel->setBuddy(m_import);
    form()->insertRow(0, importLabel, importable);
    form()->insertRow(1, tr("&Name:"), m_name);
    setTabOrder(m_import, m_name);

    connect(m_import, &QComboBox::activated, this, &AddEngineDialog::takeOver);
    connect(m_name, &QLineEdit::textChanged, this, &AddEngineDialog::validate);
    beginPending();
    m_name->setFocus();
    setAddress(EngineAddress{EngineAddress::Scheme::Unix, u"/var/run/docker.sock"_s, {}});
}

void AddEngineDialog::showImportable(const QList<ImportableEngine> &engines)
{
    m_import->clear();
    m_importable.clear();
    m_import->addItem(
        engines.isEmpty() ? tr("nothing; Docker's client knows no other engine") : tr("nothing"));
    QList<FactLine> unusable;
    for (const ImportableEngine &each : engines) {
        if (!each.engine) {
            unusable.append(
                {StateMark::Note,
                 tr("%1: %2").arg(each.source, sentenceFor(each.engine.error()).whatHappened)});
            continue;
        }
        m_importable.append(*each.engine);
        m_import->addItem(
            each.source == "DOCKER_HOST"_L1
                ? tr("DOCKER_HOST: %1").arg(each.engine->address.text())
                : tr("context %1: %2").arg(each.engine->name, each.engine->address.text()));
        m_import->setItemData(m_import->count() - 1, each.source, Qt::ToolTipRole);
    }
    m_import->setEnabled(!m_importable.isEmpty());
    m_unusable->setFacts(unusable);
    endPending();
}

void AddEngineDialog::takeOver(int index)
{
    if (index < 1 || index > m_importable.size())
        return;
    const DockerEngine &engine = m_importable.at(index - 1);
    const QString name = m_name->text().trimmed();
    if (name.isEmpty() || name == m_takenName) {
        m_takenName = engine.name.toLower(); // contexts may have capitals, engines not
        m_name->setText(m_takenName);
    }
    setAddress(engine.address);
}

QString AddEngineDialog::whyNot() const
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return tr("Give the engine a name.");
    const auto parsed = EngineName::parse(name);
    if (!parsed) {
        return tr("“%1” cannot be a name: use small letters, digits, “-”, “_” and “.”, the first a "
                  "letter or a digit.")
            .arg(name);
    }
    if (m_known.contains(*parsed))
        return tr("There is already an engine “%1”.").arg(name);
    if (const auto where = address(); !where)
        return sentenceFor(where.error()).whatHappened;
    return {};
}

EngineRequest AddEngineDialog::request() const
{
    return {EngineName::trusted(m_name->text().trimmed()), address().value_or(EngineAddress())};
}

} // namespace sandglass
