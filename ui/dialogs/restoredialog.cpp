#include "ui/dialogs/restoredialog.h"

#include "models/statewords.h"
#include "models/valuewords.h"
#include "services/core/errorsentence.h"
#include "ui/planwords.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QVBoxLayout>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int longestReason = 1024;
constexpr int longestSandboxName = 128;

QString snapshotSummary(const Snapshot &snapshot, const QString &sandboxName)
{
    QString text = RestoreDialog::tr("Of sandbox “%1”, made on %2")
                       .arg(sandboxName, momentText(snapshot.createdAt));
    if (snapshot.sizeBytes)
        text += u", "_s + sizeText(snapshot.sizeBytes);
    return text + u'.';
}

} // namespace

RestoreDialog::RestoreDialog(
    const Snapshot &snapshot,
    const QString &sandboxName,
    const QList<Engine> &engines,
    Timestamp now,
    QWidget *parent)
    : ConsoleDialog(u"restoreDialog"_s, Deed::Harmless, parent)
    , m_snapshot(snapshot)
    , m_expired(isExpired(snapshot, now))
    , m_engine(new QComboBox(this))
    , m_name(new QLineEdit(this))
    , m_planText(paragraph(u"planText"_s, this))
    , m_facts(new FactList(this))
{
    setWindowTitle(tr("Restore Snapshot"));
    const QString name = snapshot.tag.isEmpty() ? snapshot.id.text() : snapshot.tag;
    setHeading(
        IconName::Restore,
        tr("Restore snapshot “%1”").arg(name),
        snapshotSummary(snapshot, sandboxName));
    if (m_expired)
        body()->addWidget(makeChoice(now));

    m_engine->setObjectName(u"engineCombo"_s);
    for (const Engine &engine : engines)
        m_engine->addItem(engine.name.text());
    m_engine->setCurrentText(snapshot.engine.text());
    m_name->setObjectName(u"nameEdit"_s);
    m_name->setMaxLength(longestSandboxName);
    m_name->setPlaceholderText(tr("what you call the new sandbox; may stay empty"));
    auto *form = new QFormLayout;
    form->addRow(tr("On &engine:"), m_engine);
    form->addRow(tr("&Name:"), m_name);
    body()->addLayout(form);

    auto *plan = new QGroupBox(tr("What will happen"), this);
    auto *lines = new QVBoxLayout(plan);
    lines->setSpacing(8);
    lines->addWidget(m_planText);
    lines->addWidget(m_facts);
    m_facts->setObjectName(u"planFacts"_s);
    body()->addWidget(plan);

    connect(m_engine, &QComboBox::currentIndexChanged, this, &RestoreDialog::askForPlan);
    m_name->setFocus();
    validate();
}

QWidget *RestoreDialog::makeChoice(Timestamp now)
{
    auto *choice = new QWidget(this);
    auto *lines = new QVBoxLayout(choice);
    lines->setContentsMargins(0, 0, 0, 0);
    auto *expired = new Callout(Tone::Caution, choice);
    expired->setObjectName(u"expiredCallout"_s);
    const auto expiry = expiryOf(m_snapshot);
    expired->setText(tr("This snapshot expired on %1 (%2).")
                         .arg(momentText(expiry), distanceText(*expiry, now)));
    m_fresh = new QRadioButton(tr("&Make a fresh sandbox from the original configuration"), choice);
    m_fresh->setObjectName(u"freshRadio"_s);
    m_fresh->setChecked(true);
    m_force = new QRadioButton(tr("Restore from the e&xpired snapshot all the same"), choice);
    m_force->setObjectName(u"forceRadio"_s);
    m_reason = new QLineEdit(choice);
    m_reason->setObjectName(u"reasonEdit"_s);
    m_reason->setMaxLength(longestReason);
    m_reason->setPlaceholderText(tr("is kept in the audit log"));
    m_reason->setEnabled(false);
    auto *reasonLabel = new QLabel(tr("Rea&son:"), choice);
    reasonLabel->setBuddy(m_reason);
    reasonLabel->setEnabled(false);
    auto *reasonRow = new QHBoxLayout;
    reasonRow->setContentsMargins(24, 0, 0, 0);
    reasonRow->addWidget(reasonLabel);
    reasonRow->addWidget(m_reason, 1);
    lines->addWidget(expired);
    lines->addWidget(m_fresh);
    lines->addWidget(m_force);
    lines->addLayout(reasonRow);
    connect(m_force, &QRadioButton::toggled, this, [this, reasonLabel](bool forced) {
        m_reason->setEnabled(forced);
        reasonLabel->setEnabled(forced);
        if (forced)
            m_reason->setFocus();
        askForPlan();
    });
    connect(m_reason, &QLineEdit::textChanged, this, &RestoreDialog::validate);
    return choice;
}

void RestoreDialog::start()
{
    askForPlan();
}

void RestoreDialog::askForPlan()
{
    m_plan.reset();
    m_planText->setText(tr("Working out the plan…"));
    m_facts->setFacts({});
    beginPending();
    validate();
    Q_EMIT
    planWanted();
}

void RestoreDialog::showPlan(const RestoreWish &answered, const Result<RestorePlan> &plan)
{
    const RestoreWish present = wish();
    if (answered.force == present.force && answered.engine == present.engine) {
        m_plan = plan;
        if (plan) {
            m_planText->setText(planText(*plan, m_snapshot));
            QList<FactLine> facts;
            for (const PreflightCheck &check : plan->checks)
                facts.append({markOf(check.outcome), checkText(check)});
            for (const RestoreNotice &notice : plan->notices)
                facts.append({markOf(notice), noticeText(notice)});
            m_facts->setFacts(facts);
        } else {
            m_planText->setText(tr("There is no plan. %1").arg(sentenceFor(plan.error()).text()));
            m_facts->setFacts({});
        }
        validate();
    }
    endPending();
}

bool RestoreDialog::isForced() const
{
    return m_force && m_force->isChecked();
}

RestoreWish RestoreDialog::wish() const
{
    RestoreWish wish;
    wish.force = isForced() ? ForceRestore::Yes : ForceRestore::No;
    if (m_engine->currentIndex() >= 0)
        wish.engine = EngineName::trusted(m_engine->currentText());
    return wish;
}

QString RestoreDialog::whyNot() const
{
    if (!m_plan)
        return tr("The plan is not known yet.");
    if (!*m_plan)
        return sentenceFor(m_plan->error()).whatHappened;
    if ((*m_plan)->ttlExpired != m_expired)
        return tr("The snapshot has expired in the meantime; close this dialog and open it again.");
    if (const QString failed = hindranceOf(**m_plan); !failed.isEmpty())
        return failed;
    if (isForced() && m_reason->text().trimmed().isEmpty())
        return tr("Write why the expired snapshot is restored all the same.");
    return {};
}

void RestoreDialog::validate()
{
    if (m_expired && !isForced())
        setVerb(tr("Create &fresh sandbox"), IconName::Add);
    else
        setVerb(tr("&Restore"), IconName::Restore);
    setHindrance(whyNot());
}

RestoreRequest RestoreDialog::request() const
{
    RestoreRequest request;
    request.namespaceName = m_snapshot.namespaceName;
    request.snapshot = m_snapshot.id;
    request.wish = wish();
    if (isForced())
        request.reason = m_reason->text().trimmed();
    request.displayName = m_name->text().trimmed();
    return request;
}

} // namespace sandglass
