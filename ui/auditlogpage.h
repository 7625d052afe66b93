#pragma once

#include "ui/tablepage.h"

namespace sandglass {

/// Who did what: read, check that nobody tampered with it, copy.
class AuditLogPage final : public TablePage
{
    Q_OBJECT
public:
    explicit AuditLogPage(const PageContext &context, QWidget *parent = nullptr);

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    [[nodiscard]] QList<AuditRecord> selected() const;
    void verify();
    void showReport(const AuditReport &report);
    void copy();

    bool m_isVerifying = false;
    QAction *m_verify;
    QAction *m_copy;
};

} // namespace sandglass
