#include "ui/dialogs/adoptcontainerdialog.h"

#include "models/valuewords.h"
#include "services/core/errorsentence.h"
#include "ui/dialogs/enginecombo.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestAdoptedName = 128;
constexpr int shownRows = 7;

enum Column { NameColumn, MakerColumn, StateColumn, ImageColumn, CreatedColumn };

QString makerText(ContainerMaker maker)
{
    return maker == ContainerMaker::Indexify ? AdoptContainerDialog::tr("Indexify sandbox")
                                             : AdoptContainerDialog::tr("somebody else");
}

/// By the engine's word for it.
StateMark markOfState(const QString &state)
{
    if (state == "running"_L1)
        return StateMark::Good;
    if (state == "paused"_L1)
        return StateMark::Paused;
    if (state == "restarting"_L1)
        return StateMark::Working;
    return StateMark::Stopped;
}

/// What is left to say beside the list: how many are in it, and why others are not.
QString countText(qsizetype offered, qsizetype known)
{
    QStringList parts;
    if (offered == 0)
        parts.append(AdoptContainerDialog::tr("No container there can be adopted."));
    else if (offered == 1)
        parts.append(AdoptContainerDialog::tr("One container there can be adopted."));
    else
        parts.append(
            AdoptContainerDialog::tr("%n containers there can be adopted.", nullptr, int(offered)));
    if (known == 1)
        parts.append(AdoptContainerDialog::tr("One more is a sandbox already, or is going."));
    else if (known > 1)
        parts.append(AdoptContainerDialog::tr(
            "%n more are sandboxes already, or are going.", nullptr, int(known)));
    return parts.join(u' ');
}

} // namespace

AdoptContainerDialog::AdoptContainerDialog(
    const QList<Engine> &engines, const QStringList &namespaces, QWidget *parent)
    : ConsoleDialog(u"adoptContainerDialog"_s, Deed::Harmless, parent)
    , m_engines(engines)
    , m_engine(engineCombo(engines, this))
    , m_list(new QTreeWidget(this))
    , m_hint(paragraph(u"containerHint"_s, this))
    , m_name(new QLineEdit(this))
    , m_namespace(new QComboBox(this))
    , m_secrets(new QLineEdit(this))
{
    setWindowTitle(tr("Adopt Container"));
    setHeading(
        IconName::Adopt,
        tr("Adopt a container"),
        tr("A container that somebody else made becomes a sandbox: it can be snapshotted, and the "
           "snapshots restored. Nothing of the container itself is changed, and it can be let go "
           "at any time."));
    setVerb(tr("&Adopt container"), IconName::Adopt);

    m_list->setObjectName(u"containerList"_s);
    m_list->setAccessibleName(tr("Containers that can be adopted"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_list->setAlternatingRowColors(true);
    m_list->setHeaderLabels(
        {tr("Container"), tr("Made by"), tr("State"), tr("Image"), tr("Created")});
    const int character = fontMetrics().averageCharWidth();
    for (const auto &[column, width] :
         {std::pair{NameColumn, 30}, {MakerColumn, 22}, {StateColumn, 14}, {ImageColumn, 22}})
        m_list->header()->resizeSection(column, width * character);
    const int row = fontMetrics().lineSpacing() + 6;
    m_list->setMinimumHeight((shownRows + 1) * row);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setMaxLength(longestAdoptedName);
    m_name->setPlaceholderText(tr("the container's name"));
    m_namespace->setObjectName(u"namespaceCombo"_s);
    m_namespace->setEditable(true);
    m_namespace->setInsertPolicy(QComboBox::NoInsert);
    m_namespace->addItems(namespaces);
    m_secrets->setObjectName(u"secretsEdit"_s);
    m_secrets->setPlaceholderText(tr("for example API_TOKEN, DB_PASSWORD; may stay empty"));
    m_secrets->setToolTip(tr(
        "Environment variables whose values are kept neither in the database nor in a snapshot"));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Engine:"), m_engine);
    auto *list = new QVBoxLayout;
    list->setSpacing(4);
    list->addWidget(m_list);
    list->addWidget(m_hint);
    auto *listLabel = new QLabel(tr("&Container:"), this);
    listLabel->setBuddy(m_list);
    listLabel->setAlignment(Qt::AlignTop);
    form->addRow(listLabel, list);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("Name&space:"), m_namespace);
    form->addRow(tr("Sec&ret variables:"), m_secrets);
    for (QComboBox *wide : {m_engine, m_namespace})
        wide->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    body()->addLayout(form);
    resize(132 * character, height());

    connect(
        m_engine, &QComboBox::currentIndexChanged, this, &AdoptContainerDialog::askForContainers);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &AdoptContainerDialog::validate);
    connect(m_list, &QTreeWidget::itemActivated, this, [this] {
        if (hindrance().isEmpty())
            accept();
    });
    connect(m_namespace, &QComboBox::editTextChanged, this, &AdoptContainerDialog::validate);
    connect(m_secrets, &QLineEdit::textChanged, this, &AdoptContainerDialog::validate);
    m_list->setFocus();
    validate();
}

