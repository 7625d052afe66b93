#include "services/api/registryjson.h"
#include "services/api/routes.h"
#include "services/core/errorsentence.h"

#include <QJsonArray>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestSecret = 64 * 1024; // identity tokens may be signed texts
constexpr qint64 largestPosition = 1'000'000;

/// A registry as a body describes it.
struct DescribedRegistry
{
    Registry registry;
    std::optional<Credential> credential;
};

Result<std::optional<Registry>> knownRegistry(RegistryService &registries, const RegistryName &name)
{
    const auto known = registries.find(name);
    if (!known && known.error().kind != ErrorKind::NotFound)
        return failure(known.error());
    return known ? std::optional(*known) : std::nullopt;
}

/// The field "credential". Nothing of it may stand in an error: the body is all that knows it.
Result<std::optional<Credential>> credentialFrom(JsonFields &fields)
{
    auto object = fields.object(u"credential"_s);
    if (!object)
        return std::nullopt;
    const QString username = object->text(u"username"_s, 255).value_or(QString());
    const QString password = object->text(u"password"_s, longestSecret).value_or(QString());
    const QString token = object->text(u"identity_token"_s, longestSecret).value_or(QString());
    SANDGLASS_CHECK(object->finish());
    if (!token.isEmpty() && username.isEmpty() && password.isEmpty())
        return Credential{u"<token>"_s, {}, Secret(token.toUtf8())};
    if (token.isEmpty() && !username.isEmpty() && !password.isEmpty())
        return Credential{username, Secret(password.toUtf8()), {}};
    return failure(
        ErrorKind::InvalidArgument,
        u"\"credential\" must have either username and password, or identity_token"_s);
}

/// Reads where its credential comes from; left out, it is as it was.
Done readCredentialSource(
    JsonFields &fields, const std::optional<Registry> &known, DescribedRegistry &described)
{
    SANDGLASS_TRY(described.credential, credentialFrom(fields));
    Registry &registry = described.registry;
    if (described.credential)
        registry.credentialSource = CredentialSource::Keychain;
    else if (known)
        registry.credentialSource = known->credentialSource;
    if (const auto name = fields.text(u"credential_source"_s)) {
        const auto source = credentialSourceFrom(*name);
        if (!source) {
            return failure(
                ErrorKind::InvalidArgument,
                u"\"credential_source\" must be anonymous, keychain, docker_helper or "
                "service_credential"_s);
        }
        if (described.credential && *source != CredentialSource::Keychain) {
            return failure(
                ErrorKind::InvalidArgument,
                u"a \"credential\" goes to the keychain; \"credential_source\" says otherwise"_s);
        }
        registry.credentialSource = *source;
    }
    if (described.credential)
        registry.username = described.credential->username;
    else if (known && registry.credentialSource == known->credentialSource)
        registry.username = known->username;
    return {};
}

/// Reads all that describes a registry of this name, and finishes the fields.
Result<DescribedRegistry> describedRegistryFrom(
    JsonFields &fields, const RegistryName &name, const std::optional<Registry> &known)
{
    DescribedRegistry described;
    Registry &registry = described.registry;
    registry.name = name;
    registry.host = fields.requiredText(u"url"_s);
    registry.repository = fields.requiredText(u"repository"_s);
    registry.insecure = fields.boolean(u"insecure"_s).value_or(false);
    registry.authoritiesFile = fields.text(u"ca_file"_s).value_or(QString());
    registry.waitsForCredentials = fields.boolean(u"waits_for_credentials"_s).value_or(true);
    const qint64 position = fields.integer(u"position"_s).value_or(0);
    const QStringList namespaces = fields.texts(u"namespaces"_s).value_or(QStringList());
    SANDGLASS_CHECK(readCredentialSource(fields, known, described));
    SANDGLASS_CHECK(fields.finish());
    if (position < 0 || position > largestPosition) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"position\" must be a whole number from 0 to %1"_s.arg(largestPosition));
    }
    registry.position = int(position);
    // Whoever writes a login there finds nothing of it in the error.
    if (registry.host.contains(u'@')) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"url\" is host or host:port; a login goes into \"credential\""_s);
    }
    for (const QString &text : namespaces) {
        SANDGLASS_TRY(const auto namespaceName, NamespaceName::parse(text));
        if (!registry.namespaces.contains(namespaceName))
            registry.namespaces.append(namespaceName);
    }
    return described;
}

