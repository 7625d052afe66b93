#pragma once

#include "ui/look.h"

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace sandglass {

class IconLabel;

/// What must not be overlooked: words beside an icon, on a background in the colour of a tone.
class Callout : public QWidget
{
    Q_OBJECT
public:
    explicit Callout(Tone tone, QWidget *parent = nullptr);

    void setTone(Tone tone);
    void setText(const QString &text);
    [[nodiscard]] QString text() const;

protected:
    void paintEvent(QPaintEvent *event) override;

    /// Icon and words stand in it; more may be added behind them.
    [[nodiscard]] QHBoxLayout *row() const { return m_row; }
    /// The text stands in it; more may be added below.
    [[nodiscard]] QVBoxLayout *words() const { return m_words; }

private:
    Tone m_tone;
    QHBoxLayout *m_row;
    QVBoxLayout *m_words;
    IconLabel *m_icon;
    QLabel *m_text;
};

/// A label for a paragraph: wrapped, plain text, can be selected.
[[nodiscard]] QLabel *paragraph(const QString &objectName, QWidget *parent);

} // namespace sandglass
