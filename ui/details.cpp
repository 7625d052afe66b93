#include "ui/details.h"

#include "models/operationtablemodel.h"
#include "models/registrywords.h"
#include "models/settingtablemodel.h"
#include "models/statewords.h"
#include "models/transferwords.h"
#include "models/valuewords.h"
#include "services/domain/enginewarnings.h"
#include "ui/probewords.h"
#include "ui/snapshotplanwords.h"

#include <QCoreApplication>
#include <QLocale>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct DetailWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::Details)
};

/// Adds a row unless there is nothing to show in it.
void addRow(Details &details, const QString &name, const QString &value)
{
    if (!value.isEmpty())
        details.rows.append({name, value});
}

QString limitsText(const SandboxConfig &config)
{
    QStringList limits;
    if (config.cpus() > 0)
        limits.append(DetailWords::tr("%1 CPUs").arg(QLocale().toString(config.cpus(), 'g', 3)));
    if (config.memoryBytes() > 0)
        limits.append(DetailWords::tr("%1 of memory").arg(sizeText(config.memoryBytes())));
    return limits.isEmpty() ? DetailWords::tr("none") : limits.join(u", "_s);
}

QString mountsText(const SandboxConfig &config)
{
    QStringList lines;
    for (const Mount &mount : config.mounts())
        lines.append(mountText(mount));
    return lines.join(u'\n');
}

void addConfig(Details &details, const SandboxConfig &config)
{
    addRow(details, DetailWords::tr("Image"), config.image);
    addRow(
        details, DetailWords::tr("Command"), (config.entrypoint() + config.command()).join(u' '));
    addRow(details, DetailWords::tr("User"), config.user());
    addRow(details, DetailWords::tr("Directory"), config.workingDirectory());
    addRow(details, DetailWords::tr("Limits"), limitsText(config));
    addRow(details, DetailWords::tr("Network"), config.networkMode());
    addRow(details, DetailWords::tr("Mounts"), mountsText(config));
}

QString stepsText(const Operation &operation)
{
    QStringList lines;
    for (const OperationStep &step : operation.steps) {
        QString line = step.name;
        if (step.finishedAt && step.startedAt) {
            const auto seconds = double((*step.finishedAt - *step.startedAt).count()) / 1000;
            line = u"✓ "_s
                + DetailWords::tr("%1 (%2 s)").arg(line, QLocale().toString(seconds, 'f', 1));
        } else if (step.startedAt) {
            line = u"▸ "_s + line;
        } else {
            line = u"· "_s + line;
        }
        if (step.attempts > 1)
            line += u' ' + DetailWords::tr("(attempt %1)").arg(step.attempts);
        lines.append(line);
    }
    return lines.join(u'\n');
}

QString connectionText(const Registry &registry)
{
    if (registry.insecure)
        return DetailWords::tr("plain HTTP, not encrypted");
    return registry.authoritiesFile.isEmpty()
        ? DetailWords::tr("TLS, certificates that the system trusts")
        : DetailWords::tr("TLS, certificates of %1").arg(registry.authoritiesFile);
}

QString knownText(const std::optional<bool> &known, const QString &yes, const QString &no)
{
    if (!known)
        return DetailWords::tr("not known yet; a test finds out");
    return *known ? yes : no;
}

} // namespace

Details detailsOf(const AuditRecord &record)
{
    const AuditEntry &entry = record.entry;
    Details details;
    details.title = QString(entry.action).replace(u'_', u' ');
    details.stateText = entry.result;
    details.mark = entry.result.startsWith("failed"_L1) ? StateMark::Failed : StateMark::Note;
    addRow(details, DetailWords::tr("When"), momentText(record.at));
    addRow(details, DetailWords::tr("Object"), entry.object);
    addRow(details, DetailWords::tr("User"), entry.who.user);
    addRow(details, DetailWords::tr("Program"), entry.who.program);
    addRow(details, DetailWords::tr("From"), entry.who.address);
    addRow(details, DetailWords::tr("Reason"), entry.reason);
    addRow(details, DetailWords::tr("Number"), QString::number(record.seq));
    addRow(details, DetailWords::tr("Hash"), record.hash);
    return details;
}

