#pragma once

#include "ui/dialogs/consoledialog.h"

namespace sandglass {

/// Says what a rebuild of the database does, before it is done.
class RebuildDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// Names of the engines that answer now, and of the others.
    RebuildDialog(
        const QStringList &answering, const QStringList &silent, QWidget *parent = nullptr);
};

} // namespace sandglass
