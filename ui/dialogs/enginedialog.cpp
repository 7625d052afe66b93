#include "ui/dialogs/enginedialog.h"

#include "services/core/errorsentence.h"
#include "services/domain/enginewarnings.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

EngineDialog::EngineDialog(const QString &objectName, QWidget *parent)
    : ConsoleDialog(objectName, Deed::Harmless, parent)
    , m_form(new QFormLayout)
    , m_address(new QLineEdit(this))
    , m_test(new QPushButton(icon(IconName::Test), tr("T&est"), this))
    , m_useTls(new QCheckBox(tr("&Use TLS"), this))
    , m_exposed(new Callout(Tone::Negative, this))
    , m_probe(new FactList(this))
{
    m_address->setObjectName(u"addressEdit"_s);
    m_test->setObjectName(u"testButton"_s);
    m_test->setAutoDefault(false);
    m_useTls->setObjectName(u"tlsCheck"_s);
    m_exposed->setObjectName(u"exposedCallout"_s);
    m_probe->setObjectName(u"probeResult"_s);

    auto *row = new QHBoxLayout;
    row->addWidget(m_address, 1);
    row->addWidget(m_test);
    auto *hint = paragraph(u"addressHint"_s, this);
    hint->setForegroundRole(QPalette::PlaceholderText);
    hint->setText(tr("unix:///path/to/socket on this machine\n"
                     "ssh://user@host by your own ssh keys\n"
                     "tcp://host:port with TLS"));
    auto *rows = new QVBoxLayout;
    rows->setSpacing(4);
    rows->addLayout(row);
    rows->addWidget(hint);
    auto *label = new QLabel(tr("A&ddress:"), this);
    label->setBuddy(m_address);
    label->setAlignment(Qt::AlignTop);
    m_form->addRow(label, rows);
    m_form->addRow(QString(), m_useTls);
    m_authorities = addFileRow(
        u"authoritiesEdit"_s, tr("Au&thorities:"), tr("ca.pem; empty: those of the system"));
    m_certificate =
        addFileRow(u"certificateEdit"_s, tr("&Certificate:"), tr("cert.pem, ours; empty: none"));
    m_key = addFileRow(u"keyEdit"_s, tr("&Key:"), tr("key.pem, of that certificate"));
    body()->addLayout(m_form);
    body()->addWidget(m_exposed);
    body()->addWidget(m_probe);

    for (QLineEdit *edit : {m_address, m_authorities, m_certificate, m_key})
        connect(edit, &QLineEdit::textChanged, this, &EngineDialog::addressEdited);
    connect(m_useTls, &QCheckBox::toggled, this, &EngineDialog::addressEdited);
    connect(m_test, &QPushButton::clicked, this, &EngineDialog::probe);
}

QLineEdit *
EngineDialog::addFileRow(const QString &name, const QString &label, const QString &placeholder)
{
    auto *edit = new QLineEdit(this);
    edit->setObjectName(name);
    edit->setPlaceholderText(placeholder);
    auto *browse = new QToolButton(this);
    browse->setText(u"…"_s);
    const QString what = QString(label).remove(u'&').remove(u':');
    browse->setAccessibleName(tr("Choose a file: %1").arg(what));
    browse->setToolTip(browse->accessibleName());
    connect(browse, &QToolButton::clicked, this, [this, edit, what] {
        auto *files = new QFileDialog(
            this, what, QString(), tr("PEM files (*.pem *.crt *.key);;All files (*)"));
        files->setAttribute(Qt::WA_DeleteOnClose);
        files->setFileMode(QFileDialog::ExistingFile);
        connect(files, &QFileDialog::fileSelected, edit, &QLineEdit::setText);
        files->open();
    });
    auto *row = new QHBoxLayout;
    row->addWidget(edit, 1);
    row->addWidget(browse);
    m_form->addRow(label, row);
    m_fileRows.append(row);
    if (auto *words = qobject_cast<QLabel *>(m_form->labelForField(row)))
        words->setBuddy(edit);
    return edit;
}

Result<EngineAddress> EngineDialog::address() const
{
    const QString text = m_address->text().trimmed();
    if (!m_useTls->isChecked() || !text.startsWith("tcp:"_L1))
        return EngineAddress::parse(text);
    return EngineAddress::parse(
        text,
        TlsFiles{
            m_authorities->text().trimmed(),
            m_certificate->text().trimmed(),
            m_key->text().trimmed()});
}

void EngineDialog::setAddress(const EngineAddress &address)
{
    const TlsFiles tls = address.tls.value_or(TlsFiles());
    m_authorities->setText(tls.authorities);
    m_certificate->setText(tls.certificate);
    m_key->setText(tls.key);
    m_useTls->setChecked(address.tls.has_value());
    m_address->setText(address.text());
    addressEdited();
}

void EngineDialog::addressEdited()
{
    const bool isTcp = m_address->text().trimmed().startsWith("tcp:"_L1);
    m_form->setRowVisible(m_useTls, isTcp);
    for (QLayout *row : m_fileRows)
        m_form->setRowVisible(row, isTcp && m_useTls->isChecked());
    const auto parsed = address();
    const QStringList warnings = parsed ? warningsFor(*parsed) : QStringList();
    m_exposed->setText(warnings.join(u'\n'));
    m_exposed->setVisible(!warnings.isEmpty());
    m_test->setEnabled(parsed.has_value());
    m_probe->setFacts({});
    validate();
}

void EngineDialog::probe()
{
    const auto parsed = address();
    if (!parsed)
        return;
    m_probe->setFacts({{StateMark::Working, tr("Asking who answers at %1…").arg(parsed->text())}});
    m_test->setEnabled(false);
    beginPending();
    Q_EMIT
    probeWanted(*parsed);
}

void EngineDialog::showProbe(const EngineAddress &probed, const Result<Engine> &engine)
{
    const auto present = address();
    if (present && *present == probed) {
        m_test->setEnabled(true);
        if (!engine) {
            m_probe->setFacts({{StateMark::Failed, sentenceFor(engine.error()).text()}});
        } else {
            m_probe->setFacts(
                {{StateMark::Good,
                  tr("It answers: %1, API %2, %3, storage driver %4.")
                      .arg(
                          engine->productAndVersion(),
                          engine->apiVersion,
                          engine->platform,
                          engine->storageDriver)}});
        }
    }
    endPending();
}

void EngineDialog::validate()
{
    setHindrance(whyNot());
}

} // namespace sandglass
