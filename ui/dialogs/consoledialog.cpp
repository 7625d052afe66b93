#include "ui/dialogs/consoledialog.h"

#include "ui/iconlabel.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr int headingIconSize = 32;
constexpr int narrowestDialog = 520;
constexpr int roomForTheFrame = 48; // the title bar and the panel's shadow
} // namespace

ConsoleDialog::ConsoleDialog(const QString &objectName, Deed deed, QWidget *parent)
    : QDialog(parent)
    , m_deed(deed)
    , m_icon(new IconLabel({}, this, headingIconSize))
    , m_heading(paragraph(u"heading"_s, this))
    , m_explanation(paragraph(u"explanation"_s, this))
    , m_body(new QVBoxLayout)
    , m_hindranceText(new FactList(this))
    , m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this))
    , m_verb(m_buttons->addButton(QString(), QDialogButtonBox::AcceptRole))
{
    setObjectName(objectName);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(narrowestDialog);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setBold(true);
    m_heading->setFont(large);
    m_verb->setObjectName(u"verbButton"_s);
    QPushButton *cancel = m_buttons->button(QDialogButtonBox::Cancel);
    cancel->setObjectName(u"cancelButton"_s);
    if (deed == Deed::Destructive) {
        m_verb->setAutoDefault(false);
        cancel->setDefault(true);
    } else {
        m_verb->setDefault(true);
        cancel->setAutoDefault(false);
    }
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_heading);
    words->addWidget(m_explanation);
    auto *top = new QHBoxLayout;
    top->setSpacing(14);
    top->addWidget(m_icon, 0, Qt::AlignTop);
    top->addLayout(words, 1);
    auto *all = new QVBoxLayout(this);
    // Its own idea of a minimum takes every paragraph for as narrow, and so as high, as can be.
    all->setSizeConstraint(QLayout::SetNoConstraint);
    all->setContentsMargins(16, 16, 16, 16);
    all->setSpacing(14);
    all->addLayout(top);
    all->addLayout(m_body);
    all->addStretch(1);
    all->addWidget(m_hindranceText);
    all->addWidget(m_buttons);
    m_hindranceText->setObjectName(u"hindrance"_s);
}

void ConsoleDialog::setHeading(
    IconName iconName, const QString &heading, const QString &explanation)
{
    m_icon->setIcon(icon(iconName, m_deed == Deed::Destructive ? Tone::Negative : Tone::Active));
    m_heading->setText(heading);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    setAccessibleName(heading);
    setAccessibleDescription(explanation);
}

void ConsoleDialog::setVerb(const QString &text, IconName iconName)
{
    m_verb->setText(text);
    m_verb->setIcon(icon(iconName));
}

void ConsoleDialog::setHindrance(const QString &why)
{
    m_hindrance = why;
    m_verb->setEnabled(why.isEmpty());
    m_verb->setToolTip(why);
    m_verb->setAccessibleDescription(why);
    if (why.isEmpty())
        m_hindranceText->setFacts({});
    else
        m_hindranceText->setFacts({{StateMark::Note, why}});
}

void ConsoleDialog::endPending()
{
    if (--m_pending == 0)
        Q_EMIT
    settled();
}

bool ConsoleDialog::event(QEvent *event)
{
    const bool handled = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest && isVisible())
        fitHeight();
    return handled;
}

void ConsoleDialog::fitHeight()
{
    const int most = screen()->availableGeometry().height() - roomForTheFrame;
    const int wanted = std::min(layout()->totalHeightForWidth(width()), most);
    const bool wasFitted = !isVisible() || height() == m_fittedHeight;
    setMinimumHeight(wanted);
    if (wasFitted) // who made it higher wants it so
        resize(width(), wanted);
    m_fittedHeight = wanted;
}

void ConsoleDialog::showEvent(QShowEvent *event)
{
    fitHeight();
    QDialog::showEvent(event);
    if (m_deed == Deed::Destructive)
        m_buttons->button(QDialogButtonBox::Cancel)->setFocus();
}

} // namespace sandglass
