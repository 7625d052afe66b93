#pragma once

#include "services/domain/sandbox.h"
#include "ui/dialogs/consoledialog.h"

namespace sandglass {

/// Says what stays before an adopted sandbox is let go.
class LetGoDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    /// `snapshots`: how many it has.
    LetGoDialog(const Sandbox &sandbox, int snapshots, QWidget *parent = nullptr);
};

/// What letting go of an adopted sandbox with so many snapshots leaves. Pure.
[[nodiscard]] QList<FactLine> letGoConsequences(const Sandbox &sandbox, int snapshots);

} // namespace sandglass
