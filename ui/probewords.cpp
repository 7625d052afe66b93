#include "ui/probewords.h"

#include "services/core/errorsentence.h"

#include <QCoreApplication>

#include <utility>

namespace sandglass {

namespace {

struct ProbeWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::RegistryProbe)
};

QString passedText(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Reach:
        return ProbeWords::tr("Somebody answers there.");
    case ProbeStep::Trust:
        return ProbeWords::tr("Its certificate is trusted.");
    case ProbeStep::Login:
        return ProbeWords::tr("It is a registry, and takes the login.");
    case ProbeStep::Pull:
        return ProbeWords::tr("Images can be pulled.");
    case ProbeStep::Push:
        return ProbeWords::tr("Images can be pushed.");
    case ProbeStep::Delete:
        return ProbeWords::tr("Images can be deleted.");
    case ProbeStep::Catalog:
        return ProbeWords::tr("It lists its repositories.");
    }
    return {};
}

QString failedText(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Reach:
        return ProbeWords::tr("It cannot be reached.");
    case ProbeStep::Trust:
        return ProbeWords::tr("Its certificate is not trusted.");
    case ProbeStep::Login:
        return ProbeWords::tr("It does not let us in.");
    case ProbeStep::Pull:
        return ProbeWords::tr("Images cannot be pulled.");
    case ProbeStep::Push:
        return ProbeWords::tr("Images cannot be pushed.");
    case ProbeStep::Delete:
        return ProbeWords::tr(
            "Images cannot be deleted: what expires stays there until somebody removes it.");
    case ProbeStep::Catalog:
        return ProbeWords::tr("It does not list its repositories; nothing here needs that.");
    }
    return {};
}

QString untestedText(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Reach:
        return ProbeWords::tr("Whether it can be reached is not known.");
    case ProbeStep::Trust:
        return ProbeWords::tr("Its certificate was not looked at.");
    case ProbeStep::Login:
        return ProbeWords::tr("The login was not tested.");
    case ProbeStep::Pull:
        return ProbeWords::tr("Whether images can be pulled is not known.");
    case ProbeStep::Push:
        return ProbeWords::tr("Whether images can be pushed is not known.");
    case ProbeStep::Delete:
        return ProbeWords::tr("Whether images can be deleted is not known.");
    case ProbeStep::Catalog:
        return ProbeWords::tr("Whether it lists its repositories is not known.");
    }
    return {};
}

QString adviceFor(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Reach:
        return ProbeWords::tr(
            "Check the host and the port, and that a registry runs there; one without encryption "
            "needs Plain HTTP.");
    case ProbeStep::Trust:
        return ProbeWords::tr("Choose the file with the certificate of who vouches for it.");
    case ProbeStep::Login:
        return ProbeWords::tr("Check the user and the password, or where they come from.");
    case ProbeStep::Pull:
    case ProbeStep::Push:
        return ProbeWords::tr(
            "Check the repository, and what this user may do there; who runs the registry can "
            "allow it.");
    case ProbeStep::Delete:
    case ProbeStep::Catalog:
        break;
    }
    return {};
}

bool isNeeded(ProbeStep step)
{
    return step != ProbeStep::Delete && step != ProbeStep::Catalog;
}

FactLine factOf(const ProbeResult &result)
{
    FactLine fact;
    switch (result.outcome) {
    case ProbeOutcome::Passed:
        fact = {StateMark::Good, passedText(result.step)};
        break;
    case ProbeOutcome::Failed:
        fact = {StateMark::Failed, failedText(result.step)};
        if (result.step == ProbeStep::Delete)
            fact.mark = StateMark::Warning;
        if (result.step == ProbeStep::Catalog)
            fact.mark = StateMark::Note;
        break;
    case ProbeOutcome::Skipped:
    case ProbeOutcome::Unknown:
        fact = {StateMark::Unknown, untestedText(result.step)};
        break;
    }
    if (!result.detail.isEmpty())
        fact.text = ProbeWords::tr("%1 (%2).").arg(fact.text.chopped(1), result.detail);
    if (result.error && isNeeded(result.step)) {
        ErrorSentence sentence = sentenceFor(*result.error);
        sentence.whatToDo = adviceFor(result.step);
        const QString words = std::exchange(sentence.engineWords, {});
        fact.text += u' ' + sentence.text();
        if (!words.isEmpty())
            fact.text += u' ' + ProbeWords::tr("The registry says: %1").arg(words);
    }
    return fact;
}

} // namespace

QString exposedRegistryText()
{
    return ProbeWords::tr(
        "This connection is not encrypted. Whoever is on the way can read the password and every "
        "file of a snapshot, and change them. Use it on a private network only; the engine must "
        "list the registry under “insecure-registries” too.");
}

QList<FactLine> factsOf(const Result<RegistryProbe> &probe)
{
    if (!probe)
        return {{StateMark::Failed, sentenceFor(probe.error()).text()}};
    QList<FactLine> facts;
    for (const ProbeResult &result : probe->results)
        facts.append(factOf(result));
    if (!probe->rateLimit.isEmpty())
        facts.append(
            {StateMark::Note, ProbeWords::tr("Its rate limit: %1.").arg(probe->rateLimit)});
    return facts;
}

QString summaryOf(const Result<RegistryProbe> &probe)
{
    if (!probe)
        return ProbeWords::tr("It was not tested. %1").arg(sentenceFor(probe.error()).text());
    if (probe->isUsable())
        return ProbeWords::tr("Snapshots can be kept there.");
    for (const ProbeResult &result : probe->results) {
        if (result.outcome == ProbeOutcome::Failed && isNeeded(result.step))
            return ProbeWords::tr("Snapshots cannot be kept there. %1").arg(factOf(result).text);
    }
    return ProbeWords::tr("Whether snapshots can be kept there is not known.");
}

} // namespace sandglass
