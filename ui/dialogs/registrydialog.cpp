#include "ui/dialogs/registrydialog.h"

#include "models/registrywords.h"
#include "services/core/errorsentence.h"
#include "ui/probewords.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int dialogWidth = 620;
constexpr int lastPosition = 999;

enum class Trust { System, OwnFile, Plain };

Registry newRegistry(const QList<Registry> &known)
{
    Registry registry;
    for (const Registry &each : known)
        registry.position = std::max(registry.position, each.position + 1);
    return registry;
}

/// Splits "a, b"; the names are not checked.
QStringList namesIn(const QString &text)
{
    QStringList names;
    const QStringList parts = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        if (const QString name = part.trimmed(); !name.isEmpty())
            names.append(name);
    }
    names.removeDuplicates();
    return names;
}

} // namespace

RegistryDialog::RegistryDialog(
    const QList<Registry> &known, const QStringList &namespaces, QWidget *parent)
    : RegistryDialog(newRegistry(known), true, known, namespaces, parent)
{ }

RegistryDialog::RegistryDialog(
    const Registry &changed, const QStringList &namespaces, QWidget *parent)
    : RegistryDialog(changed, false, {}, namespaces, parent)
{ }

RegistryDialog::RegistryDialog(
    const Registry &registry,
    bool isNew,
    const QList<Registry> &known,
    const QStringList &namespaces,
    QWidget *parent)
    : ConsoleDialog(
        isNew ? u"addRegistryDialog"_s : u"changeRegistryDialog"_s, Deed::Harmless, parent)
    , m_registry(registry)
    , m_isNew(isNew)
    , m_known(known)
    , m_name(new QLineEdit(this))
    , m_host(new QLineEdit(this))
    , m_repository(new QLineEdit(this))
    , m_trust(new QComboBox(this))
    , m_authorities(new QLineEdit(this))
    , m_authoritiesRow(makeAuthoritiesRow())
    , m_source(new QComboBox(this))
    , m_user(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_waits(
          new QCheckBox(tr("&Wait while the credentials cannot be had, instead of failing"), this))
    , m_namespaces(new QLineEdit(this))
    , m_position(new QSpinBox(this))
    , m_form(new QFormLayout)
    , m_test(new QPushButton(icon(IconName::Test), tr("T&est"), this))
    , m_exposed(new Callout(Tone::Negative, this))
    , m_probe(new FactList(this))
{
    if (isNew) {
        setWindowTitle(tr("Add Registry"));
        setHeading(
            IconName::Registry,
            tr("Add a registry"),
            tr("Snapshots are pushed there, and pulled from there to whatever engine needs them."));
        setVerb(tr("&Add registry"), IconName::Add);
    } else {
        setWindowTitle(tr("Change Registry"));
        setHeading(
            IconName::Registry,
            tr("Change registry “%1”").arg(registry.name.text()),
            tr("While snapshots are there, its host and repository stay as they are."));
        setVerb(tr("&Change registry"), IconName::Good);
    }
    makeFields(namespaces);
    layOut();
    fill();
    connectFields();
    edited();
    (isNew ? m_name : m_host)->setFocus();
    resize(dialogWidth, sizeHint().height());
}

void RegistryDialog::makeFields(const QStringList &namespaces)
{
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setPlaceholderText(tr("what you call it, for example hub"));
    m_host->setObjectName(u"hostEdit"_s);
    m_host->setPlaceholderText(tr("host or host:port, for example registry.example.com:5000"));
    m_repository->setObjectName(u"repositoryEdit"_s);
    m_repository->setPlaceholderText(tr("for example team/snapshots"));
    m_trust->setObjectName(u"trustCombo"_s);
    m_trust->addItem(tr("Certificates that the system trusts"), int(Trust::System));
    m_trust->addItem(tr("Certificates of a file of your own"), int(Trust::OwnFile));
    m_trust->addItem(tr("Plain HTTP, not encrypted"), int(Trust::Plain));
    m_source->setObjectName(u"sourceCombo"_s);
    for (const auto &[source, text] : {
             std::pair{CredentialSource::Anonymous, tr("None: it lets everybody in")},
             std::pair{CredentialSource::Keychain, tr("User and password, kept in the keychain")},
             std::pair{CredentialSource::DockerHelper, tr("Docker's credential helper")},
             std::pair{CredentialSource::ServiceCredential, tr("A credential of the service")},
         })
        m_source->addItem(text, int(source));
    m_user->setObjectName(u"userEdit"_s);
    m_password->setObjectName(u"passwordEdit"_s);
    m_password->setEchoMode(QLineEdit::Password);
    m_waits->setObjectName(u"waitsCheck"_s);
    m_namespaces->setObjectName(u"namespacesEdit"_s);
    m_namespaces->setPlaceholderText(
        tr("none, or names with commas between them, for example default, lab"));
    m_namespaces->setToolTip(
        tr("Each new snapshot of these namespaces is pushed there by itself. Known: %1")
            .arg(namespaces.join(u", "_s)));
    m_position->setObjectName(u"positionSpin"_s);
    m_position->setRange(0, lastPosition);
    m_position->setToolTip(
        tr("Images are pulled from the registry with the smallest number first"));
    m_test->setObjectName(u"testButton"_s);
    m_test->setAutoDefault(false);
    m_exposed->setObjectName(u"exposedCallout"_s);
    m_exposed->setText(exposedRegistryText());
    m_probe->setObjectName(u"probeResult"_s);
}

QWidget *RegistryDialog::makeAuthoritiesRow()
{
    auto *row = new QWidget(this);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    m_authorities->setObjectName(u"authoritiesEdit"_s);
    m_authorities->setAccessibleName(tr("File of certificates"));
    m_authorities->setPlaceholderText(u"/etc/ssl/registry-ca.pem"_s);
    auto *browse = new QPushButton(tr("&Browse…"), row);
    browse->setObjectName(u"browseButton"_s);
    browse->setAutoDefault(false);
    line->addWidget(m_authorities, 1);
    line->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &RegistryDialog::chooseAuthorities);
    return row;
}

