#include "services/domain/imagenotes.h"

#include "services/domain/imagereference.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const QString trashPrefix = u"sandglass-trash:"_s;
const QString pinPrefix = u"sandglass-pinned:"_s;
const QString ttlPrefix = u"sandglass-ttl:"_s;

/// What follows the prefix and the tag: empty, or the number after a dot.
struct Note
{
    bool isThere = false;
    std::optional<qint64> number;
};

Note noteFrom(const QString &name, const QString &prefix, const QString &tag)
{
    if (name == prefix + tag)
        return {true, std::nullopt};
    if (!name.startsWith(prefix + tag + u'.'))
        return {};
    bool isNumber = false;
    const qint64 number = name.mid(prefix.size() + tag.size() + 1).toLongLong(&isNumber);
    return isNumber && number >= 0 ? Note{true, number} : Note{};
}

} // namespace

QStringList noteNames(const ImageNotes &notes, const SandboxId &sandbox, const SnapshotId &snapshot)
{
    const QString tag = snapshotTag(sandbox, snapshot);
    QStringList names;
    if (notes.trashed)
        names.append(trashPrefix + tag);
    if (notes.pinned && notes.pinnedUntil)
        names.append(pinPrefix + tag + u'.' + QString::number(toMilliseconds(*notes.pinnedUntil)));
    else if (notes.pinned)
        names.append(pinPrefix + tag);
    if (notes.ttlSeconds)
        names.append(ttlPrefix + tag + u'.' + QString::number(*notes.ttlSeconds));
    return names;
}

ImageNotes notesFrom(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot)
{
    const QString tag = snapshotTag(sandbox, snapshot);
    ImageNotes notes;
    for (const QString &name : names) {
        if (name == trashPrefix + tag)
            notes.trashed = true;
        if (const Note pin = noteFrom(name, pinPrefix, tag); pin.isThere) {
            const bool isForGood = !pin.number || (notes.pinned && !notes.pinnedUntil);
            const Timestamp until = fromMilliseconds(pin.number.value_or(0));
            notes.pinnedUntil = isForGood
                ? std::nullopt
                : std::optional(std::max(until, notes.pinnedUntil.value_or(until)));
            notes.pinned = true;
        }
        if (const Note ttl = noteFrom(name, ttlPrefix, tag); ttl.number) {
            const qint64 before = notes.ttlSeconds.value_or(*ttl.number);
            const bool isForEver = before == 0 || *ttl.number == 0;
            notes.ttlSeconds = isForEver ? 0 : std::max(before, *ttl.number);
        }
    }
    return notes;
}

QStringList
noteNamesAmong(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot)
{
    const QString tag = snapshotTag(sandbox, snapshot);
    QStringList notes;
    for (const QString &name : names) {
        if (isNoteName(name) && name.section(u':', 1).section(u'.', 0, 0) == tag)
            notes.append(name);
    }
    return notes;
}

QStringList
snapshotNamesAmong(const QStringList &names, const SandboxId &sandbox, const SnapshotId &snapshot)
{
    QStringList own = noteNamesAmong(names, sandbox, snapshot);
    if (const QString name = snapshotReference(sandbox, snapshot); names.contains(name))
        own.append(name);
    return own;
}

bool isNoteName(const QString &name)
{
    const std::array prefixes{trashPrefix, pinPrefix, ttlPrefix};
    return std::any_of(prefixes.begin(), prefixes.end(), [&name](const QString &prefix) {
        return name.startsWith(prefix);
    });
}

} // namespace sandglass
