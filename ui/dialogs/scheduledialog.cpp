#include "ui/dialogs/scheduledialog.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "services/core/errorsentence.h"
#include "services/domain/crontimes.h"
#include "services/domain/ttl.h"
#include "ui/comboname.h"
#include "ui/durationedit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QTimeZone>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int shownRuns = 3;
const QStringList usualTimes{u"0 * * * *"_s, u"30 2 * * *"_s, u"30 2 * * MON"_s, u"30 2 1 * *"_s};

/// How many times come next, on the wall clock of the user; an empty list when none does.
QStringList nextTimes(const QString &cron, const QTimeZone &zone, Timestamp now)
{
    QStringList lines;
    const auto times = CronTimes::parse(cron);
    Timestamp after = now;
    while (times && lines.size() < shownRuns) {
        const auto next = times->next(after, zone);
        if (!next)
            break;
        lines.append(momentText(*next));
        after = *next;
    }
    return lines;
}

SnapshotSchedule newSchedule()
{
    SnapshotSchedule schedule;
    schedule.cron = usualTimes.at(1);
    schedule.timeZone = localTimeZone();
    schedule.namespaceName = NamespaceName::trusted(u"default"_s);
    return schedule;
}

QComboBox *scheduleCombo(const QString &name, QWidget *parent)
{
    auto *combo = new QComboBox(parent);
    combo->setObjectName(name);
    combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return combo;
}

} // namespace

ScheduleDialog::ScheduleDialog(
    const QList<Sandbox> &sandboxes,
    const QList<SnapshotSchedule> &known,
    Timestamp now,
    QWidget *parent)
    : ScheduleDialog(newSchedule(), sandboxes, known, now, true, parent)
{ }

ScheduleDialog::ScheduleDialog(
    const SnapshotSchedule &present,
    const QList<Sandbox> &sandboxes,
    Timestamp now,
    QWidget *parent)
    : ScheduleDialog(present, sandboxes, {}, now, false, parent)
{ }

