#pragma once

#include "services/usecases/snapshotservice.h"
#include "ui/dialogs/consoledialog.h"

class QComboBox;
class QLineEdit;
class QRadioButton;

namespace sandglass {

/// Shows what a restore will do before it does it. For an expired snapshot it asks which of two
/// things is meant.
class RestoreDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `engines`: all that are known.
    RestoreDialog(
        const Snapshot &snapshot,
        const QString &sandboxName,
        const QList<Engine> &engines,
        Timestamp now,
        QWidget *parent = nullptr);

    /// Asks for the first plan; call once after connecting planWanted.
    void start();
    /// The answer to planWanted; one for another wish than the present is only counted.
    void showPlan(const RestoreWish &wish, const Result<RestorePlan> &plan);

    /// What was asked for; the caller is empty. Sensible when hindrance() is empty.
    [[nodiscard]] RestoreRequest request() const;

Q_SIGNALS:
    /// The plan for request() is wanted.
    void planWanted();

private:
    [[nodiscard]] RestoreWish wish() const;
    [[nodiscard]] bool isForced() const;
    [[nodiscard]] QString whyNot() const;
    QWidget *makeChoice(Timestamp now);
    void askForPlan();
    void validate();

    Snapshot m_snapshot;
    bool m_expired;
    std::optional<Result<RestorePlan>> m_plan; ///< of the present wish
    QRadioButton *m_fresh = nullptr; ///< only for an expired snapshot, as the next two
    QRadioButton *m_force = nullptr;
    QLineEdit *m_reason = nullptr;
    QComboBox *m_engine;
    QLineEdit *m_name;
    QLabel *m_planText;
    FactList *m_facts;
};

} // namespace sandglass
