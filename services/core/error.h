#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace sandglass {

/// What a caller can act on. The words for people are made in errorsentence.h, the HTTP status in
/// the API.
enum class ErrorKind {
    InvalidArgument, ///< the request itself is wrong; repeating it changes nothing
    NotFound,
    Conflict, ///< the object is in a state that does not allow this
    LimitReached,
    Unauthorized,
    PermissionDenied, ///< for example the engine's socket may not be opened
    Untrusted, ///< we and the remote could not prove to one another who we are
    Unreachable, ///< nobody answers there, or the connection broke; the outcome may be unknown
    TimedOut, ///< connected, but silent for too long; the outcome may be unknown
    Cancelled,
    Protocol, ///< the answer is not what the protocol promises
    UnsupportedVersion,
    Engine, ///< the engine says that it failed
    Registry, ///< the registry says that it failed
    RateLimited, ///< the registry wants fewer requests; see retryAfter
    Unsupported, ///< the remote does not offer this, such as deletion at a registry
    CredentialsMissing, ///< no keychain, no helper, or nothing in it for this registry
    CredentialsLocked, ///< the keychain is locked, or nobody answered its question
    CredentialHelper, ///< the program that knows the credentials failed or stayed silent
    Storage, ///< our own database
    StorageLocked, ///< another program keeps it locked
    StorageReadOnly, ///< its file, its folder or their disk cannot be written
    StorageDamaged, ///< it is no database, a broken one, or a row in it means nothing
    StorageFull, ///< no space left, here or at the engine
    Internal, ///< a defect of this program
};

/// Who answered, or was meant to.
enum class Remote {
    Engine, ///< also where nobody else was asked
    Registry,
    RegistryByEngine, ///< a registry, which an engine asked: its words come through the engine
};

/// A failure as a value. Holds facts only; never a secret, never a sentence made for people.
struct Error
{
    ErrorKind kind = ErrorKind::Internal;
    QString detail; ///< what failed, in technical words: "inspect container sb-…"
    QString origin; ///< where: engine address and request path, or file; empty when it is of no use
    QString remoteMessage; ///< the remote's own words, verbatim; empty when it said nothing
    int httpStatus = 0; ///< the remote's status; 0 when there was none
    std::optional<std::chrono::seconds> retryAfter = {}; ///< when the remote said it
    Remote remote = Remote::Engine; ///< who is at fault, or the way to it

    bool operator==(const Error &) const = default;

    /// One line for logs and the journal: detail, origin and the remote's words.
    [[nodiscard]] QString summary() const;
};

/// The name under which a kind is kept in the database and shown in the API, such as "not_found".
[[nodiscard]] QString nameOf(ErrorKind kind);

/// The inverse of nameOf; an unknown name gives Internal.
[[nodiscard]] ErrorKind errorKindFrom(const QString &name);

/// Whether asking again later can help without anybody changing anything (design, section 4, rule
/// 3).
[[nodiscard]] bool isTransient(const Error &error);

} // namespace sandglass
