#pragma once

#include "services/domain/engine.h"
#include "services/domain/operation.h"
#include "services/domain/registry.h"
#include "services/domain/sandbox.h"
#include "services/domain/snapshot.h"

namespace sandglass::sample {

/// Values as a day at work leaves them behind, for tests of what people see.

inline const Timestamp now = fromMilliseconds(1'700'000'000'000); // 2023-11-14 22:13:20 UTC

/// A connected engine.
[[nodiscard]] Engine engine(const QString &name);

/// Running on engine "local", made an hour before now; id "sb-{name}".
[[nodiscard]] Sandbox sandbox(const QString &name);

/// With a bind, a named and an anonymous volume and a tmpfs.
[[nodiscard]] SandboxConfig configWithMounts();

/// Active, of sandbox "sb-web" on engine "local" and present there, made a day before now with the
/// default TTL; id "snap-{name}".
[[nodiscard]] Snapshot snapshot(const QString &name);

/// Its TTL ended two days before now.
[[nodiscard]] Snapshot expiredSnapshot(const QString &name);

/// Creating snapshot "snap-new" of sandbox "sb-web", in its fourth of seven steps; id "op-{name}".
[[nodiscard]] Operation runningOperation(const QString &name);

/// Answers, at "{name}.example.com/team/snapshots", without a login; namespace "default" pushes
/// there.
[[nodiscard]] Registry registry(const QString &name);

/// Of a snapshot at a registry, present and checked two hours before now.
[[nodiscard]] Location registryLocation(const SnapshotId &snapshot, const QString &registry);

/// Pushing a snapshot to registry "hub", 60 of 120 MiB done at 10 MiB/s; id "op-{name}".
[[nodiscard]] Operation runningPush(const QString &name, const SnapshotId &snapshot);

} // namespace sandglass::sample
