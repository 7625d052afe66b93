#include "ui/detailspane.h"

#include "ui/callout.h"
#include "ui/factlist.h"
#include "ui/iconlabel.h"

#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QLabel *valueLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setMinimumWidth(1); // text without blanks, such as a digest, must not widen the pane
    return label;
}

} // namespace

DetailsPane::DetailsPane(QWidget *parent)
    : QScrollArea(parent)
    , m_title(valueLabel(this))
    , m_stateIcon(new IconLabel({}, this))
    , m_stateText(valueLabel(this))
    , m_problem(new Callout(Tone::Caution, this))
    , m_placesTitle(new QLabel(tr("Places"), this))
    , m_places(new FactList(this))
    , m_form(new QFormLayout)
{
    setObjectName(u"details"_s);
    setAccessibleName(tr("Details of the selected row"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setObjectName(u"detailsTitle"_s);
    m_stateText->setObjectName(u"detailsState"_s);
    m_problem->setObjectName(u"detailsProblem"_s);
    m_placesTitle->setForegroundRole(QPalette::PlaceholderText);
    m_placesTitle->hide();
    m_places->setObjectName(u"detailsPlaces"_s);
    m_places->setAccessibleName(tr("Places"));
    m_form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->setHorizontalSpacing(12);
    m_form->setVerticalSpacing(6);

    auto *content = new QWidget(this);
    content->setBackgroundRole(QPalette::Base);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(10);
    auto *state = new QHBoxLayout;
    state->addWidget(m_stateIcon, 0, Qt::AlignTop);
    state->addWidget(m_stateText, 1);
    column->addWidget(m_title);
    column->addLayout(state);
    column->addWidget(m_problem);
    column->addWidget(m_placesTitle);
    column->addWidget(m_places);
    column->addLayout(m_form);
    column->addStretch(1);
    setWidget(content);
    m_details.title = u"-"_s; // differs from nothing, so that the hint is built
    setDetails({});
}

void DetailsPane::setDetails(const Details &details)
{
    if (details == m_details)
        return;
    const auto sameName = [](const auto &a, const auto &b) { return a.first == b.first; };
    const bool sameRows = std::equal(
        details.rows.begin(),
        details.rows.end(),
        m_details.rows.begin(),
        m_details.rows.end(),
        sameName);
    const bool samePlaces = details.places == m_details.places;
    m_details = details;
    m_title->setText(
        details.title.isEmpty() ? tr("Select a row to see its details.") : details.title);
    m_title->setEnabled(!details.title.isEmpty());
    m_stateText->setText(details.stateText);
    m_stateIcon->setVisible(!details.stateText.isEmpty());
    m_stateText->setVisible(!details.stateText.isEmpty());
    m_problem->setText(details.problem);
    m_problem->setVisible(!details.problem.isEmpty());
    if (!samePlaces) {
        m_places->setFacts(details.places);
        m_placesTitle->setVisible(!details.places.isEmpty());
    }
    if (!sameRows)
        rebuildRows();
    for (int row = 0; row < m_values.size(); ++row) {
        if (m_values.at(row)->text() != details.rows.at(row).second)
            m_values.at(row)->setText(details.rows.at(row).second);
    }
    m_stateIcon->setIcon(icon(details.mark));
    m_problem->setTone(details.mark == StateMark::Failed ? Tone::Negative : Tone::Caution);
}

void DetailsPane::rebuildRows()
{
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
    m_values.clear();
    for (const auto &[name, value] : m_details.rows) {
        auto *label = new QLabel(name, widget());
        label->setForegroundRole(QPalette::PlaceholderText);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        auto *text = valueLabel(widget());
        text->setAccessibleName(name);
        label->setBuddy(text);
        m_form->addRow(label, text);
        m_values.append(text);
    }
}

} // namespace sandglass
