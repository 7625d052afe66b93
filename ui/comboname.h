#pragma once

#include <QString>

class QComboBox;

namespace sandglass {

/// Gives a combo box without a visible label a name for screen readers. On UNIX, Qt 6.4 tells them
/// the value of a combo box as its name, whatever its accessible name is; what names it is a label
/// beside it. To be called when the combo box has the parent that it keeps.
void nameCombo(QComboBox *combo, const QString &name);

} // namespace sandglass
