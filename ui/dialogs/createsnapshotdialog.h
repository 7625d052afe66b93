#pragma once

#include "services/usecases/snapshotservice.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
class QRadioButton;

namespace sandglass {

class DurationEdit;

/// Asks how a sandbox shall be snapshotted, and says what that does to it and what the snapshot
/// will not hold.
class CreateSnapshotDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `defaultTtl`: what is in force for the sandbox's namespace, in seconds; 0 = never expires.
    CreateSnapshotDialog(
        const Sandbox &sandbox, qint64 defaultTtl, const Clock &clock, QWidget *parent = nullptr);

    /// What the engine answered about the sandbox; until then the dialog says that it asks.
    void showPlan(const Result<SnapshotPlan> &plan);

    /// What was asked for; the caller is empty. Sensible when hindrance() is empty. Secrets are
    /// accepted only if they were shown and somebody said so.
    [[nodiscard]] CreateSnapshotRequest request() const;

private:
    [[nodiscard]] QString whyNot() const;
    void validate();
    void describePause();
    void showSecrets(const QList<SecretFinding> &findings);
    [[nodiscard]] bool holdsSecrets() const; ///< as the plan and the choice to blank are now

    Sandbox m_sandbox;
    const Clock &m_clock;
    std::optional<SnapshotPlan> m_plan;
    QLineEdit *m_tag;
    QPlainTextEdit *m_note;
    DurationEdit *m_ttl;
    QLabel *m_expiry;
    QRadioButton *m_pause;
    QRadioButton *m_noPause;
    QLabel *m_pauseText;
    QLabel *m_missingTitle;
    FactList *m_missing;
    FactList *m_checks;
    QLabel *m_secretsTitle;
    FactList *m_secrets;
    QCheckBox *m_scrub;
    QCheckBox *m_accept;
};

/// How long a sandbox stands still while this much is read: at 170 MiB/s, as engines were measured.
/// Pure.
[[nodiscard]] std::chrono::milliseconds frozenEstimate(qint64 changedBytes);

/// What a snapshot of a sandbox with this configuration will not hold, a line for each. Pure.
[[nodiscard]] QStringList missingFromSnapshot(const SandboxConfig &config);

} // namespace sandglass
