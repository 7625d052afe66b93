#include "app/startoptions.h"

#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<QPair<EngineName, EngineAddress>> parseEngine(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    if (equals < 0)
        return failure(
            ErrorKind::InvalidArgument, u"\"%1\": write an engine as NAME=URL"_s.arg(text));
    SANDGLASS_TRY(const EngineName name, EngineName::parse(text.left(equals)));
    SANDGLASS_TRY(const EngineAddress address, EngineAddress::parse(text.mid(equals + 1)));
    return qMakePair(name, address);
}

} // namespace

void addStartOptions(QCommandLineParser &parser)
{
    parser.addOption(
        {u"config"_s, u"Read options from the [start] section of this file."_s, u"file"_s});
    parser.addOption(
        {u"data-dir"_s, u"Keep the database and the token in this folder."_s, u"folder"_s});
    parser.addOption(
        {u"engine"_s,
         u"Know this engine: NAME=unix:///path, tcp://host:port or ssh://user@host. May be repeated."_s,
         u"name=url"_s});
}

Result<QStringList> optionValues(const QCommandLineParser &parser, const QString &name)
{
    if (parser.isSet(name))
        return parser.values(name);
    if (!parser.isSet(u"config"_s))
        return QStringList();
    const QString file = parser.value(u"config"_s);
    if (!QFileInfo(file).isReadable())
        return failure(ErrorKind::InvalidArgument, u"the file %1 cannot be read"_s.arg(file));
    const QSettings settings(file, QSettings::IniFormat);
    if (settings.status() != QSettings::NoError)
        return failure(
            ErrorKind::InvalidArgument,
            u"the file %1 is not in the form of an INI file"_s.arg(file));
    return settings.value(u"start/"_s + name).toStringList();
}

Result<StartOptions> startOptionsFrom(const QCommandLineParser &parser)
{
    StartOptions options;
    SANDGLASS_TRY(const QStringList folder, optionValues(parser, u"data-dir"_s));
    options.dataDirectory = folder.isEmpty()
        ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/sandglass"_s
        : folder.last();
    SANDGLASS_TRY(const QStringList engines, optionValues(parser, u"engine"_s));
    for (const QString &text : engines) {
        SANDGLASS_TRY(const auto engine, parseEngine(text));
        options.engines.append(engine);
    }
    return options;
}

} // namespace sandglass
