#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;
class EngineDialog;

/// The engines: add one, change where one is, forget one.
class EnginesPage final : public TablePage
{
    Q_OBJECT
public:
    explicit EnginesPage(const PageContext &context, QWidget *parent = nullptr);

    [[nodiscard]] QAction *addAction() const { return m_add; }
    ConsoleDialog *askForEngine(); ///< opens the dialog
    ConsoleDialog *askForAddress(); ///< of the selected one; nothing when none is

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    [[nodiscard]] QList<Engine> selected() const;
    void answerProbes(EngineDialog &dialog);
    void askToForget();

    QAction *m_add;
    QAction *m_change;
    QAction *m_forget;
};

} // namespace sandglass
