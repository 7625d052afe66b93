#pragma once

#include "ui/tablepage.h"

namespace sandglass {

/// The cleanups that were: when, by whom, and what became of each snapshot.
class CleanupHistoryPage final : public TablePage
{
    Q_OBJECT
public:
    explicit CleanupHistoryPage(const PageContext &context, QWidget *parent = nullptr);

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;

private:
    void readItems(const CleanupRun &run);

    CleanupRun m_read; ///< the selected run as it was read last, with its items
    QString m_unreadable; ///< the run of which that failed; it is tried again after another one
    bool m_isReading = false;
};

} // namespace sandglass
