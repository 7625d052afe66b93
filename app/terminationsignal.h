#pragma once

#include <QObject>

namespace sandglass {

/// Turns SIGTERM, SIGINT and SIGHUP into a Qt signal on the main thread. One per process, made
/// before other threads.
class TerminationSignal : public QObject
{
    Q_OBJECT
public:
    explicit TerminationSignal(QObject *parent = nullptr);
    ~TerminationSignal() override; ///< the signals have their default effect again

Q_SIGNALS:
    void requested();
};

} // namespace sandglass
