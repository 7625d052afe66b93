#pragma once

#include "services/core/result.h"

#include <functional>

class QApplication;

namespace sandglass {

class MainWindow;

/// Shows the window and, once its data is there, writes a PNG of each page and of each dialog that
/// the data allows, in light and in dark, into `folder`, which is made when missing. Then calls
/// `done` once: Storage when a file cannot be written, TimedOut when the data or an answer does not
/// come. Nothing is changed: no dialog is accepted.
void takeScreenshots(
    MainWindow &window,
    const QString &folder,
    QApplication *application,
    std::function<void(const Done &)> done);

} // namespace sandglass
