#pragma once

#include "services/secrets/pendinganswer.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <QObject>
#include <QThread>

#include <functional>

namespace sandglass {

/// Lets workers have things done on the main thread, and wait for them. Created on the main thread;
/// no call waits any longer once the event loop has ended, or this goes.
class MainThread
{
public:
    MainThread()
    {
        if (QCoreApplication::instance() != nullptr) {
            QObject::connect(
                QCoreApplication::instance(), &QCoreApplication::aboutToQuit, &m_context, [this] {
                    m_ending.cancel();
                });
        }
    }
    ~MainThread() { m_ending.cancel(); }
    MainThread(const MainThread &) = delete;
    MainThread &operator=(const MainThread &) = delete;

    [[nodiscard]] QThread *thread() const { return m_context.thread(); }

    /// Calls `start` on the main thread and waits until it, or what it set going, gives the
    /// answer. Nothing: it came not until the deadline. Cancelled: asked to, or the program ends.
    template <class T>
    [[nodiscard]] std::optional<Result<T>>
    ask(std::function<void(const Promise<T> &)> start,
        typename PendingAnswer<T>::Deadline deadline,
        const CancelToken &cancel)
    {
        if (QThread::currentThread() == thread()) {
            return Result<T>(failure(
                ErrorKind::Internal, QStringLiteral("the main thread would wait for itself")));
        }
        const auto answer = std::make_shared<PendingAnswer<T>>();
        const auto cancelled = cancel.onCancelled([answer] {
            answer->give(failure(ErrorKind::Cancelled, QStringLiteral("use of the keychain")));
        });
        const auto ended = m_ending.onCancelled([answer] {
            answer->give(failure(ErrorKind::Cancelled, QStringLiteral("the program ends")));
        });
        QMetaObject::invokeMethod(
            &m_context,
            [start = std::move(start), promise = Promise<T>(answer)] { start(promise); },
            Qt::QueuedConnection);
        return answer->waitUntil(deadline);
    }

private:
    QObject m_context;
    CancelToken m_ending;
};

} // namespace sandglass
