#include "services/usecases/registrycheck.h"

#include "services/domain/caller.h"
#include "services/operations/registryaccess.h"
#include "services/storage/auditlog.h"
#include "services/storage/database.h"
#include "services/storage/snapshotrepository.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Location observed(Location location, const std::optional<ManifestDescriptor> &found)
{
    if (!found) {
        location.state = LocationState::Missing;
        location.error = u"the registry does not have it any more"_s;
    } else if (found->digest != location.digest) {
        location.state = LocationState::Drifted;
        location.error = u"the registry has %1 under its tag"_s.arg(found->digest);
    } else {
        location.state = LocationState::Present;
        location.error.clear();
    }
    return location;
}

Done write(Database &database, Location location, LocationState before)
{
    return database.write([&](Session &session) -> Done {
        location.checkedAt = session.now();
        if (location.state != before)
            location.changedAt = session.now();
        SANDGLASS_TRY(
            const bool written, SnapshotRepository(session).changeLocation(location, before));
        if (!written || location.state == before)
            return {};
        return appendAudit(
            session,
            {itself(u"registry monitor"_s),
             u"see_location"_s,
             location.snapshot.text(),
             u"%1 in registry %2"_s.arg(nameOf(location.state), location.place),
             {}});
    });
}

} // namespace

Done checkLocations(
    Database &database,
    RegistryAccess &access,
    const RegistryName &registry,
    const QList<Location> &locations,
    const CancelToken &cancel)
{
    return access.use(registry, cancel, [&](OpenRegistry &opened) -> Done {
        for (const Location &location : locations) {
            const QString tag = location.imageReference.section(u':', -1);
            SANDGLASS_TRY(const auto found, opened.client->findManifest(tag, cancel));
            SANDGLASS_CHECK(write(database, observed(location, found), location.state));
        }
        return {};
    });
}

} // namespace sandglass
