#include "ui/messagebar.h"

#include "services/core/errorsentence.h"
#include "ui/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

MessageBar::MessageBar(QWidget *parent)
    : Callout(Tone::Neutral, parent)
    , m_details(paragraph(u"messageDetails"_s, this))
    , m_detailsButton(new QToolButton(this))
{
    setObjectName(u"messageBar"_s);
    m_detailsButton->setObjectName(u"messageDetailsButton"_s);
    m_detailsButton->setText(tr("Details"));
    m_detailsButton->setCheckable(true);
    connect(m_detailsButton, &QToolButton::toggled, m_details, &QWidget::setVisible);

    auto *copy = new QToolButton(this);
    copy->setObjectName(u"messageCopyButton"_s);
    copy->setText(tr("Copy"));
    copy->setIcon(icon(IconName::Copy));
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    copy->setToolTip(tr("Copy the whole message"));
    connect(copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(wholeText());
    });

    auto *close = new QToolButton(this);
    close->setObjectName(u"messageCloseButton"_s);
    close->setIcon(icon(IconName::Cancel));
    close->setToolTip(tr("Dismiss this message"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, this, &MessageBar::dismiss);

    words()->addWidget(m_details);
    for (QToolButton *button : {m_detailsButton, copy, close}) {
        button->setAutoRaise(true);
        row()->addWidget(button, 0, Qt::AlignTop);
    }
    hide();
}

void MessageBar::showError(const QString &attempt, const Error &error)
{
    const ErrorSentence sentence = sentenceFor(error);
    QStringList details;
    for (const QString &part : {sentence.whatItMeans, sentence.engineWords, error.origin}) {
        if (!part.isEmpty())
            details.append(part);
    }
    QString words = attempt + u' ' + sentence.whatHappened;
    if (!sentence.whatToDo.isEmpty())
        words += u' ' + sentence.whatToDo;
    showMessage(Tone::Negative, words, details.join(u'\n'));
}

void MessageBar::showMessage(Tone tone, const QString &words, const QString &details)
{
    setTone(tone);
    setText(words);
    m_details->setText(details);
    m_details->hide();
    m_detailsButton->setChecked(false);
    m_detailsButton->setVisible(!details.isEmpty());
    show();
}

void MessageBar::dismiss()
{
    hide();
}

QString MessageBar::wholeText() const
{
    return m_details->text().isEmpty() ? text() : text() + u'\n' + m_details->text();
}

} // namespace sandglass
