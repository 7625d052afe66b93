#pragma once

#include "ui/details.h"

#include <QScrollArea>

class QFormLayout;
class QLabel;

namespace sandglass {

class Callout;
class FactList;
class IconLabel;

/// Shows Details; every value can be selected and copied. A refresh that changes nothing touches
/// nothing, and one that changes values only keeps the scroll position.
class DetailsPane final : public QScrollArea
{
    Q_OBJECT
public:
    explicit DetailsPane(QWidget *parent = nullptr);

    /// With an empty title: a hint to select something.
    void setDetails(const Details &details);
    [[nodiscard]] const Details &details() const { return m_details; }

private:
    void rebuildRows();

    Details m_details;
    QLabel *m_title;
    IconLabel *m_stateIcon;
    QLabel *m_stateText;
    Callout *m_problem;
    QLabel *m_placesTitle;
    FactList *m_places;
    QFormLayout *m_form;
    QList<QLabel *> m_values;
};

} // namespace sandglass