Details detailsOf(const SettingValue &value)
{
    const SettingDefinition &definition = definitionOf(value.setting);
    Details details;
    details.title = definition.title;
    details.stateText = settingText(value.setting, value.value);
    details.mark = value.source == SettingSource::Default ? StateMark::Note : StateMark::Good;
    addRow(details, DetailWords::tr("Applies to"), scopeText(value.namespaceName));
    addRow(details, DetailWords::tr("Comes from"), sourceText(value.source));
    addRow(details, DetailWords::tr("Meaning"), definition.words);
    addRow(
        details, DetailWords::tr("Default"), settingText(value.setting, definition.defaultValue));
    addRow(details, DetailWords::tr("Least"), settingText(value.setting, definition.least));
    addRow(details, DetailWords::tr("Most"), settingText(value.setting, definition.most));
    addRow(details, DetailWords::tr("Name"), definition.name);
    return details;
}

QString mountText(const Mount &mount)
{
    const QString path =
        mount.readOnly ? DetailWords::tr("%1 (read-only)").arg(mount.target) : mount.target;
    switch (mount.kind) {
    case Mount::Kind::Bind:
        return DetailWords::tr("%1 from the host's %2").arg(path, mount.source);
    case Mount::Kind::Volume:
        return DetailWords::tr("%1 on volume %2").arg(path, mount.source);
    case Mount::Kind::AnonymousVolume:
        return DetailWords::tr("%1 on an anonymous volume").arg(path);
    case Mount::Kind::Tmpfs:
        return DetailWords::tr("%1 in memory (tmpfs)").arg(path);
    case Mount::Kind::Other:
        break;
    }
    return DetailWords::tr("%1 (mounted)").arg(path);
}

Details detailsOf(const Sandbox &sandbox, bool live, int snapshots)
{
    Details details;
    details.title = nameText(sandbox);
    details.mark = live ? markOf(sandbox.status) : StateMark::Unknown;
    details.stateText = stateText(sandbox.status);
    details.problem = sandbox.error;
    if (!live) {
        const QString asOf = momentText(sandbox.confirmedAt);
        details.stateText =
            DetailWords::tr("Unknown; was %1 as of %2").arg(stateText(sandbox.status), asOf);
        if (details.problem.isEmpty())
            details.problem =
                DetailWords::tr("Its engine does not answer. What is shown here is as of %1.")
                    .arg(asOf);
    } else if (details.problem.isEmpty() && sandbox.status == SandboxStatus::Missing) {
        details.problem = DetailWords::tr("Its container is gone, and not by Sandglass.");
    }
    addRow(details, DetailWords::tr("Sandbox id"), sandbox.id.text());
    addRow(details, DetailWords::tr("Engine"), sandbox.engine.text());
    addRow(details, DetailWords::tr("Container"), sandbox.containerId.left(12));
    if (sandbox.origin == SandboxOrigin::Adopted) {
        addRow(
            details,
            DetailWords::tr("Origin"),
            DetailWords::tr("adopted; somebody else made its container"));
    }
    addRow(details, DetailWords::tr("Created"), momentText(sandbox.createdAt));
    addRow(details, DetailWords::tr("State since"), momentText(sandbox.changedAt));
    addRow(details, DetailWords::tr("Snapshots"), QLocale().toString(snapshots));
    addRow(details, DetailWords::tr("Restored from"), sandbox.restoredFrom.text());
    addConfig(details, sandbox.config);
    if (sandbox.config.timeoutSeconds > 0)
        addRow(details, DetailWords::tr("Timeout"), ttlText(sandbox.config.timeoutSeconds));
    addRow(details, DetailWords::tr("Namespace"), sandbox.namespaceName.text());
    return details;
}

