#pragma once

#include "services/core/clock.h"
#include "services/core/result.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace sandglass {

enum class LayerState {
    Waiting, ///< not begun, or to be begun again
    Transferring,
    Unpacking, ///< received, and being written to the engine's disk; pulls only
    Complete,
    AlreadyThere, ///< nothing to transfer: it was there, or in another repository of the registry
};

[[nodiscard]] QString nameOf(LayerState state); ///< "waiting", "already_there", …

/// How far one layer of an image is.
struct LayerProgress
{
    QString id; ///< as the engine calls it, such as "3d27a03c3cc7"
    LayerState state = LayerState::Waiting;
    qint64 bytesDone = 0; ///< never more than the total, when that is known
    qint64 bytesTotal = 0; ///< 0: not known, or nothing to transfer

    bool operator==(const LayerProgress &) const = default;
};

/// How far the transfer of an image is, at one moment. A push counts the bytes of the layers as
/// they are unpacked, a pull those that come over the network.
struct TransferProgress
{
    QList<LayerProgress> layers; ///< in the order in which the engine named them
    std::optional<qint64> bytesPerSecond; ///< of late; nothing: not known

    [[nodiscard]] qint64 bytesDone() const;
    /// Nothing while a layer waits whose size is not known yet, and before there is a layer.
    [[nodiscard]] std::optional<qint64> bytesTotal() const;
    /// At the present rate, rounded up; nothing when not known, or when nothing moves.
    [[nodiscard]] std::optional<std::chrono::seconds> timeLeft() const;

    /// Short, because it is kept in the database and written often.
    [[nodiscard]] QByteArray toJson() const;
    /// Protocol when it is not what toJson writes.
    [[nodiscard]] static Result<TransferProgress> fromJson(const QByteArray &bytes);

    bool operator==(const TransferProgress &) const = default;
};

/// Makes a TransferProgress of what an engine says about the layers one after the other. Pure: the
/// times are the caller's, and may step back.
class TransferMeter
{
public:
    /// What the engine said about one layer. Numbers that are 0 say nothing new, but for a layer
    /// that waits: it begins anew.
    void take(const LayerProgress &said, Timestamp now);

    [[nodiscard]] TransferProgress progress(Timestamp now) const;

private:
    struct Sample
    {
        Timestamp time;
        qint64 bytes = 0; // done by then
    };

    [[nodiscard]] std::optional<qint64> rate(Timestamp now) const;
    void takeSample(Timestamp now);

    TransferProgress m_progress; // its rate is made when it is asked for
    QList<Sample> m_samples; // the newest last, times and bytes never falling
};

} // namespace sandglass
