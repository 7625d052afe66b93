#include "ui/dialogs/newsandboxdialog.h"

#include "services/core/errorsentence.h"
#include "services/domain/imagereference.h"
#include "ui/dialogs/enginecombo.h"
#include "ui/durationedit.h"

#include <QComboBox>
#include <QCompleter>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QSpinBox>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestName = 128;
constexpr double mostCpus = 1024;
constexpr int mostMegabytes = 16 * 1024 * 1024;

QComboBox *editableCombo(const QString &name, QWidget *parent)
{
    auto *combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    return combo;
}

} // namespace

NewSandboxDialog::NewSandboxDialog(
    const QList<Engine> &engines, const QStringList &namespaces, QWidget *parent)
    : ConsoleDialog(u"newSandboxDialog"_s, Deed::Harmless, parent)
    , m_engines(engines)
    , m_engine(engineCombo(engines, this))
    , m_image(editableCombo(u"imageCombo"_s, this))
    , m_imageHint(paragraph(u"imageHint"_s, this))
    , m_name(new QLineEdit(this))
    , m_command(new QLineEdit(this))
    , m_cpus(new QDoubleSpinBox(this))
    , m_memory(new QSpinBox(this))
    , m_network(editableCombo(u"networkCombo"_s, this))
    , m_timeout(new DurationEdit(
          tr("Terminate after"), {0, 3'600, 86'400, 604'800}, 0, tr("never"), this))
    , m_namespace(editableCombo(u"namespaceCombo"_s, this))
{
    setWindowTitle(tr("New Sandbox"));
    setHeading(
        IconName::Sandbox,
        tr("Create a sandbox"),
        tr("A container is made from an image and started. Everything but engine and image may "
           "stay as it is."));
    setVerb(tr("&Create sandbox"), IconName::Add);

    m_image->lineEdit()->setPlaceholderText(tr("for example busybox:latest"));
    m_image->completer()->setFilterMode(Qt::MatchContains);
    m_image->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_imageHint->setForegroundRole(QPalette::PlaceholderText);
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setMaxLength(longestName);
    m_name->setPlaceholderText(tr("what you call it; may stay empty"));
    m_command->setObjectName(u"commandEdit"_s);
    m_command->setPlaceholderText(tr("the image's own"));
    m_command->setToolTip(
        tr("Program and arguments; put double quotes around an argument with blanks."));
    m_cpus->setObjectName(u"cpusSpin"_s);
    m_cpus->setRange(0, mostCpus);
    m_cpus->setSingleStep(0.5);
    m_cpus->setSpecialValueText(tr("no limit"));
    m_memory->setObjectName(u"memorySpin"_s);
    m_memory->setRange(0, mostMegabytes);
    m_memory->setSingleStep(256);
    m_memory->setSuffix(tr(" MiB"));
    m_memory->setSpecialValueText(tr("no limit"));
    m_network->addItems({u"bridge"_s, u"host"_s, u"none"_s});
    m_network->setCurrentIndex(-1);
    m_network->lineEdit()->setPlaceholderText(tr("the engine's default"));
    m_namespace->addItems(namespaces);

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Engine:"), m_engine);
    auto *image = new QVBoxLayout;
    image->setSpacing(4);
    image->addWidget(m_image);
    image->addWidget(m_imageHint);
    auto *imageLabel = new QLabel(tr("&Image:"), this);
    imageLabel->setBuddy(m_image);
    form->addRow(imageLabel, image);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("C&ommand:"), m_command);
    form->addRow(tr("C&PUs:"), m_cpus);
    form->addRow(tr("&Memory:"), m_memory);
    form->addRow(tr("Net&work:"), m_network);
    form->addRow(tr("&Terminate after:"), m_timeout);
    form->addRow(tr("Name&space:"), m_namespace);
    for (QComboBox *wide : {m_engine, m_image, m_network, m_namespace})
        wide->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    body()->addLayout(form);

    connect(m_engine, &QComboBox::currentIndexChanged, this, &NewSandboxDialog::askForImages);
    for (QComboBox *edited : {m_image, m_network, m_namespace})
        connect(edited, &QComboBox::editTextChanged, this, &NewSandboxDialog::validate);
    connect(m_command, &QLineEdit::textChanged, this, &NewSandboxDialog::validate);
    m_image->setFocus();
    validate();
}

void NewSandboxDialog::start()
{
    askForImages();
}

void NewSandboxDialog::askForImages()
{
    if (m_engine->currentIndex() >= 0) {
        m_imageHint->setText(tr("Asking engine %1 for its images…").arg(chosenEngine().text()));
        beginPending();
        Q_EMIT
        imagesWanted(chosenEngine());
    }
    validate();
}

void NewSandboxDialog::showImages(const EngineName &engine, const Result<QStringList> &images)
{
    if (engine == chosenEngine()) {
        const QString typed = m_image->currentText();
        m_image->clear();
        if (images) {
            m_image->addItems(*images);
            m_imageHint->setText(
                images->isEmpty() ? tr("That engine has no images yet.")
                    : images->size() == 1
                    ? tr("One image is there.")
                    : tr("%n images are there.", nullptr, int(images->size())));
        } else {
            m_imageHint->setText(
                tr("Its images could not be listed. %1").arg(sentenceFor(images.error()).text()));
        }
        m_image->setCurrentIndex(-1);
        m_image->setEditText(
            typed.isEmpty() && images && images->size() == 1 ? images->first() : typed);
    }
    validate();
    endPending();
}

EngineName NewSandboxDialog::chosenEngine() const
{
    return m_engine->currentIndex() < 0 ? EngineName()
                                        : m_engines.at(m_engine->currentIndex()).name;
}

QString NewSandboxDialog::whyNot() const
{
    if (m_engine->currentIndex() < 0)
        return tr("There is no engine yet; add one first.");
    if (m_engines.at(m_engine->currentIndex()).state != EngineState::Connected)
        return tr("Engine %1 is not connected.").arg(chosenEngine().text());
    const QString image = m_image->currentText().trimmed();
    if (image.isEmpty())
        return tr("Choose or type an image.");
    if (const auto valid = validateImageReference(image); !valid)
        return tr("“%1” is not an image reference. Write it as name, name:tag or host/name:tag.")
            .arg(image);
    if (m_command->text().count(u'"') % 2 == 1)
        return tr("A double quote in the command is not closed.");
    if (const auto name = NamespaceName::parse(m_namespace->currentText().trimmed()); !name)
        return tr("A namespace is written in small letters, digits, “-”, “_” and “.”.");
    return {};
}

void NewSandboxDialog::validate()
{
    setHindrance(whyNot());
}

CreateSandboxRequest NewSandboxDialog::request() const
{
    CreateSandboxRequest request;
    request.namespaceName = NamespaceName::trusted(m_namespace->currentText().trimmed());
    request.displayName = m_name->text().trimmed();
    request.image = m_image->currentText().trimmed();
    if (const QStringList command = QProcess::splitCommand(m_command->text()); !command.isEmpty())
        request.entrypoint = command;
    if (m_cpus->value() > 0)
        request.cpus = m_cpus->value();
    if (m_memory->value() > 0)
        request.memoryMegabytes = m_memory->value();
    request.timeoutSeconds = m_timeout->seconds();
    request.networkMode = m_network->currentText().trimmed();
    request.engine = chosenEngine();
    return request;
}

} // namespace sandglass
