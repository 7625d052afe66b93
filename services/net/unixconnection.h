#pragma once

#include "services/net/engineconnection.h"

#include <QTimer>

namespace sandglass {

/// Why a UNIX socket could not be connected, from the error number that connect() gave. Pure but
/// for a look at the file that is there.
[[nodiscard]] ConnectProblem unixConnectProblem(int errorNumber, const QString &path);

/// To an engine's socket on this machine.
class UnixConnection final : public EngineConnection
{
    Q_OBJECT
public:
    UnixConnection(const QString &path, QObject *parent);

    void openConnection() override;
    void discard() override;

private:
    void tryToConnect();

    QString m_path;
    QTimer m_nextTry;
};

} // namespace sandglass