void RegistryDialog::layOut()
{
    m_form->addRow(tr("&Name:"), m_name);
    m_form->addRow(tr("&Host:"), m_host);
    m_form->addRow(tr("&Repository:"), m_repository);
    m_form->addRow(tr("&Trust:"), m_trust);
    m_form->addRow(tr("&File:"), m_authoritiesRow);
    if (auto *label = qobject_cast<QLabel *>(m_form->labelForField(m_authoritiesRow)))
        label->setBuddy(m_authorities);
    m_form->addRow(tr("&Login:"), m_source);
    m_form->addRow(tr("&User:"), m_user);
    m_form->addRow(tr("&Password:"), m_password);
    m_form->addRow(QString(), m_waits);
    m_form->addRow(tr("Pushed fr&om:"), m_namespaces);
    m_form->addRow(tr("Pull or&der:"), m_position);
    m_form->setRowVisible(m_name, m_isNew);
    body()->addLayout(m_form);
    body()->addWidget(m_exposed);
    auto *row = new QHBoxLayout;
    row->addWidget(m_test);
    row->addStretch(1);
    body()->addLayout(row);
    body()->addWidget(m_probe);
}

void RegistryDialog::fill()
{
    m_name->setText(m_registry.name.text());
    m_host->setText(m_registry.host);
    m_repository->setText(m_registry.repository);
    const Trust trust = m_registry.insecure    ? Trust::Plain
        : m_registry.authoritiesFile.isEmpty() ? Trust::System
                                               : Trust::OwnFile;
    m_trust->setCurrentIndex(m_trust->findData(int(trust)));
    m_authorities->setText(m_registry.authoritiesFile);
    m_source->setCurrentIndex(m_source->findData(int(m_registry.credentialSource)));
    m_user->setText(m_registry.username);
    m_waits->setChecked(m_registry.waitsForCredentials);
    QStringList names;
    for (const NamespaceName &name : m_registry.namespaces)
        names.append(name.text());
    m_namespaces->setText(names.join(u", "_s));
    m_position->setValue(m_registry.position);
}

void RegistryDialog::connectFields()
{
    for (QLineEdit *edit :
         {m_name, m_host, m_repository, m_authorities, m_user, m_password, m_namespaces})
        connect(edit, &QLineEdit::textChanged, this, &RegistryDialog::edited);
    for (QComboBox *combo : {m_trust, m_source})
        connect(combo, &QComboBox::currentIndexChanged, this, &RegistryDialog::edited);
    connect(m_test, &QPushButton::clicked, this, &RegistryDialog::test);
}

