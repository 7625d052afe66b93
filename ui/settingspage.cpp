#include "ui/settingspage.h"

#include "services/core/errorsentence.h"
#include "ui/dialogs/changesettingdialog.h"

#include <QMessageBox>
#include <QPushButton>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using SettingColumn = SettingTableModel::Column;

/// Whether this row has a value of its own, which can be taken away.
bool isOwn(const SettingValue &value)
{
    return value.source
        == (value.namespaceName.isEmpty() ? SettingSource::Global : SettingSource::Namespace);
}

} // namespace

SettingsPage::SettingsPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"settingsPage"_s,
            .title = tr("Settings"),
            .icon = IconName::Info,
            .model = context.data.settings(),
            .stateColumn = int(SettingColumn::Source),
            .sortColumn = int(SettingColumn::AppliesTo),
            .widths = {26, 34, 20, 24},
            .states = {{tr("Changed"), StateMark::Good}, {tr("Default"), StateMark::Note}}},
        parent)
    , m_change(addSelectionAction(u"changeSettingAction"_s, tr("&Change…"), IconName::Test))
    , m_takeBack(
          addSelectionAction(u"takeBackSettingAction"_s, tr("&Take Value Away"), IconName::Restore))
{
    connect(m_change, &QAction::triggered, this, &SettingsPage::askForValue);
    connect(m_takeBack, &QAction::triggered, this, &SettingsPage::takeBack);
}

std::optional<SettingValue> SettingsPage::selected() const
{
    const QStringList ids = selectedIds();
    const SettingValue *value =
        ids.size() == 1 ? context().data.settings().find(ids.first()) : nullptr;
    return value ? std::optional(*value) : std::nullopt;
}

void SettingsPage::updateActions()
{
    const std::optional<SettingValue> value = selected();
    const QString none = tr("Select a setting first.");
    setAvailability(m_change, {value ? QString() : none});
    if (value && !isOwn(*value))
        setAvailability(m_takeBack, {tr("It has no value of its own here.")});
    else
        setAvailability(m_takeBack, {value ? QString() : none});
}

Details SettingsPage::detailsOf(const QString &id) const
{
    const SettingValue *value = context().data.settings().find(id);
    return value ? sandglass::detailsOf(*value) : Details();
}

EmptyState SettingsPage::emptyState() const
{
    return {IconName::Info, tr("No settings"), {}, nullptr};
}

ConsoleDialog *SettingsPage::askForValue()
{
    const std::optional<SettingValue> present = selected();
    if (!present)
        return nullptr;
    auto *dialog = new ChangeSettingDialog(*present, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, value = *present] {
        change(value, dialog->value());
    });
    dialog->open();
    return dialog;
}

void SettingsPage::takeBack()
{
    if (const std::optional<SettingValue> present = selected(); present && isOwn(*present))
        change(*present, std::nullopt);
}

void SettingsPage::change(
    const SettingValue &present, std::optional<qint64> value, DeleteEverything allowed)
{
    inBackground(
        context().pool,
        this,
        [use = context().useCases, caller = context().caller, present, value, allowed] {
            return use.settings.change(
                present.namespaceName, {{present.setting, value}}, caller, allowed);
        },
        [this, present, value](const Done &changed) {
            if (changed) {
                Q_EMIT
                told(tr("The setting is changed; it is in force at once."));
            } else if (changed.error().kind == ErrorKind::Conflict) {
                askAgain(present, value, changed.error());
            } else {
                messages().showError(tr("The setting was not changed."), changed.error());
            }
        });
}

void SettingsPage::askAgain(
    const SettingValue &present, std::optional<qint64> value, const Error &refused)
{
    auto *box = new QMessageBox(
        QMessageBox::Warning,
        tr("Change Setting"),
        sentenceFor(refused).text(),
        QMessageBox::Cancel,
        this);
    box->setObjectName(u"deleteEverythingBox"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *change = box->addButton(tr("Change it all the &same"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(change, &QPushButton::clicked, this, [this, present, value] {
        this->change(present, value, DeleteEverything::Yes);
    });
    box->open();
}

} // namespace sandglass
