#pragma once

#include "ui/icons.h"

#include <QWidget>

namespace sandglass {

/// An icon of a fixed size, always in the colours of the palette in force.
class IconLabel final : public QWidget
{
    Q_OBJECT
public:
    /// `size` in device-independent pixels; 0: that of small icons.
    explicit IconLabel(const QIcon &shown, QWidget *parent = nullptr, int size = 0);
    void setIcon(const QIcon &shown);

    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
};

} // namespace sandglass
