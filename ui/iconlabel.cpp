#include "ui/iconlabel.h"

#include <QPainter>
#include <QStyle>

namespace sandglass {

IconLabel::IconLabel(const QIcon &shown, QWidget *parent, int size)
    : QWidget(parent)
    , m_icon(shown)
{
    const int side = size > 0 ? size : style()->pixelMetric(QStyle::PM_SmallIconSize);
    setFixedSize(side, side);
}

void IconLabel::setIcon(const QIcon &shown)
{
    m_icon = shown;
    update();
}

void IconLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    m_icon.paint(&painter, rect(), Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
}

} // namespace sandglass
