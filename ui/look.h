#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace sandglass {

enum class ColorScheme {
    Platform, ///< style and palette of the desktop, whatever they are
    Light,
    Dark,
};

/// Dresses the program. Light and Dark take the Fusion style, which looks the same everywhere. May
/// be called again at any time; what is on the screen follows.
void applyLook(QApplication &application, ColorScheme scheme);

/// A colour that carries a meaning besides text and icon, never alone.
enum class Tone { Neutral, Positive, Active, Caution, Negative, Muted };

/// The tone as a foreground that can be read on the palette's Base and Window.
[[nodiscard]] QColor toneColor(Tone tone, const QPalette &palette);

/// The tone as a quiet background for text in the palette's own text colour.
[[nodiscard]] QColor toneBackground(Tone tone, const QPalette &palette);

} // namespace sandglass
