#include "ui/dialogs/pinsnapshotsdialog.h"

#include <QDateTimeEdit>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int firstPinDays = 30;

QDateTime localTime(Timestamp time)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time));
}

} // namespace

PinSnapshotsDialog::PinSnapshotsDialog(
    const QList<Snapshot> &snapshots, Timestamp now, QWidget *parent)
    : ConsoleDialog(u"pinSnapshotsDialog"_s, Deed::Harmless, parent)
    , m_now(now)
    , m_reason(new QLineEdit(this))
    , m_forGood(new QRadioButton(tr("for &good"), this))
    , m_limited(new QRadioButton(tr("&until"), this))
    , m_until(new QDateTimeEdit(localTime(now).addDays(firstPinDays), this))
{
    setWindowTitle(tr("Pin Snapshots"));
    setHeading(
        IconName::Pin,
        snapshots.size() == 1
            ? tr("Keep snapshot “%1” whatever its time to live?").arg(snapshots.first().id.text())
            : tr("Keep %n snapshots whatever their time to live?", nullptr, int(snapshots.size())),
        tr("While the pin holds no cleanup deletes it, and nobody can, until it is unpinned."));
    setVerb(tr("&Pin"), IconName::Pin);

    m_reason->setObjectName(u"reasonEdit"_s);
    m_reason->setMaxLength(longestNote);
    m_reason->setPlaceholderText(tr("for those who come after you"));
    m_forGood->setObjectName(u"forGoodRadio"_s);
    m_limited->setObjectName(u"untilRadio"_s);
    m_limited->setChecked(true);
    m_until->setObjectName(u"untilEdit"_s);
    m_until->setAccessibleName(tr("Pinned until"));
    m_until->setCalendarPopup(true);
    m_until->setMinimumDateTime(localTime(now));

    auto *times = new QHBoxLayout;
    times->addWidget(m_limited);
    times->addWidget(m_until, 1);
    auto *form = new QFormLayout;
    form->addRow(tr("&Reason:"), m_reason);
    form->addRow(tr("Keep:"), times);
    form->addRow(QString(), m_forGood);
    body()->addLayout(form);
    connect(m_reason, &QLineEdit::textChanged, this, &PinSnapshotsDialog::update);
    connect(m_limited, &QRadioButton::toggled, this, &PinSnapshotsDialog::update);
    connect(m_until, &QDateTimeEdit::dateTimeChanged, this, &PinSnapshotsDialog::update);
    m_reason->setFocus();
    update();
}

QString PinSnapshotsDialog::reason() const
{
    return m_reason->text().trimmed();
}

std::optional<Timestamp> PinSnapshotsDialog::until() const
{
    if (m_forGood->isChecked())
        return std::nullopt;
    return fromMilliseconds(m_until->dateTime().toMSecsSinceEpoch());
}

void PinSnapshotsDialog::update()
{
    m_until->setEnabled(m_limited->isChecked());
    const auto end = until();
    if (reason().isEmpty())
        setHindrance(tr("Say why it is kept."));
    else if (end && *end <= m_now)
        setHindrance(tr("The pin would end in the past."));
    else
        setHindrance({});
}

} // namespace sandglass
