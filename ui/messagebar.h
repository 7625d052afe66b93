#pragma once

#include "services/core/error.h"
#include "ui/callout.h"

class QLabel;
class QToolButton;

namespace sandglass {

/// A message inside a page instead of a box in front of it: what happened and what to do, the rest
/// on demand, and all of it can be copied. Hidden while there is nothing to say. A new message
/// takes the place of the old one.
class MessageBar final : public Callout
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);

    /// `attempt`: what was tried, as "The snapshot was not created".
    void showError(const QString &attempt, const Error &error);
    /// `details` may be empty.
    void showMessage(Tone tone, const QString &text, const QString &details = {});
    void dismiss();

    /// All that it says, for the clipboard.
    [[nodiscard]] QString wholeText() const;

private:
    QLabel *m_details;
    QToolButton *m_detailsButton;
};

} // namespace sandglass
