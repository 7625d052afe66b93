#include "services/domain/sandboxconfig.h"

#include "services/core/json.h"

#include <QRegularExpression>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr double nanosPerCpu = 1e9;

/// "source:target[:options]" as in HostConfig.Binds; a source that is no path is a volume's name.
Mount parseBind(const QString &bind)
{
    const QStringList parts = bind.split(u':');
    Mount mount;
    mount.source = parts.value(0);
    mount.target = parts.value(1);
    mount.kind = mount.source.startsWith(u'/') ? Mount::Kind::Bind : Mount::Kind::Volume;
    mount.readOnly = parts.value(2).split(u',').contains(u"ro"_s);
    return mount;
}

Mount parseMount(const QJsonObject &object)
{
    const QString type = object["Type"_L1].toString();
    Mount mount;
    mount.source = object["Source"_L1].toString();
    mount.target = object["Target"_L1].toString();
    mount.readOnly = object["ReadOnly"_L1].toBool();
    if (type == "bind"_L1)
        mount.kind = Mount::Kind::Bind;
    else if (type == "tmpfs"_L1)
        mount.kind = Mount::Kind::Tmpfs;
    else if (type == "volume"_L1)
        mount.kind = mount.source.isEmpty() ? Mount::Kind::AnonymousVolume : Mount::Kind::Volume;
    return mount;
}

} // namespace

QStringList SandboxConfig::entrypoint() const
{
    return toStringList(container["Entrypoint"_L1]);
}
QStringList SandboxConfig::command() const
{
    return toStringList(container["Cmd"_L1]);
}
QStringList SandboxConfig::environment() const
{
    return toStringList(container["Env"_L1]);
}
QMap<QString, QString> SandboxConfig::labels() const
{
    QMap<QString, QString> labels;
    const QJsonObject object = container["Labels"_L1].toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        labels.insert(it.key(), it.value().toString());
    return labels;
}
QString SandboxConfig::user() const
{
    return container["User"_L1].toString();
}
QString SandboxConfig::workingDirectory() const
{
    return container["WorkingDir"_L1].toString();
}
double SandboxConfig::cpus() const
{
    return host["NanoCpus"_L1].toDouble() / nanosPerCpu;
}
qint64 SandboxConfig::memoryBytes() const
{
    return host["Memory"_L1].toInteger();
}
QString SandboxConfig::networkMode() const
{
    return host["NetworkMode"_L1].toString();
}

QString SandboxConfig::restartPolicy() const
{
    const QString name = host["RestartPolicy"_L1]["Name"_L1].toString();
    return name.isEmpty() ? u"no"_s : name;
}

QList<Mount> SandboxConfig::mounts() const
{
    QList<Mount> mounts;
    for (const QString &bind : toStringList(host["Binds"_L1]))
        mounts.append(parseBind(bind));
    const QJsonArray typed = host["Mounts"_L1].toArray();
    for (const QJsonValue &value : typed)
        mounts.append(parseMount(value.toObject()));
    const QJsonObject tmpfs = host["Tmpfs"_L1].toObject();
    for (auto it = tmpfs.begin(); it != tmpfs.end(); ++it)
        mounts.append(Mount{Mount::Kind::Tmpfs, {}, it.key(), false});
    const auto isMounted = [&mounts](const QString &target) {
        return std::any_of(mounts.begin(), mounts.end(), [&target](const Mount &mount) {
            return mount.target == target;
        });
    };
    const QJsonObject declared = container["Volumes"_L1].toObject();
    for (auto it = declared.begin(); it != declared.end(); ++it) {
        if (!isMounted(it.key()))
            mounts.append(Mount{Mount::Kind::AnonymousVolume, {}, it.key(), false});
    }
    return mounts;
}

QStringList SandboxConfig::publishedPorts() const
{
    return host["PortBindings"_L1].toObject().keys();
}

QStringList SandboxConfig::deviceNames() const
{
    QStringList names;
    const QJsonArray devices = host["Devices"_L1].toArray();
    for (const QJsonValue &device : devices)
        names.append(device["PathOnHost"_L1].toString());
    return names;
}

QByteArray SandboxConfig::toJson() const
{
    return toBytes(QJsonObject{
        {u"image"_s, image},
        {u"container"_s, container},
        {u"host"_s, host},
        {u"timeout_secs"_s, timeoutSeconds},
        {u"secret_names"_s, toJsonArray(secretNames)},
    });
}

Result<SandboxConfig> SandboxConfig::fromJson(const QByteArray &bytes)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(bytes));
    SandboxConfig config;
    config.image = object["image"_L1].toString();
    config.container = object["container"_L1].toObject();
    config.host = object["host"_L1].toObject();
    config.timeoutSeconds = object["timeout_secs"_L1].toInteger();
    config.secretNames = toStringList(object["secret_names"_L1]);
    return config;
}

Done checkSecretNames(const QStringList &names)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z_][A-Za-z0-9_]{0,127}\\z"_s);
    for (const QString &name : names) {
        if (!pattern.match(name).hasMatch()) {
            return failure(
                ErrorKind::InvalidArgument,
                u"\"%1\" is not a valid environment name for a secret"_s.arg(name.left(80)));
        }
    }
    return {};
}

} // namespace sandglass