ScheduleDialog::ScheduleDialog(
    const SnapshotSchedule &present,
    const QList<Sandbox> &sandboxes,
    const QList<SnapshotSchedule> &known,
    Timestamp now,
    bool isNew,
    QWidget *parent)
    : ConsoleDialog(u"scheduleDialog"_s, Deed::Harmless, parent)
    , m_present(present)
    , m_known(known)
    , m_now(now)
    , m_isNew(isNew)
    , m_name(new QLineEdit(present.name.text(), this))
    , m_ofOne(new QRadioButton(tr("Of &sandbox:"), this))
    , m_sandbox(scheduleCombo(u"sandboxCombo"_s, this))
    , m_ofMany(new QRadioButton(tr("Of all with &labels:"), this))
    , m_selector(new QLineEdit(present.selector, this))
    , m_namespace(scheduleCombo(u"namespaceCombo"_s, this))
    , m_times(scheduleCombo(u"timesCombo"_s, this))
    , m_zone(scheduleCombo(u"zoneCombo"_s, this))
    , m_next(new QLabel(this))
    , m_ownTtl(new QCheckBox(tr("&Keep for:"), this))
    , m_ttl(new DurationEdit(
          tr("Keep for"),
          {0, 3'600, 86'400, 604'800, defaultTtlSeconds, 7'776'000},
          present.ttlSeconds.value_or(defaultTtlSeconds),
          tr("never expires"),
          this))
    , m_tag(new QLineEdit(present.tagPattern, this))
{
    setWindowTitle(isNew ? tr("New Schedule") : tr("Change Schedule"));
    setHeading(
        IconName::Schedule,
        isNew ? tr("Take snapshots by a schedule")
              : tr("Change schedule “%1”").arg(present.name.text()),
        tr("Before it takes new ones, what has expired in the namespace is deleted. Times that "
           "are missed, because nothing ran then, are made up for once."));
    setVerb(isNew ? tr("&Add schedule") : tr("Sa&ve"), isNew ? IconName::Add : IconName::Schedule);
    fillIn(sandboxes);
    layOut();

    connect(m_ofOne, &QRadioButton::toggled, this, &ScheduleDialog::update);
    connect(m_ownTtl, &QCheckBox::toggled, this, &ScheduleDialog::update);
    connect(m_ttl, &DurationEdit::changed, this, &ScheduleDialog::update);
    for (QLineEdit *edit : {m_name, m_selector, m_tag})
        connect(edit, &QLineEdit::textChanged, this, &ScheduleDialog::update);
    for (QComboBox *combo : {m_sandbox, m_namespace, m_times, m_zone})
        connect(combo, &QComboBox::currentTextChanged, this, &ScheduleDialog::update);
    (isNew ? static_cast<QWidget *>(m_name) : m_times)->setFocus();
    update();
}

void ScheduleDialog::fillIn(const QList<Sandbox> &sandboxes)
{
    QStringList namespaces{m_present.namespaceName.text()};
    for (const Sandbox &sandbox : sandboxes) {
        namespaces.append(sandbox.namespaceName.text());
        if (m_isNew || sandbox.namespaceName == m_present.namespaceName) {
            m_sandbox->addItem(
                tr("%1 in %2").arg(nameText(sandbox), sandbox.namespaceName.text()),
                QVariant::fromValue(sandbox));
        }
    }
    m_sandbox->setPlaceholderText(tr("Its sandbox is gone"));
    if (!m_present.sandbox.isEmpty()) {
        int found = m_sandbox->count() - 1;
        while (found >= 0 && m_sandbox->itemData(found).value<Sandbox>().id != m_present.sandbox)
            --found;
        m_sandbox->setCurrentIndex(found);
    }
    namespaces.sort();
    namespaces.removeDuplicates();
    m_namespace->addItems(namespaces);
    m_namespace->setCurrentText(m_present.namespaceName.text());
    m_namespace->setEnabled(m_isNew);
    m_name->setReadOnly(!m_isNew);
    const bool ofOne =
        m_present.selector.isEmpty() && (m_sandbox->count() > 0 || !m_present.sandbox.isEmpty());
    (ofOne ? m_ofOne : m_ofMany)->setChecked(true);

    m_times->setEditable(true);
    m_times->addItems(usualTimes);
    m_times->setCurrentText(m_present.cron);
    const QList<QByteArray> zones = QTimeZone::availableTimeZoneIds();
    for (const QByteArray &zone : zones)
        m_zone->addItem(QString::fromLatin1(zone));
    m_zone->setCurrentText(m_present.timeZone);
    m_ownTtl->setChecked(m_present.ttlSeconds.has_value());
}

void ScheduleDialog::layOut()
{
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setPlaceholderText(tr("for example nightly"));
    m_ofOne->setObjectName(u"ofOneRadio"_s);
    nameCombo(m_sandbox, tr("Sandbox"));
    m_ofMany->setObjectName(u"ofManyRadio"_s);
    m_selector->setObjectName(u"selectorEdit"_s);
    m_selector->setAccessibleName(tr("Labels of the sandboxes"));
    m_selector->setPlaceholderText(tr("for example team=web,keep"));
    nameCombo(m_namespace, tr("Namespace of the sandboxes"));
    m_times->lineEdit()->setPlaceholderText(tr("minute hour day month weekday"));
    m_times->setToolTip(
        tr("As crontab has it: minute, hour, day of the month, month and weekday; * is every."));
    m_next->setObjectName(u"nextText"_s);
    m_next->setForegroundRole(QPalette::PlaceholderText);
    m_ownTtl->setObjectName(u"ownTtlCheck"_s);
    m_ttl->setObjectName(u"ttlEdit"_s);
    m_tag->setObjectName(u"tagEdit"_s);
    m_tag->setPlaceholderText(tr("for example nightly-{date}; may stay empty"));
    m_tag->setToolTip(
        tr("{date}, {time} and {sandbox} stand for when it was due, and of which sandbox it is."));

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(m_ofOne, m_sandbox);
    auto *many = new QHBoxLayout;
    auto *in = new QLabel(tr("in"), this);
    many->addWidget(m_selector, 2);
    many->addWidget(in);
    many->addWidget(m_namespace, 1);
    form->addRow(m_ofMany, many);
    form->addRow(tr("&When:"), m_times);
    form->addRow(tr("On the clock &of:"), m_zone);
    form->addRow(tr("Next:"), m_next);
    form->addRow(m_ownTtl, m_ttl);
    form->addRow(tr("&Tag:"), m_tag);
    body()->addLayout(form);
}

SnapshotSchedule ScheduleDialog::schedule() const
{
    SnapshotSchedule schedule = m_present;
    schedule.name = ScheduleName::trusted(m_name->text().trimmed());
    schedule.sandbox = {};
    schedule.selector.clear();
    if (m_ofOne->isChecked()) {
        const auto sandbox = m_sandbox->currentData().value<Sandbox>();
        schedule.sandbox = sandbox.id;
        schedule.namespaceName = sandbox.namespaceName;
    } else {
        schedule.selector = m_selector->text().trimmed();
        schedule.namespaceName = NamespaceName::trusted(m_namespace->currentText());
    }
    schedule.cron = m_times->currentText().trimmed();
    schedule.timeZone = m_zone->currentText();
    schedule.ttlSeconds = m_ownTtl->isChecked() ? std::optional(m_ttl->seconds()) : std::nullopt;
    schedule.tagPattern = m_tag->text().trimmed();
    return schedule;
}

QString ScheduleDialog::whyNot() const
{
    const SnapshotSchedule wanted = schedule();
    if (wanted.name.isEmpty())
        return tr("Give it a name.");
    if (m_ofOne->isChecked() && m_sandbox->currentIndex() < 0)
        return tr("The sandbox of this schedule is gone; choose another.");
    const bool isTaken =
        std::any_of(m_known.begin(), m_known.end(), [&wanted](const SnapshotSchedule &other) {
            return other.name == wanted.name && other.namespaceName == wanted.namespaceName;
        });
    if (isTaken)
        return tr("Namespace %1 has a schedule of this name.").arg(wanted.namespaceName.text());
    const Done valid = validateSchedule(wanted, m_now);
    return valid ? QString() : sentenceFor(valid.error()).text();
}

void ScheduleDialog::update()
{
    m_sandbox->setEnabled(m_ofOne->isChecked());
    m_selector->setEnabled(m_ofMany->isChecked());
    m_namespace->setEnabled(m_ofMany->isChecked() && m_isNew);
    m_ttl->setEnabled(m_ownTtl->isChecked());
    const QTimeZone zone(m_zone->currentText().toLatin1());
    const QStringList next = nextTimes(m_times->currentText().trimmed(), zone, m_now);
    m_next->setText(next.isEmpty() ? noValueText() : next.join(u", "_s));
    setHindrance(whyNot());
}

} // namespace sandglass
