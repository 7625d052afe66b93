#include "ui/factlist.h"

#include "ui/callout.h"
#include "ui/iconlabel.h"

#include <QLabel>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

FactList::FactList(QWidget *parent)
    : QWidget(parent)
    , m_lines(new QVBoxLayout(this))
{
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(5);
    hide();
}

void FactList::setFacts(const QList<FactLine> &facts)
{
    m_facts = facts;
    while (QLayoutItem *item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const FactLine &fact : facts) {
        auto *line = new QWidget(this);
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
        auto *words = paragraph(u"fact"_s, line);
        words->setText(fact.text);
        row->addWidget(new IconLabel(icon(fact.mark), line), 0, Qt::AlignTop);
        row->addWidget(words, 1);
        m_lines->addWidget(line);
        line->show(); // the layout would do it, but too late to count in the present size
    }
    setAccessibleDescription(text());
    setVisible(!facts.isEmpty());
}

QString FactList::text() const
{
    QStringList lines;
    for (const FactLine &fact : m_facts)
        lines.append(fact.text);
    return lines.join(u'\n');
}

} // namespace sandglass