Details detailsOf(
    const Snapshot &snapshot,
    const QString &sandboxName,
    std::optional<Timestamp> asOf,
    Timestamp now)
{
    Details details;
    details.title = snapshot.tag.isEmpty() ? snapshot.id.text() : snapshot.tag;
    details.mark = markOf(snapshot, now);
    details.stateText = stateText(snapshot, now);
    details.problem = snapshot.error;
    if (asOf) {
        details.mark = StateMark::Unknown;
        details.stateText = DetailWords::tr("Unknown; was %1 as of %2")
                                .arg(stateText(snapshot, now), momentText(*asOf));
        details.problem =
            DetailWords::tr("No engine that has its image answers. What is shown here is as of %1.")
                .arg(momentText(*asOf));
    }
    if (details.problem.isEmpty() && isImageMissing(snapshot)) {
        details.problem = DetailWords::tr(
            "Its image is gone from every place where it was, and not by Sandglass. If it comes "
            "back, by an import for example, the snapshot is whole again; otherwise delete it.");
    }
    if (details.problem.isEmpty() && snapshot.changedBytes == 0)
        details.problem =
            DetailWords::tr("The filesystem had not changed: it holds what the image holds.");
    addRow(details, DetailWords::tr("Snapshot id"), snapshot.id.text());
    addRow(details, DetailWords::tr("Note"), snapshot.note);
    addRow(
        details,
        DetailWords::tr("Sandbox"),
        sandboxName == snapshot.sandbox.text() ? sandboxName
                                               : sandboxName + u'\n' + snapshot.sandbox.text());
    addRow(details, DetailWords::tr("Created"), momentText(snapshot.createdAt));
    const Timestamp since = stateSince(snapshot, now);
    addRow(
        details,
        DetailWords::tr("State since"),
        u"%1 (%2)"_s.arg(momentText(since), distanceText(since, now)));
    if (const auto expiry = expiryOf(snapshot)) {
        addRow(
            details,
            DetailWords::tr("Expires"),
            u"%1 (%2)"_s.arg(momentText(*expiry), distanceText(*expiry, now)));
    }
    addRow(details, DetailWords::tr("Time to live"), ttlText(snapshot.ttlSeconds));
    if (snapshot.pin) {
        const QString until = snapshot.pin->until
            ? DetailWords::tr("until %1").arg(momentText(*snapshot.pin->until))
            : DetailWords::tr("for good");
        addRow(
            details,
            DetailWords::tr("Pinned"),
            DetailWords::tr("%1, by %2: %3").arg(until, snapshot.pin->by, snapshot.pin->reason));
    }
    if (snapshot.trashedUntil) {
        addRow(
            details,
            DetailWords::tr("Deleted"),
            u"%1 (%2)"_s.arg(
                momentText(*snapshot.trashedUntil), distanceText(*snapshot.trashedUntil, now)));
    }
    if (snapshot.usedAt)
        addRow(details, DetailWords::tr("Last restored"), momentText(*snapshot.usedAt));
    if (snapshot.sizeBytes)
        addRow(details, DetailWords::tr("Size"), sizeText(snapshot.sizeBytes));
    if (snapshot.changedBytes)
        addRow(details, DetailWords::tr("Of it new"), sizeText(snapshot.changedBytes));
    if (snapshot.frozenMilliseconds) {
        addRow(
            details,
            DetailWords::tr("Sandbox frozen"),
            DetailWords::tr("%1 s").arg(
                QLocale().toString(double(*snapshot.frozenMilliseconds) / 1000, 'f', 1)));
    } else if (snapshot.pause == PauseDuringCommit::No) {
        addRow(
            details,
            DetailWords::tr("Sandbox frozen"),
            DetailWords::tr("no; it may be inconsistent"));
    }
    QStringList secrets;
    for (const SecretFinding &finding : snapshot.findings)
        secrets.append(findingText(finding));
    addRow(details, DetailWords::tr("Looks secret"), secrets.join(u'\n'));
    addRow(details, DetailWords::tr("Image"), snapshot.imageReference);
    addRow(details, DetailWords::tr("Based on"), snapshot.parent.text());
    addRow(details, DetailWords::tr("Namespace"), snapshot.namespaceName.text());
    return details;
}

Details detailsOf(const Operation &operation, const QString &subject, Timestamp now)
{
    Details details;
    details.title = kindText(operation.kind);
    details.mark = markOf(operation.state);
    details.stateText = stateText(operation.state);
    details.problem = operation.error;
    addRow(details, DetailWords::tr("Subject"), subject);
    addRow(details, DetailWords::tr("Engine"), operation.engine.text());
    addRow(details, DetailWords::tr("Registry"), operation.inputs["registry"_L1].toString());
    addRow(details, DetailWords::tr("Steps"), stepsText(operation));
    if (!isFinished(operation.state))
        addRow(details, DetailWords::tr("Progress"), progressText(operation.progress));
    addRow(details, DetailWords::tr("Layers"), layersText(operation.progress));
    addRow(details, DetailWords::tr("Asked for"), momentText(operation.createdAt));
    addRow(details, DetailWords::tr("Asked by"), operation.requestedBy.text());
    if (operation.startedAt)
        addRow(details, DetailWords::tr("Started"), momentText(operation.startedAt));
    if (const auto duration = durationOf(operation, now))
        addRow(details, DetailWords::tr("Duration"), durationText(*duration));
    if (operation.attempts > 1)
        addRow(details, DetailWords::tr("Attempts"), QLocale().toString(operation.attempts));
    if (operation.nextAttemptAt && !isFinished(operation.state)) {
        addRow(
            details,
            DetailWords::tr("Next try"),
            u"%1 (%2)"_s.arg(
                momentText(operation.nextAttemptAt), distanceText(*operation.nextAttemptAt, now)));
    }
    addRow(details, DetailWords::tr("Operation id"), operation.id.text());
    addRow(details, DetailWords::tr("Namespace"), operation.namespaceName.text());
    return details;
}

