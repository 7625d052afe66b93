#include "services/usecases/rebuildwords.h"

#include "services/core/errorsentence.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString headline(const EngineRebuild &rebuild)
{
    if (rebuild.error) {
        return u"Engine %1: %2"_s.arg(rebuild.engine.text(), sentenceFor(*rebuild.error).text());
    }
    return u"Engine %1: known already %2, sandboxes added %3, snapshots added %4, "
           "left alone %5"_s.arg(rebuild.engine.text())
               .arg(rebuild.known)
               .arg(rebuild.sandboxes.size())
               .arg(rebuild.snapshots.size())
               .arg(rebuild.skipped.size());
}

} // namespace

QStringList linesFor(const QList<EngineRebuild> &rebuilds)
{
    const QString indent = u"  "_s;
    QStringList lines;
    for (const EngineRebuild &rebuild : rebuilds) {
        lines.append(headline(rebuild));
        for (const SandboxId &id : rebuild.sandboxes)
            lines.append(indent + u"added sandbox %1"_s.arg(id.text()));
        for (const SnapshotId &id : rebuild.snapshots)
            lines.append(indent + u"added snapshot %1"_s.arg(id.text()));
        for (const EngineRebuild::Skipped &skipped : rebuild.skipped) {
            lines.append(
                indent + u"left alone: %1, because %2"_s.arg(skipped.subject, skipped.reason));
        }
    }
    return lines;
}

} // namespace sandglass
