#pragma once

#include "ui/callout.h"
#include "ui/factlist.h"
#include "ui/icons.h"

#include <QDialog>

class QDialogButtonBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sandglass {

class IconLabel;

/// What all dialogs of the console share: a heading that says what is about to happen, a body, one
/// button that names the deed and is disabled with a reason, and Cancel. Show with open();
/// accepted() means that the request may be made. It deletes itself when closed.
class ConsoleDialog : public QDialog
{
    Q_OBJECT
public:
    /// Whether a slip of the finger would cost something: then Cancel is what Enter presses.
    enum class Deed { Harmless, Destructive };

    /// Whether all that was asked in the background has been answered.
    [[nodiscard]] bool isSettled() const { return m_pending == 0; }
    /// Why the deed is not possible now; empty when it is.
    [[nodiscard]] const QString &hindrance() const { return m_hindrance; }

Q_SIGNALS:
    /// The last pending answer has come.
    void settled();

protected:
    ConsoleDialog(const QString &objectName, Deed deed, QWidget *parent);

    void setHeading(IconName iconName, const QString &heading, const QString &explanation);
    void setVerb(const QString &text, IconName iconName);
    /// Empty: the deed is possible.
    void setHindrance(const QString &why);

    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    void beginPending() { ++m_pending; }
    void endPending();

    bool event(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    /// As high as its content, if the screen is; what somebody made higher stays so.
    void fitHeight();

    Deed m_deed;
    int m_pending = 0;
    int m_fittedHeight = 0;
    QString m_hindrance;
    IconLabel *m_icon;
    QLabel *m_heading;
    QLabel *m_explanation;
    QVBoxLayout *m_body;
    FactList *m_hindranceText;
    QDialogButtonBox *m_buttons;
    QPushButton *m_verb;
};

} // namespace sandglass
