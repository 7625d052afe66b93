#include "services/core/json.h"
#include "services/docker/dockerclient.h"
#include "services/docker/dockerjson.h"
#include "services/docker/enginecall.h"
#include "services/docker/tararchive.h"

#include <QDeadlineTimer>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto exitNoticeLimit = 5s;

struct ExecState
{
    bool running = false;
    int exitCode = 0;
};

Result<ExecState> parseExecState(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    return ExecState{object.value("Running"_L1).toBool(), object.value("ExitCode"_L1).toInt()};
}

} // namespace

Result<QList<ContainerSummary>>
DockerClient::containers(const QStringList &labelFilter, const CancelToken &cancel)
{
    HttpRequest request;
    request.path = u"/containers/json"_s;
    addToQuery(request.query, u"all"_s, u"1"_s);
    addFilter(request.query, u"label"_s, labelFilter);
    return ask(request, u"list containers"_s, parseContainers, cancel);
}

Result<ContainerDetails>
DockerClient::inspectContainer(const QString &idOrName, WithSize size, const CancelToken &cancel)
{
    HttpRequest request;
    SANDGLASS_TRY(request.path, containerPath(idOrName, u"/json"_s));
    if (size == WithSize::Yes) {
        addToQuery(request.query, u"size"_s, u"1"_s);
        request.idleLimit = slowCallLimit;
    }
    return ask(request, u"inspect container "_s + idOrName, parseContainer, cancel);
}

Result<QString> DockerClient::createContainer(
    const QString &name, const QJsonObject &config, const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "POST";
    request.path = u"/containers/create"_s;
    addToQuery(request.query, u"name"_s, name);
    request.body = toBytes(config);
    request.idleLimit = slowCallLimit;
    return ask(request, u"create container "_s + name, parseId, cancel);
}

Done DockerClient::act(
    const QString &id,
    const QString &action,
    const QUrlQuery &query,
    std::chrono::milliseconds idleLimit,
    const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "POST";
    SANDGLASS_TRY(request.path, containerPath(id, u'/' + action));
    request.query = query;
    request.idleLimit = idleLimit;
    SANDGLASS_CHECK(call(request, action + " container "_L1 + id, cancel));
    return {};
}

Done DockerClient::startContainer(const QString &id, const CancelToken &cancel)
{
    return act(id, u"start"_s, {}, slowCallLimit, cancel);
}

Done DockerClient::stopContainer(
    const QString &id, std::chrono::seconds grace, const CancelToken &cancel)
{
    QUrlQuery query;
    addToQuery(query, u"t"_s, QString::number(grace.count()));
    return act(id, u"stop"_s, query, grace + slowCallLimit, cancel);
}

Done DockerClient::killContainer(
    const QString &id, const QString &signal, const CancelToken &cancel)
{
    QUrlQuery query;
    addToQuery(query, u"signal"_s, signal);
    return act(id, u"kill"_s, query, quickCallLimit, cancel);
}

Done DockerClient::pauseContainer(const QString &id, const CancelToken &cancel)
{
    return act(id, u"pause"_s, {}, quickCallLimit, cancel);
}

Done DockerClient::unpauseContainer(const QString &id, const CancelToken &cancel)
{
    return act(id, u"unpause"_s, {}, quickCallLimit, cancel);
}

Done DockerClient::removeContainer(const QString &id, const CancelToken &cancel)
{
    HttpRequest request;
    request.method = "DELETE";
    SANDGLASS_TRY(request.path, containerPath(id, {}));
    addToQuery(request.query, u"force"_s, u"1"_s);
    addToQuery(request.query, u"v"_s, u"1"_s);
    request.idleLimit = slowCallLimit;
    const auto removed = call(request, u"remove container "_s + id, cancel);
    if (removed)
        return {};
    if (removed.error().remoteMessage.contains("is already in progress"_L1))
        return waitUntilRemoved(id, cancel);
    return failure(removed.error());
}

Done DockerClient::waitUntilRemoved(const QString &id, const CancelToken &cancel)
{
    QUrlQuery query;
    addToQuery(query, u"condition"_s, u"removed"_s);
    const Done waited = act(id, u"wait"_s, query, slowCallLimit, cancel);
    if (!waited && waited.error().kind != ErrorKind::NotFound)
        return waited;
    return {};
}

Result<QList<FilesystemChange>> DockerClient::changes(const QString &id, const CancelToken &cancel)
{
    HttpRequest request;
    SANDGLASS_TRY(request.path, containerPath(id, u"/changes"_s));
    request.idleLimit = slowCallLimit;
    return ask(request, u"list the changes of container "_s + id, parseChanges, cancel);
}

Result<QByteArray> DockerClient::readFile(
    const QString &id, const QString &path, qsizetype most, const CancelToken &cancel)
{
    constexpr qsizetype mostHeaders = 16 * 1024; // before the content
    const QString what = u"read a file of container "_s + id;
    HttpRequest request;
    SANDGLASS_TRY(request.path, containerPath(id, u"/archive"_s));
    addToQuery(request.query, u"path"_s, path);
    QByteArray archive;
    bool isEnough = false;
    request.sink = [&](QByteArrayView bytes) -> Done {
        archive.append(bytes);
        isEnough = archive.size() >= mostHeaders + most;
        return isEnough ? failure(ErrorKind::Cancelled, what) : Done();
    };
    const auto response = call(request, what, cancel);
    if (!response && !isEnough)
        return failure(response.error());
    const auto content = firstFileOf(archive, most);
    if (!content)
        return failure(ErrorKind::NotFound, what + u": it is no regular file"_s);
    return *content;
}

Result<ExecResult>
DockerClient::exec(const QString &id, const QStringList &command, const CancelToken &cancel)
{
    const QString what = u"run a command in container "_s + id;
    HttpRequest create;
    create.method = "POST";
    SANDGLASS_TRY(create.path, containerPath(id, u"/exec"_s));
    create.body = toBytes(
        {{u"AttachStdout"_s, true}, {u"AttachStderr"_s, true}, {u"Cmd"_s, toJsonArray(command)}});
    SANDGLASS_TRY(const QString execId, ask(create, what, parseId, cancel));

    HttpRequest start;
    start.method = "POST";
    start.path = "/exec/"_L1 + execId + "/start"_L1;
    start.body = toBytes({{u"Detach"_s, false}, {u"Tty"_s, false}});
    start.idleLimit = 0ms; // a command may say nothing for as long as it likes
    start.liveness = Liveness{u"/_ping"_s};
    SANDGLASS_TRY(ExecResult output, ask(start, what, parseExecOutput, cancel));
    return finishExec(execId, std::move(output), cancel);
}

/// The output may end a moment before the engine has noted the exit.
Result<ExecResult>
DockerClient::finishExec(const QString &execId, ExecResult output, const CancelToken &cancel)
{
    HttpRequest inspect;
    inspect.path = "/exec/"_L1 + execId + "/json"_L1;
    const QDeadlineTimer deadline(exitNoticeLimit);
    for (;;) {
        SANDGLASS_TRY(
            const ExecState state, ask(inspect, u"read an exit code"_s, parseExecState, cancel));
        if (!state.running) {
            output.exitCode = state.exitCode;
            return output;
        }
        if (deadline.hasExpired()) {
            const QString why = u"the command closed its output, but is still running"_s;
            return failure(Error{ErrorKind::Conflict, why, origin(inspect), {}, 0});
        }
    }
}

} // namespace sandglass
