#include "ui/emptystate.h"

#include "ui/iconlabel.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int emptyIconSize = 48;
constexpr int widestEmptyText = 620;
} // namespace

EmptyStateView::EmptyStateView(QWidget *parent)
    : QWidget(parent)
    , m_icon(new IconLabel({}, this, emptyIconSize))
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
{
    setObjectName(u"emptyState"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    m_title->setFont(large);
    m_title->setObjectName(u"emptyTitle"_s);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    m_text->setObjectName(u"emptyText"_s);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_button->setObjectName(u"emptyButton"_s);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_action)
            m_action->trigger();
    });

    auto *column = new QWidget(this);
    column->setMaximumWidth(widestEmptyText);
    auto *lines = new QVBoxLayout(column);
    lines->setSpacing(12);
    lines->addWidget(m_icon, 0, Qt::AlignCenter);
    lines->addWidget(m_title);
    lines->addWidget(m_text);
    lines->addWidget(m_button, 0, Qt::AlignCenter);
    auto *middle = new QVBoxLayout(this);
    middle->addStretch(2);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(column, 8);
    row->addStretch(1);
    middle->addLayout(row);
    middle->addStretch(3);
}

void EmptyStateView::setState(const EmptyState &state)
{
    m_icon->setIcon(icon(state.icon, Tone::Muted));
    m_action = state.action;
    m_title->setText(state.title);
    m_text->setText(state.text);
    m_text->setVisible(!state.text.isEmpty());
    m_text->setAlignment(state.text.contains(u'\n') ? Qt::AlignLeft : Qt::AlignHCenter);
    m_button->setVisible(state.action);
    if (state.action) {
        m_button->setText(
            state.action->text().remove(u'&')); // the key is the action's own in its menu
        m_button->setIcon(state.action->icon());
        m_button->setEnabled(state.action->isEnabled());
        m_button->setToolTip(state.action->toolTip());
    }
}

} // namespace sandglass
