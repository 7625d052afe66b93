#include "ui/dialogs/changesettingdialog.h"

#include "models/settingtablemodel.h"
#include "ui/durationedit.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QSpinBox>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QList<qint64> usualDurations{0, 60, 3'600, 86'400, 604'800, 1'209'600, 7'776'000};

QList<qint64> allowedDurations(Setting setting)
{
    QList<qint64> allowed;
    for (const qint64 seconds : usualDurations) {
        if (validateSetting(setting, seconds))
            allowed.append(seconds);
    }
    return allowed;
}

} // namespace

ChangeSettingDialog::ChangeSettingDialog(const SettingValue &present, QWidget *parent)
    : ConsoleDialog(u"changeSettingDialog"_s, Deed::Harmless, parent)
    , m_setting(present.setting)
{
    setWindowTitle(tr("Change Setting"));
    const SettingDefinition &definition = definitionOf(m_setting);
    setHeading(
        IconName::Info,
        present.namespaceName.isEmpty()
            ? tr("%1, for all namespaces").arg(definition.title)
            : tr("%1, for namespace “%2”").arg(definition.title, present.namespaceName.text()),
        present.namespaceName.isEmpty()
            ? tr("%1 Namespaces with a value of their own keep it.").arg(definition.words)
            : definition.words);
    setVerb(tr("&Change"), IconName::Good);
    addField(present);
    update();
}

void ChangeSettingDialog::addField(const SettingValue &present)
{
    const SettingDefinition &definition = definitionOf(m_setting);
    auto *form = new QFormLayout;
    body()->addLayout(form);
    if (definition.unit == SettingUnit::Seconds) {
        m_duration = new DurationEdit(
            definition.title,
            allowedDurations(m_setting),
            present.value,
            settingText(m_setting, 0),
            this);
        m_duration->setObjectName(u"durationEdit"_s);
        connect(m_duration, &DurationEdit::changed, this, &ChangeSettingDialog::update);
        form->addRow(tr("&Value:"), m_duration);
        return;
    }
    if (definition.unit == SettingUnit::YesNo) {
        m_yes = new QCheckBox(definition.title, this);
        m_yes->setObjectName(u"yesCheck"_s);
        m_yes->setChecked(present.value != 0);
        connect(m_yes, &QCheckBox::toggled, this, &ChangeSettingDialog::update);
        form->addRow(m_yes);
        return;
    }
    m_number = new QSpinBox(this);
    if (definition.unit == SettingUnit::Percent)
        m_number->setSuffix(tr(" %"));
    m_number->setObjectName(u"numberSpin"_s);
    m_number->setAccessibleName(definition.title);
    m_number->setRange(int(definition.least), int(definition.most));
    m_number->setValue(int(present.value));
    connect(m_number, &QSpinBox::valueChanged, this, &ChangeSettingDialog::update);
    form->addRow(tr("&Value:"), m_number);
}

qint64 ChangeSettingDialog::value() const
{
    if (m_yes)
        return m_yes->isChecked() ? 1 : 0;
    return m_duration ? m_duration->seconds() : m_number->value();
}

void ChangeSettingDialog::update()
{
    const auto valid = validateSetting(m_setting, value());
    setHindrance(valid ? QString() : valid.error().detail);
}

} // namespace sandglass
