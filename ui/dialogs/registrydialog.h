#pragma once

#include "services/usecases/registryservice.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace sandglass {

/// Asks for a registry: where it is, how it is trusted, with what it lets us in, and who pushes
/// there; tries it on demand. What is typed as a password is never shown, and is asked for again
/// only where what the keychain has cannot be meant any more.
class RegistryDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// For a new one, pulled from after `known`, whose names are taken.
    RegistryDialog(
        const QList<Registry> &known, const QStringList &namespaces, QWidget *parent = nullptr);
    /// For one that is known. Its name stays.
    RegistryDialog(
        const Registry &changed, const QStringList &namespaces, QWidget *parent = nullptr);

    /// The answer to testWanted; one for an older edition is only counted.
    void showProbe(int edition, const Result<RegistryProbe> &probe);

    /// The caller is empty. Sensible when hindrance() is empty; what a test needs is in it earlier.
    [[nodiscard]] PutRegistryRequest request() const;

Q_SIGNALS:
    /// request() shall be tested. `edition` counts what was typed since.
    void testWanted(int edition);

private:
    RegistryDialog(
        const Registry &registry,
        bool isNew,
        const QList<Registry> &known,
        const QStringList &namespaces,
        QWidget *parent);
    void makeFields(const QStringList &namespaces);
    QWidget *makeAuthoritiesRow();
    void layOut();
    void fill();
    void connectFields();
    void chooseAuthorities();
    void edited();
    void test();
    [[nodiscard]] CredentialSource source() const;
    /// Whether the keychain has the password of what stands in the fields.
    [[nodiscard]] bool hasPassword() const;
    [[nodiscard]] QString whyNot() const;
    [[nodiscard]] QString whyNoTest() const;

    Registry m_registry; ///< as it was
    bool m_isNew;
    QList<Registry> m_known;
    int m_edition = 0;
    QLineEdit *m_name;
    QLineEdit *m_host;
    QLineEdit *m_repository;
    QComboBox *m_trust;
    QLineEdit *m_authorities;
    QWidget *m_authoritiesRow;
    QComboBox *m_source;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QCheckBox *m_waits;
    QLineEdit *m_namespaces;
    QSpinBox *m_position;
    QFormLayout *m_form;
    QPushButton *m_test;
    Callout *m_exposed;
    FactList *m_probe;
};

} // namespace sandglass
