#pragma once

#include "services/core/canceltoken.h"
#include "services/core/result.h"
#include "services/domain/operation.h"

#include <functional>

namespace sandglass {

class Clock;
class Database;
class EngineConnections;
class RegistryAccess;
class Session;
struct OperationDefinition;
struct StepContext;

/// How an attempt is told to end.
struct OperationTokens
{
    CancelToken abort; ///< ends pending requests, for either reason
    CancelToken cancel; ///< somebody cancelled the operation
    CancelToken interrupt; ///< the program stops, or another process goes on with it
};

/// What attempts work with.
struct AttemptServices
{
    Database &database;
    EngineConnections &connections;
    RegistryAccess &registries;
    const Clock &clock;
    /// Asked in every transaction that writes into the journal. Conflict when another process
    /// drives the engine, which then also goes on with the operation.
    std::function<Done(Session &, const Operation &)> requireLease;
};

/// One attempt to drive an operation through its steps, from the last finished one on, or to undo
/// it (design, section 4). On one thread.
class OperationAttempt
{
public:
    /// `seen`: as the journal had it when it was decided to go on with it.
    OperationAttempt(AttemptServices services, OperationTokens tokens, const Operation &seen);

    /// Blocks until the operation ended, or waits for the next attempt. Errors are of the journal;
    /// Conflict as said above. Nothing is done when the operation went on since it was seen.
    [[nodiscard]] Done make();

    [[nodiscard]] OperationState state() const { return m_operation.state; }

private:
    Done runSteps(StepContext &context);
    Done succeed(StepContext &context);
    void relax(StepContext &context);
    Done undo(StepContext &context);
    Done beginUndo(const Error &error);
    Done postpone(const Error &error);
    Done handleFailure(StepContext &context, const Error &error);
    Done beginAgain(); ///< forgets the end of the steps with which a new attempt begins

    Done write(const std::function<Done(Session &)> &work);
    Done save();
    Done saveSteps(Session &session, int first, int last); ///< and the operation

    AttemptServices m_services;
    OperationTokens m_tokens;
    Operation m_operation;
    const OperationDefinition &m_definition;
};

} // namespace sandglass
