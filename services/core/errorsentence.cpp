#include "services/core/errorsentence.h"

#include <QCoreApplication>
#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::ErrorSentence)
};

QString withOrigin(const QString &sentence, const Error &error)
{
    return error.origin.isEmpty() ? sentence : sentence + u" ("_s + error.origin + u")"_s;
}

/// What an error means, and what to do about it, where a registry and no engine is at fault.
void sayOfRegistry(ErrorSentence &sentence, const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Unauthorized:
        sentence.whatToDo = error.remote == Remote::Registry
            ? Words::tr("Give the registry a user name and a password or token that it accepts.")
            : Words::tr("Test the registry. If the test passes, its tokens may have expired on the "
                        "way, or the engine reaches another server under its address.");
        break;
    case ErrorKind::PermissionDenied:
        sentence.whatToDo = Words::tr(
            "The login may be right, but does not allow this: let the registry's owner allow it to "
            "pull, push and delete in this repository, and see that the repository exists.");
        break;
    case ErrorKind::Untrusted:
        sentence.whatToDo = error.remote == Remote::Registry
            ? Words::tr("Give the certificate of the authority that signed the registry's as its "
                        "CA file. Nothing is sent without this proof.")
            : Words::tr("The engine must trust the registry, too: put the authority's certificate "
                        "on its host into /etc/docker/certs.d/HOST:PORT/ca.crt.");
        break;
    case ErrorKind::Unreachable:
        sentence.whatToDo = error.remote == Remote::Registry
            ? Words::tr("Check that the registry is running and that its address is right.")
            : Words::tr("Check that the registry is running, and that the engine's host reaches it "
                        "under this address.");
        break;
    case ErrorKind::TimedOut:
        sentence.whatItMeans = Words::tr("The registry, or the way to it, is silent.");
        break;
    case ErrorKind::Protocol:
        sentence.whatItMeans =
            Words::tr("What answers at this address may not be a registry, or not the right one.");
        break;
    default:
        break;
    }
}

} // namespace

QString ErrorSentence::text() const
{
    QStringList parts;
    for (const QString &part : {whatHappened, whatItMeans, whatToDo}) {
        if (!part.isEmpty())
            parts.append(part);
    }
    if (!engineWords.isEmpty()) {
        parts.append(
            remote == Remote::Registry ? Words::tr("The registry says: %1").arg(engineWords)
                                       : Words::tr("The engine says: %1").arg(engineWords));
    }
    return parts.join(u' ');
}

