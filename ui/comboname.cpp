#include "ui/comboname.h"

#include <QComboBox>
#include <QLabel>

namespace sandglass {

void nameCombo(QComboBox *combo, const QString &name)
{
    combo->setAccessibleName(name);
    auto *label = new QLabel(name, combo->parentWidget());
    label->setBuddy(combo);
    label->hide();
}

} // namespace sandglass
