#pragma once

#include "ui/dialogs/consoledialog.h"

#include <QPushButton>
#include <QTest>

#include <memory>

namespace sandglass {

/// The child of this name; ends the test program when there is none.
template <class Widget> Widget &child(const QObject &parent, const QString &name)
{
    auto *found = parent.findChild<Widget *>(name);
    if (!found)
        qFatal("no child %s", qPrintable(name));
    return *found;
}

inline QPushButton &verb(const ConsoleDialog &dialog)
{
    return child<QPushButton>(dialog, QStringLiteral("verbButton"));
}

inline QPushButton &cancel(const ConsoleDialog &dialog)
{
    return child<QPushButton>(dialog, QStringLiteral("cancelButton"));
}

/// Opens a dialog that is kept when it closes, so that a test can look at it afterwards.
template <class Dialog> std::unique_ptr<Dialog> shown(std::unique_ptr<Dialog> dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->open();
    if (!QTest::qWaitForWindowExposed(dialog.get()))
        qFatal("the dialog does not show");
    return dialog;
}

} // namespace sandglass
