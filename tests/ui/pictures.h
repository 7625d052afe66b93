#pragma once

#include <QString>

class QWidget;

namespace sandglass {

/// Writes the widget as it looks in light and in dark to
/// ${build}/screenshots/{name}-{light,dark}.png, shown at its own size; false when a file cannot be
/// written. It is left in the light look.
[[nodiscard]] bool takePictures(QWidget &widget, const QString &name);

} // namespace sandglass
