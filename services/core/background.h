#pragma once

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace sandglass {

/// Runs `task` on a thread of `pool` and then, on the thread of `context`, what it returned; drops
/// that when the context is gone by then. What inBackground is made of; call inBackground.
void runInBackground(
    QThreadPool &pool, QObject *context, std::function<std::function<void()>()> task);

/// Runs `work` on a thread of `pool` and hands what it returns to `done` on the thread of `context`
/// (design, section 11). `done` is called at most once, never from within this call, and not at all
/// when the context is gone. Call it on the context's thread. `work` must capture values, not the
/// context.
template <class Work, class Finished>
void inBackground(QThreadPool &pool, QObject *context, Work work, Finished done)
{
    using Value = std::invoke_result_t<Work>;
    runInBackground(
        pool,
        context,
        [work = std::move(work), done = std::move(done)]() mutable -> std::function<void()> {
            auto value = std::make_shared<Value>(work());
            return [value, done = std::move(done)]() mutable { done(std::move(*value)); };
        });
}

} // namespace sandglass
