#pragma once

#include "services/core/id.h"

namespace sandglass {

struct SandboxKind
{
    static constexpr QLatin1StringView prefix{"sb-"};
    static constexpr QLatin1StringView what{"sandbox id"};
};
struct SnapshotKind
{
    static constexpr QLatin1StringView prefix{"snap-"};
    static constexpr QLatin1StringView what{"snapshot id"};
};
struct OperationKindTag
{
    static constexpr QLatin1StringView prefix{"op-"};
    static constexpr QLatin1StringView what{"operation id"};
};
struct NamespaceKind
{
    static constexpr QLatin1StringView prefix{""};
    static constexpr QLatin1StringView what{"namespace"};
};
struct EngineKind
{
    static constexpr QLatin1StringView prefix{""};
    static constexpr QLatin1StringView what{"engine name"};
};
struct RegistryKind
{
    static constexpr QLatin1StringView prefix{""};
    static constexpr QLatin1StringView what{"registry name"};
};
struct ScheduleKind
{
    static constexpr QLatin1StringView prefix{"sched-"};
    static constexpr QLatin1StringView what{"schedule id"};
};
struct ScheduleNameKind
{
    static constexpr QLatin1StringView prefix{""};
    static constexpr QLatin1StringView what{"schedule name"};
};

using SandboxId = Id<SandboxKind>;
using SnapshotId = Id<SnapshotKind>;
using OperationId = Id<OperationKindTag>;
using NamespaceName = Id<NamespaceKind>; ///< the tenant boundary; named by people
using EngineName = Id<EngineKind>; ///< how people call an engine; its identity here (fact I7:
                                   ///< /info's ID is not unique)
using RegistryName = Id<RegistryKind>; ///< how people call a registry; its identity here
using ScheduleId = Id<ScheduleKind>;
using ScheduleName = Id<ScheduleNameKind>; ///< how people call a schedule in its namespace

} // namespace sandglass
