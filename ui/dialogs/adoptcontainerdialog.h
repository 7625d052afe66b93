#pragma once

#include "services/domain/engine.h"
#include "services/usecases/adoptionservice.h"
#include "ui/dialogs/consoledialog.h"

class QComboBox;
class QLineEdit;
class QTreeWidget;

namespace sandglass {

/// Lists the containers of an engine that others made, and asks which of them shall become a
/// sandbox, and of which namespace.
class AdoptContainerDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `engines`: all that are known. `namespaces`: those to offer, the first is chosen.
    AdoptContainerDialog(
        const QList<Engine> &engines, const QStringList &namespaces, QWidget *parent = nullptr);

    /// Asks for the containers of the engine that is chosen now; call once after connecting
    /// containersWanted.
    void start();
    /// The answer to containersWanted; one for another engine than the chosen one is only counted.
    void showContainers(const EngineName &engine, const Result<QList<EngineContainer>> &containers);

    /// What was asked for; the caller is empty. Sensible when hindrance() is empty.
    [[nodiscard]] AdoptRequest request() const;

Q_SIGNALS:
    void containersWanted(const sandglass::EngineName &engine);

private:
    [[nodiscard]] EngineName chosenEngine() const;
    [[nodiscard]] QString chosenContainer() const; ///< its id; empty for none
    [[nodiscard]] QStringList secretNames() const;
    [[nodiscard]] QString whyNot() const;
    void askForContainers();
    void fillList(const QList<EngineContainer> &containers);
    void validate();

    QList<Engine> m_engines;
    QComboBox *m_engine;
    QTreeWidget *m_list;
    QLabel *m_hint;
    QLineEdit *m_name;
    QComboBox *m_namespace;
    QLineEdit *m_secrets;
};

} // namespace sandglass
