#include "ui/look.h"

#include <QApplication>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleFactory>
#include <QStyleOption>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QPalette darkPalette()
{
    const QColor window(32, 33, 36);
    const QColor base(43, 45, 49);
    const QColor text(223, 225, 229);
    const QColor disabled(124, 127, 133);
    const QColor accent(53, 116, 194);
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(48, 50, 54));
    palette.setColor(QPalette::ToolTipBase, QColor(57, 59, 64));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor(56, 58, 63));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Link, QColor(104, 164, 235));
    palette.setColor(QPalette::LinkVisited, QColor(172, 142, 220));
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(140, 143, 150));
    palette.setColor(QPalette::Light, QColor(70, 72, 78));
    palette.setColor(QPalette::Midlight, QColor(60, 62, 67));
    palette.setColor(QPalette::Mid, QColor(38, 40, 43));
    palette.setColor(QPalette::Dark, QColor(25, 26, 28));
    palette.setColor(QPalette::Shadow, Qt::black);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(70, 72, 78));
    return palette;
}

QPalette lightPalette()
{
    const QColor disabled(150, 152, 156);
    QPalette palette(QColor(243, 244, 245), QColor(240, 241, 242));
    palette.setColor(QPalette::WindowText, QColor(30, 32, 36));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(248, 249, 250));
    palette.setColor(QPalette::Text, QColor(30, 32, 36));
    palette.setColor(QPalette::ButtonText, QColor(30, 32, 36));
    palette.setColor(QPalette::ToolTipBase, QColor(255, 255, 235));
    palette.setColor(QPalette::ToolTipText, QColor(30, 32, 36));
    palette.setColor(QPalette::Link, QColor(26, 95, 180));
    palette.setColor(QPalette::Highlight, QColor(38, 103, 184));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(118, 120, 125));
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, disabled);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(210, 212, 216));
    return palette;
}

/// Fusion outlines radio buttons in a colour darker than the window: on a dark window they are not
/// seen. Here the outline is light, and what is chosen is filled.
class DarkFusionStyle final : public QProxyStyle
{
public:
    DarkFusionStyle()
        : QProxyStyle(u"Fusion"_s)
    { }

    void drawPrimitive(
        PrimitiveElement element,
        const QStyleOption *option,
        QPainter *painter,
        const QWidget *widget) const override
    {
        if (element != PE_IndicatorRadioButton) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        const bool isEnabled = option->state & State_Enabled;
        const QPalette::ColorGroup group = isEnabled ? QPalette::Active : QPalette::Disabled;
        const QRectF circle = QRectF(option->rect).adjusted(1.5, 1.5, -1.5, -1.5);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(option->palette.color(group, QPalette::PlaceholderText));
        painter->setBrush(option->palette.color(group, QPalette::Base));
        painter->drawEllipse(circle);
        if (option->state & State_On) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(option->palette.color(group, QPalette::Text));
            painter->drawEllipse(circle.adjusted(3, 3, -3, -3));
        }
        painter->restore();
    }
};

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
}

} // namespace

void applyLook(QApplication &application, ColorScheme scheme)
{
    if (scheme == ColorScheme::Platform)
        return;
    if (scheme == ColorScheme::Dark) {
        application.setStyle(new DarkFusionStyle);
        application.setPalette(darkPalette());
    } else {
        application.setStyle(QStyleFactory::create(u"Fusion"_s));
        application.setPalette(lightPalette());
    }
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    const bool dark = isDark(palette);
    switch (tone) {
    case Tone::Positive:
        return dark ? QColor(103, 190, 118) : QColor(30, 122, 52);
    case Tone::Active:
        return dark ? QColor(104, 164, 235) : QColor(26, 95, 180);
    case Tone::Caution:
        return dark ? QColor(226, 170, 70) : QColor(146, 88, 0);
    case Tone::Negative:
        return dark ? QColor(240, 115, 108) : QColor(184, 32, 30);
    case Tone::Muted:
        return palette.color(QPalette::PlaceholderText);
    case Tone::Neutral:
        break;
    }
    return palette.color(QPalette::Text);
}

QColor toneBackground(Tone tone, const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Window);
    if (tone == Tone::Neutral || tone == Tone::Muted)
        return palette.color(QPalette::AlternateBase);
    const QColor color = toneColor(tone, palette);
    const double share = isDark(palette) ? 0.22 : 0.12;
    const auto mixed = [share](int background, int foreground) {
        return int(background * (1 - share) + foreground * share);
    };
    return {
        mixed(base.red(), color.red()),
        mixed(base.green(), color.green()),
        mixed(base.blue(), color.blue())};
}

} // namespace sandglass
