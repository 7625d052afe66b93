#pragma once

#include "services/domain/snapshot.h"
#include "ui/dialogs/consoledialog.h"

class QLabel;

namespace sandglass {

class DurationEdit;

/// How long snapshots live from their creation.
class ChangeTtlDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    ChangeTtlDialog(const QList<Snapshot> &snapshots, Timestamp now, QWidget *parent = nullptr);

    [[nodiscard]] qint64 ttlSeconds() const;

private:
    void update();

    QList<Snapshot> m_snapshots;
    Timestamp m_now;
    DurationEdit *m_ttl;
    QLabel *m_outcome;
};

} // namespace sandglass
