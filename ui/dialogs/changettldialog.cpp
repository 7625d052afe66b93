#include "ui/dialogs/changettldialog.h"

#include "models/valuewords.h"
#include "services/domain/ttl.h"
#include "ui/durationedit.h"

#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

ChangeTtlDialog::ChangeTtlDialog(const QList<Snapshot> &snapshots, Timestamp now, QWidget *parent)
    : ConsoleDialog(u"changeTtlDialog"_s, Deed::Harmless, parent)
    , m_snapshots(snapshots)
    , m_now(now)
    , m_ttl(new DurationEdit(
          tr("Time to live"),
          {3'600, 86'400, 7 * 86'400, 14 * 86'400, 30 * 86'400, 90 * 86'400, 0},
          snapshots.first().ttlSeconds,
          tr("never expires"),
          this))
    , m_outcome(paragraph(u"outcomeText"_s, this))
{
    setWindowTitle(tr("Change Time to Live"));
    setHeading(
        IconName::Expired,
        snapshots.size() == 1
            ? tr("How long does snapshot “%1” live?").arg(snapshots.first().id.text())
            : tr("How long do %n snapshots live?", nullptr, int(snapshots.size())),
        tr("Counted from when each was created. What has expired is deleted by the next cleanup, "
           "unless a rule or a pin keeps it."));
    setVerb(tr("&Change"), IconName::Good);
    auto *form = new QFormLayout;
    m_ttl->setObjectName(u"ttlEdit"_s);
    form->addRow(tr("&Time to live:"), m_ttl);
    form->addRow(QString(), m_outcome);
    body()->addLayout(form);
    connect(m_ttl, &DurationEdit::changed, this, &ChangeTtlDialog::update);
    update();
}

qint64 ChangeTtlDialog::ttlSeconds() const
{
    return m_ttl->seconds();
}

void ChangeTtlDialog::update()
{
    const auto valid = validateTtl(ttlSeconds(), m_now);
    setHindrance(valid ? QString() : valid.error().detail);
    const auto expired =
        std::count_if(m_snapshots.begin(), m_snapshots.end(), [this](const Snapshot &snapshot) {
            return isExpired(snapshot.createdAt, ttlSeconds(), m_now);
        });
    if (m_snapshots.size() == 1) {
        const auto expiry = expiryOf(m_snapshots.first().createdAt, ttlSeconds());
        m_outcome->setText(
            expired > 0 ? tr("It has expired then: %1.").arg(expiryText(expiry, m_now))
                        : tr("Expires: %1.").arg(expiryText(expiry, m_now)));
        return;
    }
    m_outcome->setText(
        expired == 0 ? tr("None of them has expired then.")
                     : tr("%n of them have expired then.", nullptr, int(expired)));
}

} // namespace sandglass
