#pragma once

#include "services/domain/sandbox.h"
#include "services/domain/snapshotschedule.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QRadioButton;

namespace sandglass {

class DurationEdit;

/// Asks what a schedule shall be: of which sandboxes, when, and for how long its snapshots live.
class ScheduleDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// For a new one; `known` are the schedules whose names are taken.
    ScheduleDialog(
        const QList<Sandbox> &sandboxes,
        const QList<SnapshotSchedule> &known,
        Timestamp now,
        QWidget *parent = nullptr);
    /// For another form of this one; its name and namespace stay.
    ScheduleDialog(
        const SnapshotSchedule &present,
        const QList<Sandbox> &sandboxes,
        Timestamp now,
        QWidget *parent = nullptr);

    /// What was asked for. Sensible when hindrance() is empty.
    [[nodiscard]] SnapshotSchedule schedule() const;

private:
    ScheduleDialog(
        const SnapshotSchedule &present,
        const QList<Sandbox> &sandboxes,
        const QList<SnapshotSchedule> &known,
        Timestamp now,
        bool isNew,
        QWidget *parent);
    void fillIn(const QList<Sandbox> &sandboxes);
    void layOut();
    [[nodiscard]] QString whyNot() const;
    void update();

    SnapshotSchedule m_present;
    QList<SnapshotSchedule> m_known;
    Timestamp m_now;
    bool m_isNew;
    QLineEdit *m_name;
    QRadioButton *m_ofOne;
    QComboBox *m_sandbox;
    QRadioButton *m_ofMany;
    QLineEdit *m_selector;
    QComboBox *m_namespace;
    QComboBox *m_times;
    QComboBox *m_zone;
    QLabel *m_next;
    QCheckBox *m_ownTtl;
    DurationEdit *m_ttl;
    QLineEdit *m_tag;
};

} // namespace sandglass
