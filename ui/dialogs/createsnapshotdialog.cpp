#include "ui/dialogs/createsnapshotdialog.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "services/core/errorsentence.h"
#include "services/domain/imagereference.h"
#include "services/domain/ttl.h"
#include "ui/details.h"
#include "ui/durationedit.h"
#include "ui/snapshotplanwords.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostFindings = 8; // that are shown; the snapshot names them all

bool isBlankable(const SecretFinding &finding)
{
    return finding.place == SecretFinding::Place::Environment && canBeBlanked(finding.subject);
}

constexpr qint64 readBytesPerSecond = 170 * 1024 * 1024;

/// Fields that belong together, close below each other.
QVBoxLayout *stacked(const QList<QWidget *> &fields)
{
    auto *column = new QVBoxLayout;
    column->setSpacing(4);
    for (QWidget *field : fields)
        column->addWidget(field);
    return column;
}
} // namespace

std::chrono::milliseconds frozenEstimate(qint64 changedBytes)
{
    return std::chrono::milliseconds(
        qint64(double(std::max<qint64>(changedBytes, 0)) * 1000 / readBytesPerSecond));
}

QStringList missingFromSnapshot(const SandboxConfig &config)
{
    QStringList lines;
    for (const Mount &mount : config.mounts())
        lines.append(mountText(mount));
    return lines;
}

