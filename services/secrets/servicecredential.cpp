#include "services/secrets/servicecredential.h"

#include "services/core/json.h"

#include <QDir>
#include <QFile>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 longestFile = 64 * 1024;

Error missing(const QString &why)
{
    return {ErrorKind::CredentialsMissing, why, {}, {}, 0};
}

Result<Credential> complete(const QString &username, QByteArray password)
{
    Secret secret(std::move(password));
    if (username.isEmpty() || secret.isEmpty())
        return failure(missing(u"the service's credential lacks a user name or a password"_s));
    return Credential{username, std::move(secret), {}};
}

} // namespace

Result<Credential> parseServiceCredential(const QByteArray &bytes)
{
    const Secret text(bytes.trimmed());
    if (text.reveal().startsWith('{')) {
        const auto object = parseJsonObject(text.reveal());
        if (!object)
            return failure(missing(u"the service's credential is "_s + object.error().detail));
        return complete(
            object->value("username"_L1).toString(),
            object->value("password"_L1).toString().toUtf8());
    }
    const qsizetype colon = text.reveal().indexOf(':');
    if (colon < 0 || text.reveal().contains('\n')) {
        return failure(missing(
            u"the service's credential is neither {\"username\",\"password\"} nor user:password"_s));
    }
    return complete(QString::fromUtf8(text.reveal().first(colon)), text.reveal().mid(colon + 1));
}

Result<Credential> serviceCredential(const QString &folder, const RegistryName &registry)
{
    const QString name = u"registry."_s + registry.text();
    if (folder.isEmpty()) {
        return failure(missing(
            u"systemd gave this program no credentials (LoadCredential=%1:FILE in its unit)"_s.arg(
                name)));
    }
    QFile file(QDir(folder).filePath(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(missing(u"the credential %1 of this service cannot be read: %2"_s.arg(
            name, file.errorString())));
    }
    // Not of the group: where systemd lets the service's user in by an access control list, the
    // group's bits are that list's mask.
    if (file.permissions() & (QFile::ReadOther | QFile::WriteOther))
        return failure(
            missing(u"everybody may read the credential %1 of this service"_s.arg(name)));
    const Secret content(file.read(longestFile + 1));
    if (content.reveal().size() > longestFile)
        return failure(missing(u"the credential %1 of this service is too long"_s.arg(name)));
    return parseServiceCredential(content.reveal());
}

} // namespace sandglass
