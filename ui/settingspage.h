#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;

/// What is in force for all namespaces and for each, and where it comes from: change it, or give a
/// namespace's own value up.
class SettingsPage final : public TablePage
{
    Q_OBJECT
public:
    explicit SettingsPage(const PageContext &context, QWidget *parent = nullptr);

    ConsoleDialog *askForValue(); ///< opens the dialog; nothing when no setting is selected

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;

private:
    [[nodiscard]] std::optional<SettingValue> selected() const;
    void takeBack();
    void change(
        const SettingValue &present,
        std::optional<qint64> value,
        DeleteEverything allowed = DeleteEverything::No);
    /// Whether it may be changed all the same, although it would delete everything of a namespace.
    void askAgain(const SettingValue &present, std::optional<qint64> value, const Error &refused);

    QAction *m_change;
    QAction *m_takeBack;
};

} // namespace sandglass