CreateSnapshotDialog::CreateSnapshotDialog(
    const Sandbox &sandbox, qint64 defaultTtl, const Clock &clock, QWidget *parent)
    : ConsoleDialog(u"createSnapshotDialog"_s, Deed::Harmless, parent)
    , m_sandbox(sandbox)
    , m_clock(clock)
    , m_tag(new QLineEdit(this))
    , m_note(new QPlainTextEdit(this))
    , m_ttl(new DurationEdit(
          tr("Keep for"),
          {3'600, 86'400, defaultTtlSeconds, 90 * 86'400, 0},
          defaultTtl,
          tr("never"),
          this))
    , m_expiry(paragraph(u"expiryText"_s, this))
    , m_pause(new QRadioButton(tr("&Freeze the sandbox meanwhile (consistent)"), this))
    , m_noPause(new QRadioButton(tr("Keep it &running (may be inconsistent)"), this))
    , m_pauseText(paragraph(u"pauseText"_s, this))
    , m_missingTitle(paragraph(u"missingTitle"_s, this))
    , m_missing(new FactList(this))
    , m_checks(new FactList(this))
    , m_secretsTitle(paragraph(u"secretsTitle"_s, this))
    , m_secrets(new FactList(this))
    , m_scrub(new QCheckBox(tr("&Blank these variables in the snapshot"), this))
    , m_accept(new QCheckBox(
          tr("&Accept that the snapshot holds them (is kept in the audit log)"), this))
{
    setWindowTitle(tr("Create Snapshot"));
    setHeading(
        IconName::Snapshot,
        tr("Snapshot of sandbox “%1”").arg(nameText(sandbox)),
        tr("Its filesystem as it is now is kept as an image on engine %1.")
            .arg(sandbox.engine.text()));
    setVerb(tr("&Create snapshot"), IconName::Snapshot);

    m_tag->setObjectName(u"tagEdit"_s);
    m_tag->setPlaceholderText(tr("for example before-upgrade; may stay empty"));
    m_note->setObjectName(u"noteEdit"_s);
    m_note->setTabChangesFocus(true);
    m_note->setPlaceholderText(tr("why you take it; may stay empty"));
    m_note->setFixedHeight(m_note->fontMetrics().lineSpacing() * 3 + 12);
    m_ttl->setObjectName(u"ttlEdit"_s);
    m_pause->setObjectName(u"pauseRadio"_s);
    m_noPause->setObjectName(u"noPauseRadio"_s);
    m_pause->setChecked(true);
    m_expiry->setForegroundRole(QPalette::PlaceholderText);
    m_pauseText->setForegroundRole(QPalette::PlaceholderText);

    auto *form = new QFormLayout;
    form->addRow(tr("&Tag:"), m_tag);
    form->addRow(tr("&Note:"), m_note);
    auto *ttlLabel = new QLabel(tr("&Keep for:"), this);
    ttlLabel->setBuddy(m_ttl);
    form->addRow(ttlLabel, stacked({m_ttl, m_expiry}));
    form->addRow(tr("While it is read:"), stacked({m_pause, m_noPause, m_pauseText}));
    body()->addLayout(form);
    body()->addWidget(m_missingTitle);
    body()->addWidget(m_missing);
    body()->addWidget(m_checks);
    body()->addWidget(m_secretsTitle);
    body()->addWidget(m_secrets);
    body()->addWidget(m_scrub);
    body()->addWidget(m_accept);

    m_missingTitle->setText(tr("Asking the engine what the snapshot would hold…"));
    m_missing->setObjectName(u"missingList"_s);
    m_missing->hide();
    m_checks->setObjectName(u"checkList"_s);
    m_secretsTitle->setText(tr("This looks like secrets. Whoever gets the snapshot can read it:"));
    m_secrets->setObjectName(u"secretList"_s);
    m_scrub->setObjectName(u"scrubCheck"_s);
    m_accept->setObjectName(u"acceptCheck"_s);
    showSecrets({});
    beginPending();

    connect(m_tag, &QLineEdit::textChanged, this, &CreateSnapshotDialog::validate);
    connect(m_note, &QPlainTextEdit::textChanged, this, &CreateSnapshotDialog::validate);
    connect(m_ttl, &DurationEdit::changed, this, &CreateSnapshotDialog::validate);
    connect(m_scrub, &QCheckBox::toggled, this, &CreateSnapshotDialog::validate);
    connect(m_accept, &QCheckBox::toggled, this, &CreateSnapshotDialog::validate);
    connect(m_pause, &QRadioButton::toggled, this, &CreateSnapshotDialog::describePause);
    m_tag->setFocus();
    describePause();
    validate();
}

void CreateSnapshotDialog::showPlan(const Result<SnapshotPlan> &plan)
{
    if (plan) {
        m_plan = *plan;
        QList<FactLine> facts;
        for (const QString &line : missingFromSnapshot(plan->config))
            facts.append({StateMark::Note, line});
        m_missingTitle->setText(
            facts.isEmpty()
                ? tr("The snapshot holds the whole filesystem: nothing is mounted into it.")
                : tr("The snapshot will not hold what is mounted into the sandbox:"));
        m_missing->setFacts(facts);
        QList<FactLine> checks;
        for (const SnapshotCheck &check : plan->checks()) {
            if (const QString text = checkText(check, *plan); !text.isEmpty())
                checks.append({markOf(check.outcome), text});
        }
        m_checks->setFacts(checks);
        showSecrets(plan->findings);
    } else {
        m_missingTitle->setText(tr("What the snapshot would hold could not be found out. %1")
                                    .arg(sentenceFor(plan.error()).text()));
    }
    describePause();
    validate();
    endPending();
}

void CreateSnapshotDialog::showSecrets(const QList<SecretFinding> &findings)
{
    QList<FactLine> lines;
    for (const SecretFinding &finding : findings.first(std::min(findings.size(), mostFindings)))
        lines.append({markOf(finding), findingText(finding)});
    if (findings.size() > mostFindings)
        lines.append(
            {StateMark::Note, tr("and %n more", nullptr, int(findings.size() - mostFindings))});
    m_secrets->setFacts(lines);
    m_secretsTitle->setVisible(!findings.isEmpty());
    m_accept->setVisible(!findings.isEmpty());
    m_scrub->setVisible(std::any_of(findings.begin(), findings.end(), isBlankable));
}

bool CreateSnapshotDialog::holdsSecrets() const
{
    return m_plan
        && std::any_of(
               m_plan->findings.begin(),
               m_plan->findings.end(),
               [this](const SecretFinding &finding) {
                   return !m_scrub->isChecked() || !isBlankable(finding);
               });
}

void CreateSnapshotDialog::describePause()
{
    const bool isPaused =
        m_plan ? m_plan->alreadyPaused : m_sandbox.status == SandboxStatus::Paused;
    if (isPaused) {
        m_pauseText->setText(tr("It is frozen already, and stays so."));
    } else if (m_noPause->isChecked()) {
        m_pauseText->setText(
            tr("Programs in it go on. Files that they write meanwhile may be half there, or of "
               "different moments: a database may have to repair itself after a restore."));
    } else if (m_plan && m_plan->changedBytes) {
        const auto estimate = frozenEstimate(*m_plan->changedBytes);
        const QString changed = sizeText(m_plan->changedBytes);
        m_pauseText->setText(
            estimate < std::chrono::seconds(1)
                ? tr("Every program in it stands still for about a second (%1 changed).")
                      .arg(changed)
                : tr("Every program in it stands still for about %1 (%2 changed).")
                      .arg(durationText(estimate), changed));
    } else if (isSettled()) {
        m_pauseText->setText(tr(
            "Every program in it stands still until its filesystem is read; how long is unknown."));
    } else {
        m_pauseText->setText(tr("Every program in it stands still until its filesystem is read."));
    }
}

QString CreateSnapshotDialog::whyNot() const
{
    const QString tag = m_tag->text().trimmed();
    if (!tag.isEmpty() && !validateTag(tag)) {
        return tr("“%1” is not an image tag: up to 128 letters, digits, “_”, “.” and “-”, "
                  "not beginning with “.” or “-”.")
            .arg(tag);
    }
    if (m_note->toPlainText().size() > longestNote)
        return tr("The note is too long; up to %1 characters are kept.").arg(longestNote);
    if (!validateTtl(m_ttl->seconds(), m_clock.now()))
        return tr("That is after the year 9999. Choose “never” instead.");
    if (m_plan) {
        if (const QString failed = hindranceOf(*m_plan); !failed.isEmpty())
            return failed;
    }
    if (holdsSecrets() && !m_accept->isChecked())
        return tr("Blank or accept what looks like secrets.");
    return {};
}

void CreateSnapshotDialog::validate()
{
    const Timestamp now = m_clock.now();
    const auto expiry = expiryOf(now, m_ttl->seconds());
    m_expiry->setText(
        expiry                      ? tr("It expires on %1.").arg(momentText(*expiry))
            : m_ttl->seconds() == 0 ? tr("It stays until somebody deletes it.")
                                    : QString());
    m_accept->setEnabled(holdsSecrets());
    setHindrance(whyNot());
}

CreateSnapshotRequest CreateSnapshotDialog::request() const
{
    CreateSnapshotRequest request;
    request.namespaceName = m_sandbox.namespaceName;
    request.sandbox = m_sandbox.id;
    request.ttlSeconds = m_ttl->seconds();
    request.tag = m_tag->text().trimmed();
    request.note = m_note->toPlainText().trimmed();
    request.pause = m_pause->isChecked() ? PauseDuringCommit::Yes : PauseDuringCommit::No;
    request.scrubEnvironment = m_scrub->isChecked();
    request.acceptFindings = holdsSecrets() && m_accept->isChecked();
    return request;
}

} // namespace sandglass
