#pragma once

#include "services/domain/setting.h"
#include "ui/dialogs/consoledialog.h"

class QCheckBox;
class QSpinBox;

namespace sandglass {

class DurationEdit;

/// Asks for another value of one setting.
class ChangeSettingDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `present`: what is in force now, for all namespaces or for one.
    explicit ChangeSettingDialog(const SettingValue &present, QWidget *parent = nullptr);

    [[nodiscard]] qint64 value() const;

private:
    void addField(const SettingValue &present);
    void update();

    Setting m_setting;
    QSpinBox *m_number = nullptr; ///< for what is counted
    QCheckBox *m_yes = nullptr; ///< for yes and no
    DurationEdit *m_duration = nullptr; ///< for times
};

} // namespace sandglass