ErrorSentence sentenceFor(const Error &error)
{
    ErrorSentence sentence;
    sentence.engineWords = error.remoteMessage;
    sentence.remote = error.remote;
    const QString subject = error.detail;

    switch (error.kind) {
    case ErrorKind::InvalidArgument:
        sentence.whatHappened = Words::tr("The request was not accepted: %1.").arg(subject);
        break;
    case ErrorKind::NotFound:
        sentence.whatHappened = Words::tr("Not found: %1.").arg(subject);
        break;
    case ErrorKind::Conflict:
        sentence.whatHappened = Words::tr("Not possible now: %1.").arg(subject);
        break;
    case ErrorKind::LimitReached:
        sentence.whatHappened = Words::tr("A limit is reached: %1.").arg(subject);
        sentence.whatToDo =
            Words::tr("Delete snapshots that are no longer needed, or raise the limit.");
        break;
    case ErrorKind::Unauthorized:
        sentence.whatHappened = Words::tr("The credentials were not accepted: %1.").arg(subject);
        break;
    case ErrorKind::PermissionDenied:
        sentence.whatHappened =
            withOrigin(Words::tr("Permission denied: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr(
            "If this is the engine's socket, add your user to the group that owns it (usually "
            "\"docker\") and log in again, or use a rootless engine.");
        break;
    case ErrorKind::Untrusted:
        sentence.whatHappened =
            withOrigin(Words::tr("No trusted connection: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr("Check the certificates or keys of both sides; Sandglass "
                                      "never connects without this proof.");
        break;
    case ErrorKind::Unreachable:
        sentence.whatHappened =
            withOrigin(Words::tr("Nobody answers: %1").arg(subject), error) + u'.';
        sentence.whatToDo =
            Words::tr("Check that the engine is running and that its address is right.");
        break;
    case ErrorKind::TimedOut:
        sentence.whatHappened =
            withOrigin(Words::tr("No answer in time: %1").arg(subject), error) + u'.';
        sentence.whatItMeans =
            Words::tr("The engine accepted the connection but stays silent; it may hang.");
        break;
    case ErrorKind::Cancelled:
        sentence.whatHappened = Words::tr("Cancelled: %1.").arg(subject);
        break;
    case ErrorKind::Protocol:
        sentence.whatHappened =
            withOrigin(Words::tr("The answer makes no sense: %1").arg(subject), error) + u'.';
        sentence.whatItMeans =
            Words::tr("What answers at this address may not be a Docker-compatible engine.");
        break;
    case ErrorKind::UnsupportedVersion:
        sentence.whatHappened =
            withOrigin(Words::tr("The versions do not match: %1").arg(subject), error) + u'.';
        break;
    case ErrorKind::Engine:
        sentence.whatHappened =
            withOrigin(Words::tr("The engine failed: %1").arg(subject), error) + u'.';
        break;
    case ErrorKind::Registry:
        sentence.whatHappened =
            withOrigin(Words::tr("The registry failed: %1").arg(subject), error) + u'.';
        break;
    case ErrorKind::RateLimited:
        sentence.whatHappened =
            withOrigin(Words::tr("The registry wants fewer requests: %1").arg(subject), error)
            + u'.';
        sentence.whatToDo = Words::tr("Nothing: it is asked again when it allows that.");
        break;
    case ErrorKind::Unsupported:
        sentence.whatHappened =
            withOrigin(Words::tr("Not offered there: %1").arg(subject), error) + u'.';
        break;
    case ErrorKind::CredentialsMissing:
        sentence.whatHappened = Words::tr("Credentials are missing: %1.").arg(subject);
        sentence.whatToDo = Words::tr(
            "Add them on the page of registries. That needs a keyring such as gnome-keyring or "
            "KWallet in your session; a service takes a Docker credential helper, or systemd's "
            "LoadCredential. Nothing is ever kept in plain text. What needs no credentials goes "
            "on.");
        break;
    case ErrorKind::CredentialsLocked:
        sentence.whatHappened = Words::tr("The credentials are locked: %1.").arg(subject);
        sentence.whatToDo = Words::tr(
            "Unlock the keychain and try again. Where nobody can, such as in a service, use a "
            "Docker credential helper or systemd's LoadCredential instead.");
        break;
    case ErrorKind::CredentialHelper:
        sentence.whatHappened = Words::tr("The credential helper failed: %1.").arg(subject);
        sentence.whatToDo = Words::tr(
            "Docker's config.json names this program. See that it is installed where Sandglass "
            "finds programs, and works: echo REGISTRY | docker-credential-NAME get.");
        break;
    case ErrorKind::Storage:
        sentence.whatHappened =
            withOrigin(Words::tr("The database cannot be used: %1").arg(subject), error) + u'.';
        break;
    case ErrorKind::StorageLocked:
        sentence.whatHappened =
            withOrigin(Words::tr("The database is locked: %1").arg(subject), error) + u'.';
        sentence.whatItMeans = Words::tr("Another program keeps it for itself.");
        sentence.whatToDo =
            Words::tr("End that program, such as a backup or a database tool, then try again.");
        break;
    case ErrorKind::StorageReadOnly:
        sentence.whatHappened =
            withOrigin(Words::tr("The database cannot be written: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr(
            "Make the file and its folder writable for yourself, and check that their disk is not "
            "mounted read-only.");
        break;
    case ErrorKind::StorageDamaged:
        sentence.whatHappened =
            withOrigin(Words::tr("The database is damaged: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr(
            "Put a backup in its place, or one of the copies beside it that were made before its "
            "schema changed (.schema-…). If there is none, move it away and let sandglassd "
            "--rebuild find sandboxes and snapshots on the engines. What somebody edited by hand "
            "can be put right by hand.");
        break;
    case ErrorKind::StorageFull:
        sentence.whatHappened =
            withOrigin(Words::tr("No space is left: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr("Free space on that disk, then try again.");
        break;
    case ErrorKind::Internal:
        sentence.whatHappened =
            withOrigin(Words::tr("Sandglass made a mistake: %1").arg(subject), error) + u'.';
        sentence.whatToDo = Words::tr("Please report this with the text above.");
        break;
    }
    if (error.remote != Remote::Engine)
        sayOfRegistry(sentence, error);
    return sentence;
}

QString exposedEngineSentence(const QString &address)
{
    return Words::tr("The connection to %1 is neither encrypted nor authenticated: whoever reaches "
                     "that port owns the host that the engine runs on, and everybody on the way "
                     "can read and change what is said. Use TLS or ssh.")
        .arg(address);
}

QString exposedRegistrySentence(const QString &host)
{
    return Words::tr("The connection to the registry %1 is neither encrypted nor authenticated: "
                     "everybody on the way can read the password and the snapshots, and change "
                     "them. Use TLS.")
        .arg(host);
}

} // namespace sandglass
