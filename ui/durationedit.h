#pragma once

#include <QWidget>

class QComboBox;
class QSpinBox;

namespace sandglass {

/// A duration as people choose it: a preset, or a number and a unit. 0 seconds means never.
class DurationEdit final : public QWidget
{
    Q_OBJECT
public:
    /// `name` is what screen readers call it; `presets` are in seconds, in the order in which they
    /// are offered: ascending, but for a 0 at either end. `chosen` is offered, too. `zeroText` is
    /// what 0 is called.
    DurationEdit(
        const QString &name,
        const QList<qint64> &presets,
        qint64 chosen,
        const QString &zeroText,
        QWidget *parent = nullptr);

    [[nodiscard]] qint64 seconds() const;

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] bool isFree() const;

    QComboBox *m_preset;
    QSpinBox *m_number;
    QComboBox *m_unit;
};

} // namespace sandglass
