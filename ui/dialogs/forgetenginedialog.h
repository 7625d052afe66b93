#pragma once

#include "services/domain/engine.h"
#include "ui/dialogs/consoledialog.h"

namespace sandglass {

/// Asks before an engine leaves the list.
class ForgetEngineDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit ForgetEngineDialog(const Engine &engine, QWidget *parent = nullptr);
};

} // namespace sandglass
