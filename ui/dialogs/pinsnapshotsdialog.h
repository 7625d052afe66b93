#pragma once

#include "services/domain/snapshot.h"
#include "ui/dialogs/consoledialog.h"

class QDateTimeEdit;
class QLineEdit;
class QRadioButton;

namespace sandglass {

/// Why, and until when, snapshots are kept whatever their TTL says.
class PinSnapshotsDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    PinSnapshotsDialog(const QList<Snapshot> &snapshots, Timestamp now, QWidget *parent = nullptr);

    [[nodiscard]] QString reason() const;
    [[nodiscard]] std::optional<Timestamp> until() const; ///< nothing: for good

private:
    void update();

    Timestamp m_now;
    QLineEdit *m_reason;
    QRadioButton *m_forGood;
    QRadioButton *m_limited;
    QDateTimeEdit *m_until;
};

} // namespace sandglass