Result<ApiResponse> listRegistries(RegistryService &registries)
{
    SANDGLASS_TRY(const QList<Registry> found, registries.list());
    QJsonArray array;
    for (const Registry &registry : found)
        array.append(toJson(registry));
    return jsonResponse(200, {{u"registries"_s, array}});
}

Result<ApiResponse> showRegistry(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_TRY(const Registry registry, registries.find(name));
    return jsonResponse(200, toJson(registry));
}

Result<ApiResponse> putRegistry(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_TRY(const auto known, knownRegistry(registries, name));
    JsonFields fields(body);
    SANDGLASS_TRY(const auto described, describedRegistryFrom(fields, name, known));
    SANDGLASS_CHECK(registries.put({described.registry, described.credential, call.caller}));
    SANDGLASS_TRY(const Registry registry, registries.find(name));
    return jsonResponse(known ? 200 : 201, toJson(registry));
}

Result<ApiResponse> deleteRegistry(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_TRY(const bool leave, call.flag(u"leave_snapshots"_s));
    SANDGLASS_CHECK(
        registries.remove(name, leave ? LeaveSnapshots::Yes : LeaveSnapshots::No, call.caller));
    return ApiResponse{204, {}, {}, {}};
}

Result<ApiResponse> deleteCredential(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_CHECK(registries.removeCredential(name, call.caller));
    return ApiResponse{204, {}, {}, {}};
}

Result<ApiResponse> testRegistry(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    SANDGLASS_TRY(const auto credential, credentialFrom(fields));
    SANDGLASS_CHECK(fields.finish());
    SANDGLASS_TRY(const Registry registry, registries.find(name));
    SANDGLASS_TRY(const RegistryProbe probe, registries.test(registry, credential));
    return jsonResponse(200, toJson(probe));
}

/// One that need not be known; under the name of one that is, that one's credential is used unless
/// the body says otherwise, as if it were put there.
Result<ApiResponse> testDescribedRegistry(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    RegistryName name;
    std::optional<Registry> known;
    if (const auto text = fields.text(u"name"_s)) {
        SANDGLASS_TRY(name, RegistryName::parse(*text));
        SANDGLASS_TRY(known, knownRegistry(registries, name));
    }
    SANDGLASS_TRY(const auto described, describedRegistryFrom(fields, name, known));
    SANDGLASS_TRY(
        const RegistryProbe probe, registries.test(described.registry, described.credential));
    return jsonResponse(200, toJson(probe));
}

Result<ApiResponse> listImportableLogins(RegistryService &registries)
{
    SANDGLASS_TRY(const QList<ImportableLogin> logins, registries.dockerLogins());
    QJsonArray array;
    for (const ImportableLogin &login : logins)
        array.append(toJson(login));
    return jsonResponse(200, {{u"logins"_s, array}});
}

Result<ApiResponse> importLogin(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const auto name, call.id<RegistryName>(u"name"_s));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_CHECK(JsonFields(body).finish());
    SANDGLASS_CHECK(registries.importDockerLogin(name, call.caller));
    SANDGLASS_TRY(const Registry registry, registries.find(name));
    return jsonResponse(200, toJson(registry));
}

Result<TransferRequest> transferRequestFrom(const RouteRequest &call)
{
    SANDGLASS_TRY(const auto namespaceName, call.id<NamespaceName>(u"namespace"_s));
    SANDGLASS_TRY(const auto snapshot, call.id<SnapshotId>(u"snapshot_id"_s));
    return TransferRequest{namespaceName, snapshot, call.caller, call.idempotencyKey};
}