Details detailsOf(const Engine &engine, Timestamp now)
{
    Details details;
    details.title = engine.name.text();
    details.mark = markOf(engine.state);
    details.stateText = stateText(engine, now);
    QStringList problems = warningsFor(engine);
    if (!engine.error.isEmpty())
        problems.prepend(engine.error);
    details.problem = problems.join(u'\n');
    addRow(details, DetailWords::tr("Address"), engine.address);
    addRow(details, DetailWords::tr("Version"), engine.productAndVersion());
    addRow(details, DetailWords::tr("API"), engine.apiVersion);
    addRow(details, DetailWords::tr("Platform"), engine.platform);
    addRow(details, DetailWords::tr("Storage driver"), engine.storageDriver);
    if (engine.lastSeenAt && engine.state != EngineState::Connected) {
        addRow(
            details,
            DetailWords::tr("Last seen"),
            u"%1 (%2)"_s.arg(momentText(engine.lastSeenAt), distanceText(*engine.lastSeenAt, now)));
    }
    if (engine.nextAttemptAt && engine.state != EngineState::Connected)
        addRow(details, DetailWords::tr("Next try"), momentText(engine.nextAttemptAt));
    if (engine.tls) {
        addRow(
            details,
            DetailWords::tr("Authorities"),
            engine.tls->authorities.isEmpty() ? DetailWords::tr("those of the system")
                                              : engine.tls->authorities);
        addRow(details, DetailWords::tr("Certificate"), engine.tls->certificate);
        addRow(details, DetailWords::tr("Key"), engine.tls->key);
    }
    return details;
}

Details detailsOf(const Registry &registry, Timestamp now)
{
    Details details;
    details.title = registry.name.text();
    details.mark = markOf(registry, now);
    details.stateText = stateText(registry, now);
    QStringList problems;
    if (!registry.error.isEmpty())
        problems.append(registry.error);
    if (isExposed(registry))
        problems.append(exposedRegistryText());
    details.problem = problems.join(u'\n');
    addRow(details, DetailWords::tr("Host"), registry.host);
    addRow(details, DetailWords::tr("Repository"), registry.repository);
    addRow(details, DetailWords::tr("Connection"), connectionText(registry));
    addRow(details, DetailWords::tr("Pushed from"), namespacesText(registry));
    addRow(details, DetailWords::tr("Pull order"), QLocale().toString(registry.position));
    addRow(details, DetailWords::tr("Credentials"), credentialText(registry));
    if (registry.credentialSource != CredentialSource::Anonymous) {
        addRow(
            details,
            DetailWords::tr("Without them"),
            registry.waitsForCredentials ? DetailWords::tr("work waits")
                                         : DetailWords::tr("work fails"));
    }
    addRow(
        details,
        DetailWords::tr("Deletion"),
        knownText(
            registry.deletes,
            DetailWords::tr("allowed"),
            DetailWords::tr("refused; what expires stays there")));
    addRow(
        details,
        DetailWords::tr("Catalog"),
        knownText(registry.listsCatalog, DetailWords::tr("listed"), DetailWords::tr("not listed")));
    addRow(
        details,
        DetailWords::tr("Rate limit"),
        registry.rateLimit.isEmpty() ? DetailWords::tr("none told") : registry.rateLimit);
    if (isPaused(registry, now)) {
        addRow(
            details,
            DetailWords::tr("Paused until"),
            u"%1 (%2)"_s.arg(
                momentText(registry.pausedUntil), distanceText(*registry.pausedUntil, now)));
    }
    if (registry.lastSeenAt) {
        addRow(
            details,
            DetailWords::tr("Last answered"),
            u"%1 (%2)"_s.arg(
                momentText(registry.lastSeenAt), distanceText(*registry.lastSeenAt, now)));
    }
    return details;
}

} // namespace sandglass
