#pragma once

#include "services/domain/engine.h"
#include "services/usecases/sandboxservice.h"
#include "ui/dialogs/consoledialog.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace sandglass {

class DurationEdit;

/// Asks what a new sandbox shall be.
class NewSandboxDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `engines`: all that are known. `namespaces`: those to offer, the first is chosen.
    NewSandboxDialog(
        const QList<Engine> &engines, const QStringList &namespaces, QWidget *parent = nullptr);

    /// Asks for the images of the engine that is chosen now; call once after connecting
    /// imagesWanted.
    void start();
    /// The answer to imagesWanted; one for another engine than the chosen one is only counted.
    void showImages(const EngineName &engine, const Result<QStringList> &images);

    /// What was asked for; the caller fields are empty. Sensible when hindrance() is empty.
    [[nodiscard]] CreateSandboxRequest request() const;

Q_SIGNALS:
    void imagesWanted(const sandglass::EngineName &engine);

private:
    [[nodiscard]] EngineName chosenEngine() const;
    [[nodiscard]] QString whyNot() const;
    void askForImages();
    void validate();

    QList<Engine> m_engines;
    QComboBox *m_engine;
    QComboBox *m_image;
    QLabel *m_imageHint;
    QLineEdit *m_name;
    QLineEdit *m_command;
    QDoubleSpinBox *m_cpus;
    QSpinBox *m_memory;
    QComboBox *m_network;
    DurationEdit *m_timeout;
    QComboBox *m_namespace;
};

} // namespace sandglass
