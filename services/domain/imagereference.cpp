#include "services/domain/imagereference.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

QString snapshotTag(const SandboxId &sandbox, const SnapshotId &snapshot)
{
    return sandbox.text() + u'-' + snapshot.text();
}

bool isSnapshotTag(const QString &tag)
{
    static const QRegularExpression pattern(u"\\Asb-[a-z0-9]+-snap-[a-z0-9]+\\z"_s);
    return pattern.match(tag).hasMatch();
}

QString snapshotReference(const SandboxId &sandbox, const SnapshotId &snapshot)
{
    return snapshotRepository + u':' + snapshotTag(sandbox, snapshot);
}

QString baseTag(const QString &imageId)
{
    return imageId.section(u':', -1);
}

QString baseReference(const QString &imageId)
{
    return baseRepository + u':' + baseTag(imageId);
}

Result<QString> validateTag(const QString &tag)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"_s);
    if (!pattern.match(tag).hasMatch()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a valid image tag (up to 128 letters, digits, '_', '.', '-')"_s.arg(
                tag.left(80)));
    }
    return tag;
}

Result<QString> validateImageReference(const QString &reference)
{
    static const QRegularExpression pattern(
        u"\\A(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?/)?"
        "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
        "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?\\z"_s);
    static const QRegularExpression imageId(u"\\Asha256:[0-9a-f]{64}\\z"_s);
    const bool good = reference.size() <= 512
        && (pattern.match(reference).hasMatch() || imageId.match(reference).hasMatch());
    if (!good) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1\" is not a valid image reference"_s.arg(reference.left(80)));
    }
    return reference;
}

} // namespace sandglass
