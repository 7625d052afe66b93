#pragma once

#include "services/domain/engine.h"
#include "services/domain/registry.h"
#include "services/domain/snapshot.h"

namespace sandglass {

enum class ForceRestore { No, Yes };

/// Something that the restored sandbox will have to do without, or share with the original.
struct RestoreNotice
{
    enum class Kind {
        NewEmptyVolume, ///< subject: path in the sandbox
        SharedVolume, ///< subject: the volume's name; the same volume as the original's
        HostPath, ///< subject: path on the engine's host; must exist there
        EmptyTmpfs, ///< subject: path in the sandbox
        SecretMissing, ///< subject: environment name whose value is not kept
        PublishedPort, ///< subject: "8080/tcp"; taken as long as the original runs
        Device, ///< subject: device path on the engine's host
        OtherEngine, ///< subject: the original's engine
        FilesystemLost, ///< a fresh sandbox: nothing that the snapshot holds will be there
    };
    Kind kind = Kind::NewEmptyVolume;
    QString subject;

    bool operator==(const RestoreNotice &) const = default;
};

/// A condition that was looked at before anything is done.
struct PreflightCheck
{
    enum class Name { EngineAnswers, ImageAtEngine, ImageInRegistry, PlatformMatches };
    enum class Outcome { Passed, Failed, Unknown };
    Name name = Name::EngineAnswers;
    Outcome outcome = Outcome::Unknown;
    QString detail; ///< engine, image, registry or platform concerned

    bool operator==(const PreflightCheck &) const = default;
};

/// Exactly what a restore will do, and why, before it does it (design, section 6).
struct RestorePlan
{
    SnapshotId snapshot;
    bool fromSnapshot = true; ///< false: a fresh sandbox from the original image
    bool ttlExpired = false;
    bool forced = false; ///< expired, and restored all the same
    EngineName engine; ///< where the new sandbox will be
    QString image; ///< what its container is made from, as that engine calls it
    RegistryName pullFrom; ///< where the image is pulled from first; empty: it is on the engine
    SandboxConfig config; ///< what the new sandbox is made with
    QList<RestoreNotice> notices;
    QList<PreflightCheck> checks;

    bool operator==(const RestorePlan &) const = default;

    /// Whether every check passed or is unknown; an unknown one is found out on the way.
    [[nodiscard]] bool canRun() const;
};

struct RestoreWish
{
    ForceRestore force = ForceRestore::No; ///< has an effect on an expired snapshot only
    std::optional<EngineName> engine; ///< nothing: where the snapshot was made
};

/// Pure. NotFound for a snapshot that is not active, with its status in the detail; NotFound for an
/// unknown engine.
[[nodiscard]] Result<RestorePlan> planRestore(
    const Snapshot &snapshot,
    Timestamp now,
    const RestoreWish &wish,
    const QList<Engine> &engines,
    const QList<Registry> &registries);

/// The place in the first of these registries that has the image, by its digest; nothing when none
/// has it.
[[nodiscard]] std::optional<Location>
nearestRegistryCopy(const Snapshot &snapshot, const QList<Registry> &registries);

} // namespace sandglass
