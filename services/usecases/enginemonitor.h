#pragma once

#include "services/core/clockjump.h"
#include "services/docker/eventstream.h"
#include "services/domain/change.h"
#include "services/domain/engine.h"
#include "services/domain/imagenotes.h"
#include "services/operations/operationrunner.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <map>
#include <memory>

namespace sandglass {

class ChangeFeed;
class Clock;
class Database;
class EngineConnections;
class SandboxService;
struct EngineLook;

/// Keeps what the store says of engines true, for the engines that this process drives: looks at
/// each when it connects, when an event tells that something changed there, and every few minutes;
/// asks in between whether it lives. Lives on the main thread and never blocks it.
class EngineMonitor : public QObject
{
    Q_OBJECT
public:
    EngineMonitor(
        Database &database,
        EngineConnections &connections,
        OperationRunner &runner,
        SandboxService &sandboxes,
        const ChangeFeed &feed,
        const Clock &clock,
        QObject *parent = nullptr);
    ~EngineMonitor() override; ///< aborts what is pending and waits for it

private:
    struct Watched
    {
        EngineAddress address;
        std::unique_ptr<EventStream> events;
        bool connected = false;
        bool looking = false;
        bool lookAgain = false; ///< an event came during a look
        int failures = 0;
        int shortStreams = 0; ///< in a row, that ended as soon as they had begun
        qint64 nextLookAt = 0; ///< milliseconds of the steady clock
        qint64 lookDueAt = 0; ///< the look for an event that came; 0 for none
        qint64 lookedFrom = 0; ///< when the last look began
        qint64 restsUntil = 0; ///< before that no event makes it look
        qint64 nextCheckAt = 0;
        qint64 followedAt = 0;
        qint64 nextFollowAt = 0;
    };

    void notice(const QList<Change> &changes);
    void reloadEngines();
    static void moveTo(const EngineAddress &address, const EngineName &name, Watched &engine);
    void reloadAdopted();
    void reloadNotes();
    void tick();
    void look(const EngineName &name);
    /// One look for all that happens in this time, but not while the engine rests.
    void lookWithin(std::chrono::milliseconds gathering, const EngineName &name);
    void lookSoonEverywhere();
    void looked(const EngineName &name, const Result<EngineLook> &result);
    void follow(const EngineName &name, const EngineLook &look, Timestamp since);
    [[nodiscard]] std::chrono::milliseconds gatheringFor(const EngineEvent &event) const;
    void check(const EngineName &name);
    void lost(const EngineName &name, const Error &error);
    void terminateTimedOut();

    Database &m_database;
    EngineConnections &m_connections;
    OperationRunner &m_runner;
    SandboxService &m_sandboxes;
    const Clock &m_clock;
    CancelToken m_stop;
    QThreadPool m_pool;
    QTimer m_timer;
    ClockJump m_clockJump;
    std::map<EngineName, Watched> m_engines;
    QSet<QString> m_adopted; ///< containers without a label of ours
    QHash<SnapshotId, ImageNotes> m_notes;
    bool m_terminating = false;
    qint64 m_nextTerminationAt = 0;
};

} // namespace sandglass
