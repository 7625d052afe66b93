#pragma once

#include "ui/tablepage.h"

namespace sandglass {

class ConsoleDialog;
class RegistryDialog;

/// The registries and their credentials: add, change, test, forget.
class RegistriesPage final : public TablePage
{
    Q_OBJECT
public:
    explicit RegistriesPage(const PageContext &context, QWidget *parent = nullptr);

    // Each opens the dialog; nothing when that makes no sense for what is selected.
    ConsoleDialog *askForRegistry();
    ConsoleDialog *askForChange();
    ConsoleDialog *askForCredential();
    ConsoleDialog *askToRemoveCredential();
    ConsoleDialog *askToImport();
    ConsoleDialog *askToForget();

protected:
    void updateActions() override;
    [[nodiscard]] Details detailsOf(const QString &id) const override;
    [[nodiscard]] EmptyState emptyState() const override;
    [[nodiscard]] Banner banner() const override;

private:
    [[nodiscard]] QList<Registry> selected() const;
    [[nodiscard]] QStringList namespaces() const; ///< that are known
    ConsoleDialog *openDialog(RegistryDialog *dialog);
    QAction *addCredentialAction(
        const QString &name,
        const QString &text,
        IconName iconName,
        ConsoleDialog *(RegistriesPage::*ask)());
    void put(const PutRegistryRequest &request, const QString &attempt, const QString &done);
    void test();

    QAction *m_add;
    QAction *m_change;
    QAction *m_test;
    QMenu *m_credentialMenu;
    QAction *m_credential;
    QAction *m_replace;
    QAction *m_remove;
    QAction *m_import;
    QAction *m_forget;
};

} // namespace sandglass
