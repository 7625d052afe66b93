#pragma once

#include "services/usecases/dockerfolder.h"
#include "ui/dialogs/enginedialog.h"

class QComboBox;

namespace sandglass {

/// What is wanted of an engine: its name and where it is.
struct EngineRequest
{
    EngineName name;
    EngineAddress address;
};

/// Asks for an engine's name and address, takes both over from Docker's client, and tries it, on
/// demand.
class AddEngineDialog final : public EngineDialog
{
    Q_OBJECT
public:
    /// `known`: the names that are taken. Until showImportable() it is not settled.
    explicit AddEngineDialog(const QList<EngineName> &known, QWidget *parent = nullptr);

    /// What Docker's client knows; what cannot be used is shown with the reason.
    void showImportable(const QList<ImportableEngine> &engines);

    /// Sensible when hindrance() is empty.
    [[nodiscard]] EngineRequest request() const;

private:
    [[nodiscard]] QString whyNot() const override;
    void takeOver(int index);

    QList<EngineName> m_known;
    QList<DockerEngine> m_importable; ///< in the order of the combo box, behind its first entry
    QString m_takenName; ///< the name that was taken over last
    QComboBox *m_import;
    FactList *m_unusable;
    QLineEdit *m_name;
};

} // namespace sandglass
