#pragma once

#include "services/core/result.h"

#include <QList>

#include <optional>

namespace sandglass {

/// What something looks like that should not be in an image.
enum class SecretKind {
    Named, ///< a variable whose name says that its value is secret
    AwsKey,
    GithubToken,
    GitlabToken,
    SlackToken,
    JsonWebToken,
    PrivateKey,
    UrlPassword, ///< "scheme://user:password@host"
    RandomText, ///< long and without any order, as generated secrets are
    Credentials, ///< a file in which a known program keeps a login
    NotSearched, ///< nothing was found because it was not looked at
};

/// Where something secret seems to be, never what it is.
struct SecretFinding
{
    enum class Place { Environment, File };
    Place place = Place::Environment;
    QString subject; ///< the variable's name, or the file's path; empty: all files
    SecretKind kind = SecretKind::Named;
    bool blanked = false; ///< its value is not in the snapshot

    bool operator==(const SecretFinding &) const = default;
};

[[nodiscard]] QString nameOf(SecretKind kind);
[[nodiscard]] SecretKind secretKindFrom(const QString &name); ///< unknown gives Named
[[nodiscard]] QString nameOf(SecretFinding::Place place);
[[nodiscard]] SecretFinding::Place placeFrom(const QString &name); ///< unknown gives Environment

[[nodiscard]] QByteArray toJson(const QList<SecretFinding> &findings);
[[nodiscard]] Result<QList<SecretFinding>> findingsFrom(const QByteArray &json); ///< Protocol

// Pure; what they are given stays with the caller.

/// By the shape of the value, else by the name; nothing for what looks harmless.
[[nodiscard]] std::optional<SecretKind> secretInVariable(const QString &name, const QString &value);

/// Those of "NAME=value" lines, without the variables named in `declared`, which are blanked
/// anyway.
[[nodiscard]] QList<SecretFinding>
secretsInEnvironment(const QStringList &environment, const QStringList &declared);

/// Whether a commit can give a variable of this name another value.
[[nodiscard]] bool canBeBlanked(const QString &name);

/// Whether a file of this path is worth reading.
[[nodiscard]] bool mayHoldSecret(const QString &path);

/// By the beginning of such a file; nothing for what looks harmless.
[[nodiscard]] std::optional<SecretKind>
secretInFile(const QString &path, const QByteArray &content);

/// "API_TOKEN in the environment, /root/.netrc": where they are, of those that are not blanked, for
/// an error or the audit; empty for none.
[[nodiscard]] QString remainingSecrets(const QList<SecretFinding> &findings);

} // namespace sandglass
