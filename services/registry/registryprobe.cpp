#include "services/registry/registryprobe.h"

#include "services/core/id.h"
#include "services/core/names.h"
#include "services/registry/contentdigest.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array stepNames{
    std::pair{ProbeStep::Reach, u"reach"_s},
    std::pair{ProbeStep::Trust, u"trust"_s},
    std::pair{ProbeStep::Login, u"login"_s},
    std::pair{ProbeStep::Pull, u"pull"_s},
    std::pair{ProbeStep::Push, u"push"_s},
    std::pair{ProbeStep::Delete, u"delete"_s},
    std::pair{ProbeStep::Catalog, u"catalog"_s},
};

const std::array outcomeNames{
    std::pair{ProbeOutcome::Passed, u"passed"_s},
    std::pair{ProbeOutcome::Failed, u"failed"_s},
    std::pair{ProbeOutcome::Skipped, u"skipped"_s},
    std::pair{ProbeOutcome::Unknown, u"unknown"_s},
};

/// Whether the error is the registry's answer to what was asked, not a mishap on the way.
bool isAnswer(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Unauthorized:
    case ErrorKind::PermissionDenied:
    case ErrorKind::NotFound:
    case ErrorKind::Unsupported:
    case ErrorKind::InvalidArgument:
    case ErrorKind::Protocol:
        return true;
    default:
        return false;
    }
}

ProbeResult passed(ProbeStep step, const QString &detail = {})
{
    return {step, ProbeOutcome::Passed, detail, {}};
}

ProbeResult stepResult(ProbeStep step, const Done &done)
{
    if (done)
        return passed(step);
    const ProbeOutcome outcome =
        isAnswer(done.error()) ? ProbeOutcome::Failed : ProbeOutcome::Unknown;
    return {step, outcome, {}, done.error()};
}

/// Reach and Trust, which one request shows.
QList<ProbeResult> reachSteps(const Registry &registry, const Done &reached)
{
    const bool isUntrusted = !reached && reached.error().kind == ErrorKind::Untrusted;
    if (!reached && !isUntrusted)
        return {{ProbeStep::Reach, ProbeOutcome::Failed, {}, reached.error()}};
    QList<ProbeResult> results{passed(ProbeStep::Reach)};
    if (isUntrusted)
        results.append({ProbeStep::Trust, ProbeOutcome::Failed, {}, reached.error()});
    else if (registry.insecure)
        results.append({ProbeStep::Trust, ProbeOutcome::Skipped, u"plain HTTP"_s, {}});
    else
        results.append(passed(ProbeStep::Trust));
    return results;
}

ProbeResult probePull(RegistryClient &client, const CancelToken &cancel)
{
    const auto found = client.findManifest(randomId("sandglass-probe-"_L1), cancel);
    if (!found)
        return stepResult(ProbeStep::Pull, failure(found.error()));
    return passed(ProbeStep::Pull);
}

ProbeResult probePush(RegistryClient &client, const CancelToken &cancel)
{
    const Result<QString> left = client.tryUpload(cancel);
    if (!left)
        return stepResult(ProbeStep::Push, failure(left.error()));
    return passed(
        ProbeStep::Push,
        left->isEmpty() ? QString()
                        : u"the upload that showed it could not be cancelled: "_s + *left);
}

ProbeResult probeDelete(RegistryClient &client, const CancelToken &cancel)
{
    // Nobody has a manifest of these bytes.
    const QString nothing = digestOf(randomId("sandglass-probe-"_L1).toUtf8());
    return stepResult(ProbeStep::Delete, client.deleteManifest(nothing, cancel));
}

std::optional<bool> knownOf(const ProbeResult &result)
{
    switch (result.outcome) {
    case ProbeOutcome::Passed:
        return true;
    case ProbeOutcome::Failed:
        return false;
    default:
        return std::nullopt;
    }
}

} // namespace

QString nameOf(ProbeStep step)
{
    return nameIn(stepNames, step);
}

QString nameOf(ProbeOutcome outcome)
{
    return nameIn(outcomeNames, outcome);
}

const ProbeResult &RegistryProbe::of(ProbeStep step) const
{
    return *std::find_if(results.begin(), results.end(), [step](const ProbeResult &result) {
        return result.step == step;
    });
}

bool RegistryProbe::isUsable() const
{
    return of(ProbeStep::Pull).outcome == ProbeOutcome::Passed
        && of(ProbeStep::Push).outcome == ProbeOutcome::Passed;
}

RegistryProbe probeRegistry(
    const Registry &registry,
    const std::optional<Credential> &credential,
    const CancelToken &cancel)
{
    RegistryClient client(registry, credential);
    RegistryProbe probe;
    probe.results = reachSteps(registry, client.reach(cancel));
    const auto goesOn = [&probe, &cancel] {
        return probe.results.last().outcome != ProbeOutcome::Failed && !cancel.isCancelled();
    };
    if (goesOn()) {
        ProbeResult login = stepResult(ProbeStep::Login, client.ping(cancel));
        if (login.outcome == ProbeOutcome::Passed && client.isAnonymous())
            login.detail = u"without a login"_s;
        else if (login.error)
            login.outcome = ProbeOutcome::Failed; // nothing can be done without it
        probe.results.append(login);
    }
    if (goesOn()) {
        // What one of them finds says nothing about the others.
        probe.results.append(probePull(client, cancel));
        probe.results.append(probePush(client, cancel));
        probe.results.append(probeDelete(client, cancel));
        probe.results.append(stepResult(ProbeStep::Catalog, client.tryCatalog(cancel)));
        probe.deletes = knownOf(probe.of(ProbeStep::Delete));
        probe.listsCatalog = knownOf(probe.of(ProbeStep::Catalog));
    }
    for (qsizetype i = probe.results.size(); i < qsizetype(stepNames.size()); ++i) {
        probe.results.append(
            {stepNames[std::size_t(i)].first,
             ProbeOutcome::Skipped,
             cancel.isCancelled() ? u"cancelled"_s : u"a step before it failed"_s,
             {}});
    }
    probe.rateLimit = client.rateLimit();
    return probe;
}

} // namespace sandglass
