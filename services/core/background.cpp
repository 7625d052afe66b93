#include "services/core/background.h"

#include <QMetaObject>

#include <mutex>

namespace sandglass {

namespace {

/// Lives on the context's thread as its child, so that it dies with it; the worker holds it only
/// through a shared flag and a mutex, because a QPointer must not be used from another thread.
struct Gate
{
    std::mutex mutex;
    QObject *context = nullptr;
};

} // namespace

void runInBackground(
    QThreadPool &pool, QObject *context, std::function<std::function<void()>()> task)
{
    auto gate = std::make_shared<Gate>();
    gate->context = context;
    // Closing the gate waits for a worker that is just posting; what was posted dies with the
    // context.
    auto connection = std::make_shared<QMetaObject::Connection>(
        QObject::connect(context, &QObject::destroyed, [gate] {
            const std::lock_guard lock(gate->mutex);
            gate->context = nullptr;
        }));
    pool.start([gate, connection, task = std::move(task)]() mutable {
        auto finish = task();
        task = nullptr;
        const std::lock_guard lock(gate->mutex);
        if (gate->context) {
            QMetaObject::invokeMethod(
                gate->context,
                [connection, finish = std::move(finish)]() mutable {
                    QObject::disconnect(*connection);
                    finish();
                },
                Qt::QueuedConnection);
        }
    });
}

} // namespace sandglass
