#pragma once

#include "ui/tablepage.h"

namespace sandglass {

/// What is going on and what came of it: cancel it, copy its error.
class OperationsPage final : public TablePage
{
    Q_OBJECT
public:
    explicit OperationsPage(const PageContext &context, QWidget *parent = nullptr);

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;

private:
    [[nodiscard]] QList<Operation> selected() const;
    void cancel();
    void copyError();

    QAction *m_cancel;
    QAction *m_copy;
};

} // namespace sandglass
