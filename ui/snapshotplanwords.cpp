#include "ui/snapshotplanwords.h"

#include "models/valuewords.h"

#include <QCoreApplication>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using Outcome = SnapshotCheck::Outcome;

struct SnapshotPlanWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::SnapshotPlan)
};

QString spaceText(Outcome outcome, const SnapshotPlan &plan)
{
    switch (outcome) {
    case Outcome::Failed:
        return SnapshotPlanWords::tr(
                   "There is too little space on the engine's disk: %1 are free, about "
                   "%2 are needed. Free some first.")
            .arg(sizeText(plan.freeBytes), sizeText(plan.neededBytes()));
    case Outcome::Unknown:
        return SnapshotPlanWords::tr("How much space is free on the engine's disk is not known.");
    case Outcome::Passed:
    case Outcome::Warning:
        break;
    }
    return SnapshotPlanWords::tr("There is enough space: %1 are free on the engine's disk.")
        .arg(sizeText(plan.freeBytes));
}

QString layersText(Outcome outcome, const SnapshotPlan &plan)
{
    switch (outcome) {
    case Outcome::Failed:
        return SnapshotPlanWords::
            tr("Its image has %1 layers, and engines refuse more than %2. Export the "
               "filesystem into a new image (docker export, docker import) and go on from that.")
                .arg(*plan.layers)
                .arg(mostLayers);
    case Outcome::Warning:
        return SnapshotPlanWords::tr(
                   "Its image has %1 layers already; engines refuse more than %2.")
            .arg(*plan.layers)
            .arg(mostLayers);
    case Outcome::Passed:
    case Outcome::Unknown:
        break;
    }
    return {};
}

QString secretText(SecretKind kind)
{
    switch (kind) {
    case SecretKind::Named:
        return SnapshotPlanWords::tr("its name says that it is secret");
    case SecretKind::AwsKey:
        return SnapshotPlanWords::tr("an access key of AWS");
    case SecretKind::GithubToken:
        return SnapshotPlanWords::tr("a token of GitHub");
    case SecretKind::GitlabToken:
        return SnapshotPlanWords::tr("a token of GitLab");
    case SecretKind::SlackToken:
        return SnapshotPlanWords::tr("a token of Slack");
    case SecretKind::JsonWebToken:
        return SnapshotPlanWords::tr("a JSON web token");
    case SecretKind::PrivateKey:
        return SnapshotPlanWords::tr("a private key");
    case SecretKind::UrlPassword:
        return SnapshotPlanWords::tr("an address with a password");
    case SecretKind::RandomText:
        return SnapshotPlanWords::tr("long random text");
    case SecretKind::Credentials:
        return SnapshotPlanWords::tr("a login");
    case SecretKind::NotSearched:
        return SnapshotPlanWords::tr("could not be read");
    }
    return {};
}

} // namespace

QString checkText(const SnapshotCheck &check, const SnapshotPlan &plan)
{
    switch (check.name) {
    case SnapshotCheck::Name::FreeSpace:
        return spaceText(check.outcome, plan);
    case SnapshotCheck::Name::LayerDepth:
        return layersText(check.outcome, plan);
    case SnapshotCheck::Name::BaseImage:
        if (check.outcome == Outcome::Warning) {
            return SnapshotPlanWords::tr(
                "The image that it runs from is gone from the engine, which may "
                "refuse the snapshot. Load or pull it again.");
        }
        break;
    }
    return {};
}

StateMark markOf(SnapshotCheck::Outcome outcome)
{
    switch (outcome) {
    case Outcome::Passed:
        return StateMark::Good;
    case Outcome::Warning:
        return StateMark::Warning;
    case Outcome::Failed:
        return StateMark::Failed;
    case Outcome::Unknown:
        break;
    }
    return StateMark::Note;
}

QString findingText(const SecretFinding &finding)
{
    if (finding.kind == SecretKind::NotSearched && finding.subject.isEmpty())
        return SnapshotPlanWords::tr("The changed files could not be searched for secrets.");
    const QString what = u"%1: %2"_s.arg(
        finding.place == SecretFinding::Place::Environment
            ? SnapshotPlanWords::tr("%1 in the environment").arg(finding.subject)
            : finding.subject,
        secretText(finding.kind));
    return finding.blanked ? SnapshotPlanWords::tr("%1 (blanked)").arg(what) : what;
}

StateMark markOf(const SecretFinding &finding)
{
    if (finding.blanked)
        return StateMark::Good;
    return finding.kind == SecretKind::NotSearched ? StateMark::Unknown : StateMark::Warning;
}

QString hindranceOf(const SnapshotPlan &plan)
{
    for (const SnapshotCheck &check : plan.checks()) {
        if (check.outcome == Outcome::Failed)
            return checkText(check, plan);
    }
    return {};
}

} // namespace sandglass
