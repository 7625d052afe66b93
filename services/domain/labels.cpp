#include "services/domain/labels.h"

namespace sandglass {

namespace {

/// Every label of ours, empty.
Labels emptyLabels()
{
    Labels labels;
    for (const QLatin1StringView name :
         {label::sandboxId,         label::namespaceName,   label::sandboxName,
          label::sandboxOrigin,     label::sandboxCreated,  label::sandboxConfig,
          label::restoredFrom,      label::snapshotId,      label::snapshotSandbox,
          label::snapshotEngine,    label::snapshotCreated, label::snapshotTtl,
          label::snapshotTag,       label::snapshotNote,    label::snapshotPause,
          label::snapshotBaseBytes, label::snapshotBase,    label::snapshotFindings,
          label::snapshotParent,    label::snapshotConfig,  label::snapshotSchedule})
        labels.insert(name, {});
    return labels;
}

/// Of both, a container and an image of it.
void addSandbox(Labels &labels, const Sandbox &sandbox)
{
    labels.insert(label::namespaceName, sandbox.namespaceName.text());
    labels.insert(label::sandboxName, sandbox.displayName);
    labels.insert(label::sandboxOrigin, nameOf(sandbox.origin));
    labels.insert(label::sandboxCreated, QString::number(toMilliseconds(sandbox.createdAt)));
}

} // namespace

Labels containerLabels(const Sandbox &sandbox)
{
    Labels labels = emptyLabels();
    addSandbox(labels, sandbox);
    labels.insert(label::sandboxId, sandbox.id.text());
    labels.insert(label::restoredFrom, sandbox.restoredFrom.text());
    // The engine keeps the other two parts of the configuration itself.
    SandboxConfig config = sandbox.config;
    config.container = {};
    config.host = {};
    labels.insert(label::sandboxConfig, QString::fromUtf8(config.toJson()));
    return labels;
}

Labels imageLabels(
    const Snapshot &snapshot, const Sandbox &sandbox, const std::optional<qint64> &baseBytes)
{
    // Not sandboxId: the image is no sandbox; which one it shows is in snapshotSandbox.
    Labels labels = emptyLabels();
    addSandbox(labels, sandbox);
    labels.insert(label::snapshotId, snapshot.id.text());
    labels.insert(label::snapshotSandbox, snapshot.sandbox.text());
    labels.insert(label::snapshotEngine, snapshot.engine.text());
    labels.insert(label::snapshotCreated, QString::number(toMilliseconds(snapshot.createdAt)));
    labels.insert(label::snapshotTtl, QString::number(snapshot.ttlSeconds));
    labels.insert(label::snapshotTag, snapshot.tag);
    labels.insert(label::snapshotNote, snapshot.note);
    labels.insert(label::snapshotPause, nameOf(snapshot.pause));
    if (!snapshot.findings.isEmpty())
        labels.insert(label::snapshotFindings, QString::fromUtf8(toJson(snapshot.findings)));
    if (baseBytes)
        labels.insert(label::snapshotBaseBytes, QString::number(*baseBytes));
    labels.insert(label::snapshotSchedule, snapshot.schedule.text());
    labels.insert(label::snapshotParent, snapshot.parent.text());
    // What others know their containers by must not make one of ours look like theirs.
    if (sandbox.origin == SandboxOrigin::Adopted)
        labels.insert(label::indexifyManaged, {});
    labels.insert(label::snapshotConfig, QString::fromUtf8(snapshot.config.toJson()));
    return labels;
}

Labels foreignLabels(const Labels &labels)
{
    Labels foreign;
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        if (!it.key().startsWith(label::prefix))
            foreign.insert(it.key(), it.value());
    }
    return foreign;
}

} // namespace sandglass
