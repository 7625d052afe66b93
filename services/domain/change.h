#pragma once

#include <QString>

namespace sandglass {

/// One row of the change feed: something about this object is different since `seq`.
struct Change
{
    enum class Subject {
        Engine,
        Sandbox,
        Snapshot,
        Operation,
        Setting,
        Registry,
        Cleanup,
        Schedule
    };
    qint64 seq = 0;
    Subject subject = Subject::Engine;
    QString id;
    bool removed = false;

    bool operator==(const Change &) const = default;
};

} // namespace sandglass
