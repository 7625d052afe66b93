#include "ui/callout.h"

#include "ui/iconlabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

IconName calloutIcon(Tone tone)
{
    switch (tone) {
    case Tone::Positive:
        return IconName::Good;
    case Tone::Active:
        return IconName::Working;
    case Tone::Caution:
        return IconName::Warning;
    case Tone::Negative:
        return IconName::Failed;
    case Tone::Neutral:
    case Tone::Muted:
        break;
    }
    return IconName::Info;
}

} // namespace

QLabel *paragraph(const QString &objectName, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Otherwise forms give it a column so narrow that it needs many lines.
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
    return label;
}

Callout::Callout(Tone tone, QWidget *parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_row(new QHBoxLayout(this))
    , m_words(new QVBoxLayout)
    , m_icon(new IconLabel(icon(calloutIcon(tone), tone), this))
    , m_text(paragraph(u"calloutText"_s, this))
{
    m_row->setContentsMargins(10, 8, 8, 8);
    m_row->setSpacing(10);
    m_row->addWidget(m_icon, 0, Qt::AlignTop);
    m_words->addWidget(m_text);
    m_row->addLayout(m_words, 1);
}

void Callout::setTone(Tone tone)
{
    m_tone = tone;
    m_icon->setIcon(icon(calloutIcon(tone), tone));
    update();
}

void Callout::setText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
}

QString Callout::text() const
{
    return m_text->text();
}

void Callout::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneBackground(m_tone, palette()));
    painter.drawRoundedRect(rect(), 4, 4);
}

} // namespace sandglass
