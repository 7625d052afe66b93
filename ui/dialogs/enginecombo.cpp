#include "ui/dialogs/enginecombo.h"

#include <QComboBox>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

QComboBox *engineCombo(const QList<Engine> &engines, QWidget *parent)
{
    auto *combo = new QComboBox(parent);
    combo->setObjectName(u"engineCombo"_s);
    int preferred = 0;
    for (qsizetype i = 0; i < engines.size(); ++i) {
        combo->addItem(engines.at(i).name.text());
        if (engines.at(i).state == EngineState::Connected
            && engines.at(preferred).state != EngineState::Connected)
            preferred = int(i);
    }
    combo->setCurrentIndex(engines.isEmpty() ? -1 : preferred);
    return combo;
}

} // namespace sandglass
