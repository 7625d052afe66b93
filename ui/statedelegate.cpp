#include "ui/statedelegate.h"

#include "ui/icons.h"

#include <QPainter>

namespace sandglass {

namespace {
constexpr int rowPadding = 4; // above and below: easier to hit, and to read across
constexpr int barHeight = 2;
constexpr int barMargin = 4;
constexpr int wholePortion = 1000;
} // namespace

void StateDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant portion = index.data(PortionRole);
    if (!portion.isValid())
        return;
    const bool isSelected = option.state & QStyle::State_Selected;
    const QRect bar(
        option.rect.left() + barMargin,
        option.rect.bottom() - barHeight,
        std::max(0, option.rect.width() - 2 * barMargin),
        barHeight);
    painter->fillRect(bar, option.palette.color(QPalette::Mid));
    painter->fillRect(
        bar.x(),
        bar.y(),
        bar.width() * portion.toInt() / wholePortion,
        bar.height(),
        isSelected ? option.palette.color(QPalette::HighlightedText)
                   : toneColor(Tone::Active, option.palette));
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 2 * rowPadding);
}

void StateDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (const QVariant mark = index.data(StateRole); mark.isValid()) {
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->icon = icon(StateMark(mark.toInt()));
    }
    // Numbers would touch the text of the next column.
    if (option->displayAlignment & Qt::AlignRight)
        option->text += QStringLiteral("\u2002");
    if (index.data(MutedRole).toBool())
        option->palette.setColor(QPalette::Text, option->palette.color(QPalette::PlaceholderText));
}

} // namespace sandglass
