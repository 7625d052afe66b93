#pragma once

#include "services/usecases/registryservice.h"
#include "ui/dialogs/consoledialog.h"

class QLineEdit;

namespace sandglass {

/// Asks for the user and the password that the keychain shall have of a registry from now on.
class ReplaceCredentialDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit ReplaceCredentialDialog(const Registry &registry, QWidget *parent = nullptr);

    /// Sensible when hindrance() is empty.
    [[nodiscard]] Credential credential() const;

private:
    void validate();

    QLineEdit *m_user;
    QLineEdit *m_password;
};

/// Asks before the keychain loses the credential of a registry.
class RemoveCredentialDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit RemoveCredentialDialog(const Registry &registry, QWidget *parent = nullptr);
};

/// Says which of the logins of Docker's client would be copied into the keychain.
class ImportLoginDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit ImportLoginDialog(const Registry &registry, QWidget *parent = nullptr);

    /// What Docker's client keeps; waited for from the beginning.
    void showLogins(const Result<QList<ImportableLogin>> &logins);

private:
    Registry m_registry;
    FactList *m_found;
};

} // namespace sandglass
