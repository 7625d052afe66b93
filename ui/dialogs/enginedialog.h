#pragma once

#include "services/domain/engine.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QFormLayout;
class QLayout;
class QLineEdit;

namespace sandglass {

/// What the dialogs about an engine's address share: the address and the files for TLS, a warning
/// about a port that is open to everybody, and a test on demand.
class EngineDialog : public ConsoleDialog
{
    Q_OBJECT
public:
    /// The answer to probeWanted; one for another address than the present is only counted.
    void showProbe(const EngineAddress &address, const Result<Engine> &engine);

Q_SIGNALS:
    void probeWanted(const sandglass::EngineAddress &address);

protected:
    EngineDialog(const QString &objectName, QWidget *parent);

    /// Holds the address; rows may be put above it.
    [[nodiscard]] QFormLayout *form() const { return m_form; }
    [[nodiscard]] Result<EngineAddress> address() const;
    void setAddress(const EngineAddress &address);

    /// Why the request cannot be made; empty when it can.
    [[nodiscard]] virtual QString whyNot() const = 0;
    /// Call it when something that whyNot() looks at has changed.
    void validate();

private:
    QLineEdit *addFileRow(const QString &name, const QString &label, const QString &placeholder);
    void probe();
    void addressEdited();

    QFormLayout *m_form;
    QLineEdit *m_address;
    QPushButton *m_test;
    QCheckBox *m_useTls;
    QLineEdit *m_authorities;
    QLineEdit *m_certificate;
    QLineEdit *m_key;
    QList<QLayout *> m_fileRows; ///< shown while TLS is used
    Callout *m_exposed;
    FactList *m_probe;
};

} // namespace sandglass
