#include "ui/auditlogpage.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
using AuditColumn = AuditTableModel::Column;
} // namespace

AuditLogPage::AuditLogPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"auditPage"_s,
            .title = tr("Audit"),
            .icon = IconName::Find,
            .model = context.data.audit(),
            .stateColumn = int(AuditColumn::Result),
            .sortColumn = int(AuditColumn::When),
            .sortOrder = Qt::DescendingOrder,
            .widths = {8, 20, 28, 20, 28, 32, 20},
            .hiddenColumns = {int(AuditColumn::Number)},
            .multipleSelection = true,
            .states = {{tr("Failed"), StateMark::Failed}}},
        parent)
    , m_verify(addWindowAction(u"verifyAuditAction"_s, tr("&Verify Audit"), IconName::Test))
    , m_copy(addSelectionAction(
          u"copyAuditAction"_s, tr("&Copy Records"), IconName::Copy, QKeySequence::Copy))
{
    connect(m_verify, &QAction::triggered, this, &AuditLogPage::verify);
    connect(m_copy, &QAction::triggered, this, &AuditLogPage::copy);
}

QList<AuditRecord> AuditLogPage::selected() const
{
    QList<AuditRecord> records;
    for (const QString &id : selectedIds()) {
        if (const AuditRecord *record = context().data.audit().find(id.toLongLong()))
            records.append(*record);
    }
    return records;
}

void AuditLogPage::updateActions()
{
    setAvailability(m_verify, {m_isVerifying ? tr("It is being verified.") : QString()});
    setAvailability(m_copy, {selected().isEmpty() ? tr("Select a record first.") : QString()});
}

Details AuditLogPage::detailsOf(const QString &id) const
{
    const AuditRecord *record = context().data.audit().find(id.toLongLong());
    return record ? sandglass::detailsOf(*record) : Details();
}

EmptyState AuditLogPage::emptyState() const
{
    return {
        IconName::Find,
        tr("Nothing has been done yet"),
        tr("Whoever changes a sandbox, a snapshot, an engine or a setting, from this window or "
           "through the service, is listed here with what came of it."),
        nullptr};
}

TablePage::Banner AuditLogPage::banner() const
{
    const AuditTableModel &audit = context().data.audit();
    if (audit.rowCount() < ConsoleData::mostAuditRecords)
        return {};
    return {
        Tone::Neutral,
        tr("These are the newest %L1 records. GET /v1/audit of sandglassd lists all.")
            .arg(audit.rowCount())};
}

void AuditLogPage::verify()
{
    m_isVerifying = true;
    updateActions();
    inBackground(
        context().pool,
        this,
        [use = context().useCases] { return use.audit.verify(); },
        [this](const Result<AuditReport> &report) {
            m_isVerifying = false;
            updateActions();
            if (report)
                showReport(*report);
            else
                messages().showError(tr("The audit was not verified."), report.error());
        });
}

void AuditLogPage::showReport(const AuditReport &report)
{
    const QString end =
        tr("The last record is number %1 with the hash %2. Kept somewhere else, it tells later "
           "whether all up to it is as it is now.")
            .arg(report.lastSeq)
            .arg(report.lastHash);
    if (report.isWhole()) {
        messages().showMessage(
            Tone::Positive, tr("The audit is whole: %L1 records.").arg(report.records), end);
        return;
    }
    QStringList lines;
    for (const AuditFinding &finding : report.findings)
        lines.append(finding.what);
    messages().showMessage(
        Tone::Negative,
        tr("Somebody tampered with the audit. %1").arg(lines.first()),
        lines.join(u'\n') + u'\n' + end);
}

void AuditLogPage::copy()
{
    QStringList lines;
    for (const AuditRecord &record : selected())
        lines.append(lineText(record));
    if (lines.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    Q_EMIT
    told(
        lines.size() == 1 ? tr("The record is in the clipboard.")
                          : tr("%1 records are in the clipboard.").arg(lines.size()));
}

} // namespace sandglass