void AdoptContainerDialog::start()
{
    askForContainers();
}

void AdoptContainerDialog::askForContainers()
{
    m_list->clear();
    if (m_engine->currentIndex() >= 0) {
        m_hint->setText(tr("Asking engine %1 for its containers…").arg(chosenEngine().text()));
        beginPending();
        Q_EMIT
        containersWanted(chosenEngine());
    }
    validate();
}

void AdoptContainerDialog::showContainers(
    const EngineName &engine, const Result<QList<EngineContainer>> &containers)
{
    if (engine == chosenEngine()) {
        if (containers) {
            fillList(*containers);
        } else {
            m_list->clear();
            m_hint->setText(tr("Its containers could not be listed. %1")
                                .arg(sentenceFor(containers.error()).text()));
        }
    }
    validate();
    endPending();
}

void AdoptContainerDialog::fillList(const QList<EngineContainer> &containers)
{
    m_list->clear();
    for (const EngineContainer &container : containers) {
        if (!container.isAdoptable())
            continue;
        auto *item = new QTreeWidgetItem(
            m_list,
            {container.name,
             makerText(container.maker),
             container.state,
             container.image,
             momentText(container.createdAt)});
        item->setData(NameColumn, Qt::UserRole, container.id);
        item->setToolTip(NameColumn, container.id);
        item->setToolTip(ImageColumn, container.image);
        item->setIcon(StateColumn, icon(markOfState(container.state)));
        if (container.maker == ContainerMaker::Indexify)
            item->setIcon(MakerColumn, icon(IconName::Sandbox, Tone::Active));
    }
    const qsizetype offered = m_list->topLevelItemCount();
    m_hint->setText(countText(offered, containers.size() - offered));
    if (offered > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
}

EngineName AdoptContainerDialog::chosenEngine() const
{
    return m_engine->currentIndex() < 0 ? EngineName()
                                        : m_engines.at(m_engine->currentIndex()).name;
}

QString AdoptContainerDialog::chosenContainer() const
{
    const QList<QTreeWidgetItem *> selected = m_list->selectedItems();
    return selected.isEmpty() ? QString()
                              : selected.first()->data(NameColumn, Qt::UserRole).toString();
}

QStringList AdoptContainerDialog::secretNames() const
{
    static const QRegularExpression separator(uR"([\s,]+)"_s);
    return m_secrets->text().split(separator, Qt::SkipEmptyParts);
}

QString AdoptContainerDialog::whyNot() const
{
    if (m_engine->currentIndex() < 0)
        return tr("There is no engine yet; add one first.");
    if (chosenContainer().isEmpty())
        return tr("Choose a container.");
    if (!NamespaceName::parse(m_namespace->currentText().trimmed()))
        return tr("A namespace is written in small letters, digits, “-”, “_” and “.”.");
    if (!checkSecretNames(secretNames()))
        return tr("Write the names of secret variables with letters, digits and “_”, and commas "
                  "between them.");
    return {};
}

void AdoptContainerDialog::validate()
{
    setHindrance(whyNot());
}

AdoptRequest AdoptContainerDialog::request() const
{
    AdoptRequest request;
    request.namespaceName = NamespaceName::trusted(m_namespace->currentText().trimmed());
    request.engine = chosenEngine();
    request.container = chosenContainer();
    request.displayName = m_name->text().trimmed();
    request.secretNames = secretNames();
    return request;
}

} // namespace sandglass
