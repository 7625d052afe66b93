#pragma once

#include "services/domain/engine.h"

#include <QCommandLineParser>
#include <QPair>
#include <QStringList>

namespace sandglass {

/// How to start: where the data is, which engines exist at first start (design, section 5).
struct StartOptions
{
    QString dataDirectory;
    QList<QPair<EngineName, EngineAddress>>
        engines; ///< empty: those in the database, else what DOCKER_HOST says
};

/// Adds --config, --data-dir and --engine, which both programs have. Arguments win over the file.
void addStartOptions(QCommandLineParser &parser);

/// The value of an option: the argument, else the [start] section of the --config file; empty when
/// neither has it.
[[nodiscard]] Result<QStringList>
optionValues(const QCommandLineParser &parser, const QString &name);

/// InvalidArgument with what is wrong; for an engine "NAME=URL" is expected.
[[nodiscard]] Result<StartOptions> startOptionsFrom(const QCommandLineParser &parser);

} // namespace sandglass