void RegistryDialog::chooseAuthorities()
{
    auto *chooser = new QFileDialog(this, tr("Who May Vouch for the Registry"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setFileMode(QFileDialog::ExistingFile);
    chooser->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(chooser, &QFileDialog::fileSelected, m_authorities, &QLineEdit::setText);
    chooser->open();
}

CredentialSource RegistryDialog::source() const
{
    return CredentialSource(m_source->currentData().toInt());
}

bool RegistryDialog::hasPassword() const
{
    return !m_isNew && m_registry.credentialSource == CredentialSource::Keychain
        && m_registry.username == m_user->text() && m_registry.host == m_host->text().trimmed();
}

void RegistryDialog::edited()
{
    ++m_edition;
    const bool inKeychain = source() == CredentialSource::Keychain;
    m_form->setRowVisible(
        m_authoritiesRow, Trust(m_trust->currentData().toInt()) == Trust::OwnFile);
    m_form->setRowVisible(m_user, inKeychain);
    m_form->setRowVisible(m_password, inKeychain);
    m_form->setRowVisible(m_waits, source() != CredentialSource::Anonymous);
    m_password->setPlaceholderText(
        hasPassword() ? tr("stays as it is, unless you write a new one") : QString());
    m_exposed->setVisible(isExposed(request().registry));
    m_probe->setFacts({});
    const QString noTest = whyNoTest();
    m_test->setEnabled(noTest.isEmpty());
    m_test->setToolTip(noTest);
    setHindrance(whyNot());
}

void RegistryDialog::test()
{
    m_probe->setFacts({{StateMark::Working, tr("Testing %1…").arg(whereText(request().registry))}});
    m_test->setEnabled(false);
    beginPending();
    Q_EMIT
    testWanted(m_edition);
}

void RegistryDialog::showProbe(int edition, const Result<RegistryProbe> &probe)
{
    if (edition == m_edition) {
        m_test->setEnabled(true);
        m_probe->setFacts(factsOf(probe));
    }
    endPending();
}

QString RegistryDialog::whyNoTest() const
{
    const PutRegistryRequest wanted = request();
    if (wanted.registry.host.isEmpty())
        return tr("Write the host of the registry.");
    if (wanted.registry.repository.isEmpty())
        return tr("Write the repository that the snapshots go to.");
    const bool ownFile = Trust(m_trust->currentData().toInt()) == Trust::OwnFile;
    if (ownFile && wanted.registry.authoritiesFile.isEmpty())
        return tr("Write where the file of certificates is.");
    const bool inKeychain = source() == CredentialSource::Keychain;
    if (inKeychain && m_user->text().isEmpty())
        return tr("Write the user's name.");
    if (inKeychain && !wanted.credential && !hasPassword())
        return tr("Write the password of this user at this host.");
    if (const Done valid = validateRegistry(wanted.registry); !valid)
        return sentenceFor(valid.error()).whatHappened;
    return {};
}

QString RegistryDialog::whyNot() const
{
    const QString name = m_name->text().trimmed();
    if (name.isEmpty())
        return tr("Give the registry a name.");
    const auto parsed = RegistryName::parse(name);
    if (!parsed) {
        return tr("“%1” cannot be a name: use small letters, digits, “-”, “_” and “.”, the first a "
                  "letter or a digit.")
            .arg(name);
    }
    const bool isTaken =
        std::any_of(m_known.begin(), m_known.end(), [&parsed](const Registry &known) {
            return known.name == *parsed;
        });
    if (isTaken)
        return tr("There is already a registry “%1”.").arg(name);
    if (const QString noTest = whyNoTest(); !noTest.isEmpty())
        return noTest;
    for (const QString &each : namesIn(m_namespaces->text())) {
        if (!NamespaceName::parse(each))
            return tr("“%1” cannot be the name of a namespace.").arg(each);
    }
    return {};
}

PutRegistryRequest RegistryDialog::request() const
{
    PutRegistryRequest request{m_registry, {}, {}};
    Registry &registry = request.registry;
    const auto trust = Trust(m_trust->currentData().toInt());
    registry.name = RegistryName::trusted(m_name->text().trimmed());
    registry.host = m_host->text().trimmed();
    registry.repository = m_repository->text().trimmed();
    registry.insecure = trust == Trust::Plain;
    registry.authoritiesFile =
        trust == Trust::OwnFile ? m_authorities->text().trimmed() : QString();
    registry.credentialSource = source();
    registry.username = source() == CredentialSource::Keychain ? m_user->text() : QString();
    registry.waitsForCredentials = m_waits->isChecked();
    registry.namespaces.clear();
    for (const QString &name : namesIn(m_namespaces->text()))
        registry.namespaces.append(NamespaceName::trusted(name));
    registry.position = m_position->value();
    if (source() == CredentialSource::Keychain && !m_password->text().isEmpty())
        request.credential = Credential{m_user->text(), Secret(m_password->text().toUtf8()), {}};
    return request;
}

} // namespace sandglass
