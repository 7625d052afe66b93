#include "ui/dialogs/credentialdialogs.h"

#include "models/registrywords.h"
#include "services/core/errorsentence.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

ReplaceCredentialDialog::ReplaceCredentialDialog(const Registry &registry, QWidget *parent)
    : ConsoleDialog(u"replaceCredentialDialog"_s, Deed::Harmless, parent)
    , m_user(new QLineEdit(registry.username, this))
    , m_password(new QLineEdit(this))
{
    setWindowTitle(tr("Replace Credential"));
    setHeading(
        IconName::Credential,
        tr("Replace the credential of registry “%1”").arg(registry.name.text()),
        tr("It goes into the keychain, for %1, and is never shown again. Now: %2.")
            .arg(registry.host, credentialText(registry)));
    setVerb(tr("&Replace credential"), IconName::Credential);
    m_user->setObjectName(u"userEdit"_s);
    m_password->setObjectName(u"passwordEdit"_s);
    m_password->setEchoMode(QLineEdit::Password);
    auto *form = new QFormLayout;
    form->addRow(tr("&User:"), m_user);
    form->addRow(tr("&Password:"), m_password);
    body()->addLayout(form);
    connect(m_user, &QLineEdit::textChanged, this, &ReplaceCredentialDialog::validate);
    connect(m_password, &QLineEdit::textChanged, this, &ReplaceCredentialDialog::validate);
    (m_user->text().isEmpty() ? m_user : m_password)->setFocus();
    validate();
}

void ReplaceCredentialDialog::validate()
{
    if (m_user->text().isEmpty())
        setHindrance(tr("Write the user's name."));
    else
        setHindrance(m_password->text().isEmpty() ? tr("Write the password.") : QString());
}

Credential ReplaceCredentialDialog::credential() const
{
    return {m_user->text(), Secret(m_password->text().toUtf8()), {}};
}

RemoveCredentialDialog::RemoveCredentialDialog(const Registry &registry, QWidget *parent)
    : ConsoleDialog(u"removeCredentialDialog"_s, Deed::Destructive, parent)
{
    setWindowTitle(tr("Remove Credential"));
    setHeading(
        IconName::Credential,
        tr("Remove the credential of registry “%1”?").arg(registry.name.text()),
        tr("The keychain forgets the password of user %1 at %2. The registry is asked without a "
           "login from then on; the account itself is not touched.")
            .arg(registry.username, registry.host));
    setVerb(tr("&Remove credential"), IconName::Delete);
}

ImportLoginDialog::ImportLoginDialog(const Registry &registry, QWidget *parent)
    : ConsoleDialog(u"importLoginDialog"_s, Deed::Harmless, parent)
    , m_registry(registry)
    , m_found(new FactList(this))
{
    setWindowTitle(tr("Import Docker Login"));
    setHeading(
        IconName::Credential,
        tr("Import Docker's login for registry “%1”").arg(registry.name.text()),
        tr("What “docker login” left in plain text is copied into the keychain; Docker's own file "
           "stays as it is."));
    setVerb(tr("&Import login"), IconName::Pull);
    m_found->setObjectName(u"loginList"_s);
    body()->addWidget(m_found);
    m_found->setFacts({{StateMark::Working, tr("Reading Docker's logins…")}});
    setHindrance(tr("What Docker keeps is not known yet."));
    beginPending();
}

void ImportLoginDialog::showLogins(const Result<QList<ImportableLogin>> &logins)
{
    if (!logins) {
        m_found->setFacts({{StateMark::Failed, sentenceFor(logins.error()).text()}});
        setHindrance(sentenceFor(logins.error()).whatHappened);
        endPending();
        return;
    }
    const auto found = std::find_if(logins->begin(), logins->end(), [this](const auto &login) {
        return serverAddressOf(login.host) == serverAddressOf(m_registry.host);
    });
    if (found == logins->end()) {
        m_found->setFacts({});
        setHindrance(
            tr("Docker keeps no login for %1 in plain text. Run “docker login %1” first, or choose "
               "Docker's credential helper in Change Registry.")
                .arg(m_registry.host));
    } else {
        m_found->setFacts(
            {{StateMark::Good, tr("User %1 at %2.").arg(found->username, found->host)}});
        setHindrance({});
    }
    endPending();
}

} // namespace sandglass
