#pragma once

#include "services/domain/sandbox.h"
#include "ui/dialogs/consoledialog.h"

class QRadioButton;

namespace sandglass {

/// How a sandbox ends.
enum class SandboxEnd {
    Terminate, ///< one that Sandglass made: its container goes
    LetGo, ///< an adopted one: its container stays
    RemoveAdopted, ///< an adopted one: its container goes all the same
};

/// Says what goes and what stays before a sandbox is terminated. For an adopted one it asks which
/// of two things is meant.
class TerminateSandboxDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `snapshots`: how many it has. `engineAnswers`: whether its engine is connected.
    TerminateSandboxDialog(
        const Sandbox &sandbox, int snapshots, bool engineAnswers, QWidget *parent = nullptr);

    [[nodiscard]] SandboxEnd request() const;

private:
    QWidget *makeChoice();
    void describe();
    [[nodiscard]] QList<FactLine> consequences() const;

    Sandbox m_sandbox;
    int m_snapshots;
    bool m_engineAnswers;
    QRadioButton *m_letGo = nullptr; ///< only for an adopted sandbox, as the next one
    QRadioButton *m_remove = nullptr;
    FactList *m_consequences;
};

} // namespace sandglass