/// The name of the place in the body of a push or a pull, under this field.
template <class Name> Result<Name> placeFrom(const RouteRequest &call, const QString &field)
{
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    JsonFields fields(body);
    const QString text = fields.requiredText(field);
    SANDGLASS_CHECK(fields.finish());
    return Name::parse(text);
}

/// `place`: what it goes to, as "registry" or "engine".
ApiResponse transferBegun(
    const OperationId &operation,
    const SnapshotId &snapshot,
    const QString &place,
    const QString &name)
{
    return jsonResponse(
        202,
        {{u"operation_id"_s, operation.text()},
         {u"snapshot_id"_s, snapshot.text()},
         {place, name}});
}

Result<ApiResponse> pushSnapshot(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const TransferRequest request, transferRequestFrom(call));
    SANDGLASS_TRY(const auto registry, placeFrom<RegistryName>(call, u"registry"_s));
    SANDGLASS_TRY(const OperationId operation, registries.push(request, registry));
    return transferBegun(operation, request.snapshot, u"registry"_s, registry.text());
}

Result<ApiResponse> pullSnapshot(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const TransferRequest request, transferRequestFrom(call));
    SANDGLASS_TRY(const auto engine, placeFrom<EngineName>(call, u"engine"_s));
    SANDGLASS_TRY(const OperationId operation, registries.pull(request, engine));
    return transferBegun(operation, request.snapshot, u"engine"_s, engine.text());
}

Result<ApiResponse> checkSnapshot(RegistryService &registries, const RouteRequest &call)
{
    SANDGLASS_TRY(const TransferRequest request, transferRequestFrom(call));
    SANDGLASS_TRY(const QJsonObject body, parseJsonBody(call.body));
    SANDGLASS_CHECK(JsonFields(body).finish());
    const Done checked = registries.check(request);
    // A 401 would say that the caller's own token is wrong.
    if (!checked && checked.error().kind == ErrorKind::Unauthorized) {
        return errorResponse(
            502, nameOf(checked.error().kind), sentenceFor(checked.error()).text());
    }
    SANDGLASS_CHECK(checked);
    return ApiResponse{204, {}, {}, {}};
}

using Handler = Result<ApiResponse> (*)(RegistryService &, const RouteRequest &);

} // namespace

void addRegistryRoutes(Router &router, const UseCases &useCases)
{
    RegistryService &registries = useCases.registries;
    const auto add = [&](const QByteArray &method,
                         const QString &pattern,
                         Handler handle,
                         const QStringList &queryNames = {}) {
        router.add({method, pattern, queryNames, [&registries, handle](const RouteRequest &call) {
                        return handle(registries, call);
                    }});
    };
    const QString all = u"/v1/registries"_s;
    const QString one = all + u"/{name}"_s;
    router.add({"GET", all, {}, [&registries](const RouteRequest &) {
                    return listRegistries(registries);
                }});
    // Before the pattern that it matches too.
    router.add({"GET", all + u"/importable"_s, {}, [&registries](const RouteRequest &) {
                    return listImportableLogins(registries);
                }});
    add("POST", all + u"/test"_s, testDescribedRegistry);
    add("GET", one, showRegistry);
    add("PUT", one, putRegistry);
    add("DELETE", one, deleteRegistry, {u"leave_snapshots"_s});
    add("DELETE", one + u"/credential"_s, deleteCredential);
    add("POST", one + u"/test"_s, testRegistry);
    add("POST", one + u"/import-login"_s, importLogin);
    const QString snapshot = u"/v1/namespaces/{namespace}/snapshots/{snapshot_id}"_s;
    add("POST", snapshot + u"/push"_s, pushSnapshot);
    add("POST", snapshot + u"/pull"_s, pullSnapshot);
    add("POST", snapshot + u"/check"_s, checkSnapshot);
}

} // namespace sandglass
