#pragma once

#include "ui/dialogs/enginedialog.h"

namespace sandglass {

/// Asks for another address of an engine that is known, and tries it on demand.
class ChangeEngineDialog final : public EngineDialog
{
    Q_OBJECT
public:
    explicit ChangeEngineDialog(const Engine &present, QWidget *parent = nullptr);

    /// Sensible when hindrance() is empty.
    [[nodiscard]] EngineAddress request() const;

private:
    [[nodiscard]] QString whyNot() const override;

    Engine m_present;
};

} // namespace sandglass
