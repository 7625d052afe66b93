#pragma once

#include "services/domain/engine.h"

class QComboBox;
class QWidget;

namespace sandglass {

/// A choice of engines, called "engineCombo"; the first that answers is chosen, or nothing when
/// there is none.
[[nodiscard]] QComboBox *engineCombo(const QList<Engine> &engines, QWidget *parent);

} // namespace sandglass
