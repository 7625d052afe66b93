#include "services/docker/dockerclient.h"

#include "services/docker/dockerjson.h"
#include "services/docker/enginecall.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto connectingLimit = 5s;
constexpr auto sshConnectingLimit = 20s; // it says by itself that a host does not answer
constexpr auto slowVersionLimit = 30s; // of an engine that has answered already

QDeadlineTimer connectingDeadline(const EngineAddress &address)
{
    const bool isSsh = address.scheme == EngineAddress::Scheme::Ssh;
    return QDeadlineTimer(isSsh ? sshConnectingLimit : connectingLimit);
}

/// GET of what every engine answers without an API version, within what is left of the limit.
Result<HttpResponse> introduce(
    HttpTransport &transport,
    const QString &path,
    const QDeadlineTimer &deadline,
    const CancelToken &cancel)
{
    HttpRequest request;
    request.path = path;
    request.connectLimit = std::chrono::milliseconds(qMax(qint64(1), deadline.remainingTime()));
    request.idleLimit = request.connectLimit;
    SANDGLASS_TRY(HttpResponse response, transport.send(request, cancel));
    const QString origin = originOf(transport.address(), request.method, path);
    if (response.status >= 500)
        return failure(engineError(response, u"the engine is not well"_s, origin));
    if (response.status != 200) {
        return failure(Error{
            ErrorKind::Protocol,
            u"not a Docker-compatible engine: it answers with status %1"_s.arg(response.status),
            origin,
            parseErrorMessage(response.body),
            response.status});
    }
    return response;
}

} // namespace

DockerClient::DockerClient(
    std::unique_ptr<HttpTransport> transport, EngineVersion version, ApiVersion api)
    : m_transport(std::move(transport))
    , m_version(std::move(version))
    , m_api(api)
{ }

Result<EngineVersion> DockerClient::askVersion(
    HttpTransport &transport, const QDeadlineTimer &deadline, const CancelToken &cancel)
{
    SANDGLASS_TRY(const HttpResponse answer, introduce(transport, u"/version"_s, deadline, cancel));
    Result<EngineVersion> version = parseVersion(answer.body);
    if (!version) {
        const QString why = u"not a Docker-compatible engine: "_s + version.error().detail;
        return failure(Error{
            ErrorKind::Protocol,
            why,
            transport.address().text() + u" GET /version"_s,
            {},
            answer.status});
    }
    return version;
}

Result<std::unique_ptr<DockerClient>> DockerClient::connect(
    const EngineEndpoint &endpoint,
    const CancelToken &cancel,
    const std::optional<EngineVersion> &known)
{
    QDeadlineTimer deadline = connectingDeadline(endpoint.address);
    auto transport = std::make_unique<HttpTransport>(endpoint);
    SANDGLASS_TRY(const HttpResponse pong, introduce(*transport, u"/_ping"_s, deadline, cancel));
    const QByteArray server = pong.header("Server");
    const bool isSlow = tellsVersionSlowly(server);
    EngineVersion version;
    if (isSlow && known && known->server == server) {
        version = *known;
    } else {
        if (isSlow)
            deadline = QDeadlineTimer(slowVersionLimit);
        SANDGLASS_TRY(version, askVersion(*transport, deadline, cancel));
        version.server = server;
    }
    Result<ApiVersion> api = negotiate(version);
    if (!api) {
        Error error = api.error();
        error.origin = endpoint.address.text();
        return failure(error);
    }
    return std::unique_ptr<DockerClient>(
        new DockerClient(std::move(transport), std::move(version), *api));
}

std::unique_ptr<DockerClient>
DockerClient::reopen(const EngineEndpoint &endpoint, const EngineVersion &version, ApiVersion api)
{
    return std::unique_ptr<DockerClient>(
        new DockerClient(std::make_unique<HttpTransport>(endpoint), version, api));
}

Error DockerClient::inContext(Error error, const HttpRequest &request, const QString &what) const
{
    error.detail = what + ": "_L1 + error.detail;
    error.origin = origin(request);
    return error;
}

QString DockerClient::versioned(const QString &path) const
{
    return "/v"_L1 + m_api.text() + path;
}

QString DockerClient::origin(const HttpRequest &request) const
{
    return originOf(m_transport->address(), request.method, versioned(request.path));
}

Result<HttpResponse>
DockerClient::call(const HttpRequest &request, const QString &what, const CancelToken &cancel)
{
    HttpRequest sent = request;
    sent.path = versioned(request.path);
    Result<HttpResponse> response = m_transport->send(sent, cancel);
    if (!response)
        return failure(inContext(std::move(response).error(), request, what));
    const bool good = response->status < 300 || response->status == 304;
    if (!good)
        return failure(engineError(*response, what, origin(request)));
    return response;
}

Done DockerClient::ping(const CancelToken &cancel)
{
    SANDGLASS_CHECK(
        introduce(*m_transport, u"/_ping"_s, connectingDeadline(m_transport->address()), cancel));
    return {};
}

Result<EngineInfo> DockerClient::info(const CancelToken &cancel)
{
    HttpRequest request;
    request.path = u"/info"_s;
    return ask(request, u"read the engine's information"_s, parseInfo, cancel);
}

Result<DiskUsage> DockerClient::diskUsage(const CancelToken &cancel)
{
    HttpRequest request;
    request.path = u"/system/df"_s;
    request.idleLimit = slowCallLimit;
    return ask(request, u"read the engine's disk usage"_s, parseDiskUsage, cancel);
}

} // namespace sandglass
