#include "services/operations/secretsearch.h"

namespace sandglass {

namespace {

constexpr qsizetype mostFiles = 100;
constexpr qsizetype mostBytes = 64 * 1024; // of one file

bool isWorthRepeating(const Error &error)
{
    return error.kind == ErrorKind::Cancelled || isTransient(error);
}

SecretFinding notSearched(const QString &path)
{
    return {SecretFinding::Place::File, path, SecretKind::NotSearched};
}

} // namespace

Result<QList<SecretFinding>>
secretsInFiles(DockerClient &engine, const QString &containerId, const CancelToken &abort)
{
    const auto changes = engine.changes(containerId, abort);
    if (!changes) {
        if (isWorthRepeating(changes.error()))
            return failure(changes.error());
        return QList<SecretFinding>{notSearched({})};
    }
    QList<SecretFinding> findings;
    qsizetype read = 0;
    for (const FilesystemChange &change : *changes) {
        if (change.kind == FilesystemChange::Kind::Deleted || !mayHoldSecret(change.path))
            continue;
        if (++read > mostFiles) {
            findings.append(notSearched(change.path));
            continue;
        }
        const auto content = engine.readFile(containerId, change.path, mostBytes, abort);
        if (content) {
            if (const auto kind = secretInFile(change.path, *content))
                findings.append({SecretFinding::Place::File, change.path, *kind});
        } else if (isWorthRepeating(content.error())) {
            return failure(content.error());
        } else if (content.error().kind != ErrorKind::NotFound) { // else it was deleted meanwhile
            findings.append(notSearched(change.path));
        }
    }
    return findings;
}

} // namespace sandglass
