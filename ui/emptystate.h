#pragma once

#include "ui/icons.h"

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;

namespace sandglass {

class IconLabel;

/// What stands where a table would be empty: why, and what to do next.
struct EmptyState
{
    IconName icon = IconName::Info;
    QString title;
    QString text; ///< several lines; may be empty
    QAction *action = nullptr; ///< what helps; none: no button
};

class EmptyStateView final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyStateView(QWidget *parent = nullptr);
    void setState(const EmptyState &state);

private:
    QAction *m_action = nullptr;
    IconLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_button;
};

} // namespace sandglass
