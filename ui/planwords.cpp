#include "ui/planwords.h"

#include <QCoreApplication>

namespace sandglass {

namespace {

struct PlanWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::RestorePlan)
};

} // namespace

QString planText(const RestorePlan &plan, const Snapshot &snapshot)
{
    const QString engine = plan.engine.text();
    if (!plan.fromSnapshot) {
        return PlanWords::tr(
                   "A fresh sandbox is made on engine %1 from the original image %2, with the "
                   "configuration of sandbox %3.")
            .arg(engine, plan.image, snapshot.sandbox.text());
    }
    return PlanWords::tr(
               "A new sandbox is made on engine %1 with the filesystem that snapshot %2 holds and "
               "the configuration of sandbox %3.")
        .arg(engine, snapshot.id.text(), snapshot.sandbox.text());
}

QString noticeText(const RestoreNotice &notice)
{
    const QString &subject = notice.subject;
    switch (notice.kind) {
    case RestoreNotice::Kind::NewEmptyVolume:
        return PlanWords::tr("%1 begins empty: its anonymous volume is not in the snapshot.")
            .arg(subject);
    case RestoreNotice::Kind::SharedVolume:
        return PlanWords::tr("Volume %1 is shared with the original, as it is now.").arg(subject);
    case RestoreNotice::Kind::HostPath:
        return PlanWords::tr("%1 of the engine's host is mounted, as it is now.").arg(subject);
    case RestoreNotice::Kind::EmptyTmpfs:
        return PlanWords::tr("%1 begins empty: it was in memory.").arg(subject);
    case RestoreNotice::Kind::SecretMissing:
        return PlanWords::tr("%1 has no value: secrets are not kept.").arg(subject);
    case RestoreNotice::Kind::PublishedPort:
        return PlanWords::tr("Port %1 is taken for as long as the original runs.").arg(subject);
    case RestoreNotice::Kind::Device:
        return PlanWords::tr("Device %1 of the engine's host is passed through.").arg(subject);
    case RestoreNotice::Kind::OtherEngine:
        return PlanWords::tr("It was made on engine %1.").arg(subject);
    case RestoreNotice::Kind::FilesystemLost:
        return PlanWords::tr("Nothing that the snapshot holds will be there.");
    }
    return {};
}

StateMark markOf(const RestoreNotice &notice)
{
    switch (notice.kind) {
    case RestoreNotice::Kind::NewEmptyVolume:
    case RestoreNotice::Kind::SecretMissing:
    case RestoreNotice::Kind::FilesystemLost:
        return StateMark::Warning;
    case RestoreNotice::Kind::SharedVolume:
    case RestoreNotice::Kind::HostPath:
    case RestoreNotice::Kind::EmptyTmpfs:
    case RestoreNotice::Kind::PublishedPort:
    case RestoreNotice::Kind::Device:
    case RestoreNotice::Kind::OtherEngine:
        break;
    }
    return StateMark::Note;
}

QString checkText(const PreflightCheck &check)
{
    const bool failed = check.outcome == PreflightCheck::Outcome::Failed;
    const bool passed = check.outcome == PreflightCheck::Outcome::Passed;
    switch (check.name) {
    case PreflightCheck::Name::EngineAnswers:
        return (passed       ? PlanWords::tr("Engine %1 answers.")
                    : failed ? PlanWords::tr("Engine %1 does not answer.")
                             : PlanWords::tr("Whether engine %1 answers is not known yet."))
            .arg(check.detail);
    case PreflightCheck::Name::ImageAtEngine:
        return (passed ? PlanWords::tr("The image %1 is there.")
                    : failed
                    ? PlanWords::tr("The image %1 is not there.")
                    : PlanWords::tr("Whether the image %1 is there shows when it is needed."))
            .arg(check.detail);
    case PreflightCheck::Name::ImageInRegistry:
        return PlanWords::tr("The image is pulled from registry %1 first.").arg(check.detail);
    case PreflightCheck::Name::PlatformMatches:
        return (passed       ? PlanWords::tr("The platform fits: %1.")
                    : failed ? PlanWords::tr("The platform does not fit: %1.")
                             : PlanWords::tr("Whether the platform fits is not known: %1."))
            .arg(check.detail);
    }
    return {};
}

QString hindranceOf(const RestorePlan &plan)
{
    for (const PreflightCheck &check : plan.checks) {
        if (check.outcome == PreflightCheck::Outcome::Failed)
            return checkText(check);
    }
    return {};
}

} // namespace sandglass
