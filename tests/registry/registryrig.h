#pragma once

#include "services/domain/credential.h"
#include "services/domain/registry.h"

#include <QTemporaryDir>

namespace sandglass {

/// A real registry on loopback, started by tests/support/registry.sh and stopped with this. Ends
/// the test program when it cannot be started: a test without its registry must fail.
class RegistryRig
{
public:
    /// As start_registry takes them: "plain", "login" or "token", and "delete=off" …
    explicit RegistryRig(const QStringList &variant);
    ~RegistryRig();
    RegistryRig(const RegistryRig &) = delete;
    RegistryRig &operator=(const RegistryRig &) = delete;

    /// How it is reached, with "team/snapshots" in it.
    [[nodiscard]] Registry description() const;
    [[nodiscard]] QString file(const QString &name) const; ///< in its folder

    /// By the registry's API alone, without the code that is tested. The digest of what it put.
    QString putBlob(const QByteArray &bytes);
    QString putManifest(const QString &tag, const QByteArray &bytes, const QByteArray &mediaType);
    /// An image of one layer, as Docker's v2 manifest; returns its bytes.
    QByteArray putImage(const QString &tag, const QByteArray &layer);

    /// How many uploads were begun and not ended.
    [[nodiscard]] qsizetype openUploads() const;

private:
    QByteArray curl(const QStringList &arguments, const QByteArray &body = {});

    QTemporaryDir m_folder;
    QString m_url; // of the repository
};

/// "alice", who may do everything, and "robot", who may only pull from a registry with tokens.
[[nodiscard]] Credential alice();
[[nodiscard]] Credential robot();

} // namespace sandglass
