#include "models/registrywords.h"

#include "models/valuewords.h"

#include <QCoreApplication>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

struct RegistryWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::Registry)
};

} // namespace

QString whereText(const Registry &registry)
{
    return registry.host + u'/' + registry.repository;
}

QString namespacesText(const Registry &registry)
{
    QStringList names;
    for (const NamespaceName &name : registry.namespaces)
        names.append(name.text());
    return names.isEmpty() ? noValueText() : names.join(u", "_s);
}

QString credentialSourceText(CredentialSource source)
{
    switch (source) {
    case CredentialSource::Anonymous:
        return RegistryWords::tr("none");
    case CredentialSource::Keychain:
        return RegistryWords::tr("keychain");
    case CredentialSource::DockerHelper:
        return RegistryWords::tr("Docker credential helper");
    case CredentialSource::ServiceCredential:
        return RegistryWords::tr("service credential");
    }
    return {};
}

QString credentialText(const Registry &registry)
{
    const QString source = credentialSourceText(registry.credentialSource);
    return registry.username.isEmpty()
        ? source
        : RegistryWords::tr("%1, user %2").arg(source, registry.username);
}

bool isPaused(const Registry &registry, Timestamp now)
{
    return registry.pausedUntil && *registry.pausedUntil > now;
}

QString stateText(const Registry &registry, Timestamp now)
{
    if (isPaused(registry, now))
        return RegistryWords::tr("Paused until %1").arg(momentText(registry.pausedUntil));
    if (!registry.error.isEmpty())
        return RegistryWords::tr("Error");
    return registry.lastSeenAt ? RegistryWords::tr("Answers") : RegistryWords::tr("Not asked yet");
}

StateMark markOf(const Registry &registry, Timestamp now)
{
    if (isPaused(registry, now))
        return StateMark::Paused;
    if (!registry.error.isEmpty())
        return StateMark::Failed;
    return registry.lastSeenAt ? StateMark::Good : StateMark::Unknown;
}

} // namespace sandglass
