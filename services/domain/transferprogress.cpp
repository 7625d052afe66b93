#include "services/domain/transferprogress.h"

#include "services/core/json.h"
#include "services/core/names.h"

#include <algorithm>
#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

// The rate is of the last seconds: long enough to be steady, short enough to show a stall.
constexpr auto rateSpan = 8s;
constexpr auto shortestRateSpan = 1s;
constexpr auto sampleSpan = 250ms;

// No layer is larger; so the sum of many never overflows.
constexpr qint64 largestLayer = qint64(1) << 50;

const std::array layerStateNames{
    std::pair{LayerState::Waiting, u"waiting"_s},
    std::pair{LayerState::Transferring, u"transferring"_s},
    std::pair{LayerState::Unpacking, u"unpacking"_s},
    std::pair{LayerState::Complete, u"done"_s},
    std::pair{LayerState::AlreadyThere, u"already_there"_s},
};

qint64 plausible(qint64 bytes)
{
    return std::clamp<qint64>(bytes, 0, largestLayer);
}

/// What is known of a layer after the engine said something more.
LayerProgress merged(const LayerProgress &known, const LayerProgress &said)
{
    LayerProgress layer{said.id, said.state, plausible(said.bytesDone), plausible(said.bytesTotal)};
    if (layer.bytesTotal == 0)
        layer.bytesTotal = known.bytesTotal;
    switch (layer.state) {
    case LayerState::Waiting:
        break;
    case LayerState::Transferring:
        if (said.bytesDone == 0)
            layer.bytesDone = known.bytesDone;
        // An engine counts what it adds to a layer, such as the padding of an archive.
        if (layer.bytesTotal > 0)
            layer.bytesDone = std::min(layer.bytesDone, layer.bytesTotal);
        break;
    case LayerState::Unpacking:
    case LayerState::Complete:
        // Not every step is told: the last that was may lie far before the end.
        if (layer.bytesTotal == 0)
            layer.bytesTotal = std::max(layer.bytesDone, known.bytesDone);
        layer.bytesDone = layer.bytesTotal;
        break;
    case LayerState::AlreadyThere:
        layer.bytesDone = 0;
        layer.bytesTotal = 0;
        break;
    }
    return layer;
}

Result<LayerProgress> layerFrom(const QJsonArray &parts)
{
    LayerProgress layer;
    layer.id = parts.at(0).toString();
    const QString state = parts.at(1).toString();
    const auto named =
        std::ranges::find(layerStateNames, state, [](const auto &known) { return known.second; });
    if (layer.id.isEmpty() || named == layerStateNames.end())
        return failure(ErrorKind::Protocol, u"a layer's progress cannot be read"_s);
    layer.state = named->first;
    layer.bytesDone = plausible(parts.at(2).toInteger());
    layer.bytesTotal = plausible(parts.at(3).toInteger());
    return layer;
}

} // namespace

QString nameOf(LayerState state)
{
    return nameIn(layerStateNames, state);
}

qint64 TransferProgress::bytesDone() const
{
    qint64 sum = 0;
    for (const LayerProgress &layer : layers)
        sum += layer.bytesDone;
    return sum;
}

std::optional<qint64> TransferProgress::bytesTotal() const
{
    if (layers.isEmpty())
        return std::nullopt;
    qint64 sum = 0;
    for (const LayerProgress &layer : layers) {
        const bool begun = layer.state == LayerState::Complete
            || layer.state == LayerState::AlreadyThere || layer.state == LayerState::Unpacking;
        if (layer.bytesTotal == 0 && !begun)
            return std::nullopt;
        sum += layer.bytesTotal;
    }
    return sum;
}

std::optional<std::chrono::seconds> TransferProgress::timeLeft() const
{
    const std::optional<qint64> total = bytesTotal();
    if (!total)
        return std::nullopt;
    const qint64 left = *total - bytesDone();
    if (left <= 0)
        return 0s;
    if (bytesPerSecond.value_or(0) <= 0)
        return std::nullopt;
    return std::chrono::seconds((left + *bytesPerSecond - 1) / *bytesPerSecond);
}

QByteArray TransferProgress::toJson() const
{
    QJsonArray rows;
    for (const LayerProgress &layer : layers) {
        rows.append(QJsonArray{
            layer.id,
            nameOf(layer.state),
            layer.bytesDone,
            layer.bytesTotal,
        });
    }
    QJsonObject object{{u"layers"_s, rows}};
    if (bytesPerSecond)
        object.insert(u"rate"_s, *bytesPerSecond);
    return toBytes(object);
}

Result<TransferProgress> TransferProgress::fromJson(const QByteArray &bytes)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(bytes));
    if (!object["layers"_L1].isArray())
        return failure(ErrorKind::Protocol, u"a transfer's progress has no layers"_s);
    TransferProgress progress;
    const QJsonArray rows = object["layers"_L1].toArray();
    for (const QJsonValue &row : rows) {
        SANDGLASS_TRY(const LayerProgress layer, layerFrom(row.toArray()));
        progress.layers.append(layer);
    }
    if (object["rate"_L1].isDouble())
        progress.bytesPerSecond = object["rate"_L1].toInteger();
    return progress;
}

void TransferMeter::take(const LayerProgress &said, Timestamp now)
{
    const auto known = std::ranges::find(m_progress.layers, said.id, &LayerProgress::id);
    if (known == m_progress.layers.end())
        m_progress.layers.append(merged({}, said));
    else
        *known = merged(*known, said);
    takeSample(now);
}

TransferProgress TransferMeter::progress(Timestamp now) const
{
    TransferProgress progress = m_progress;
    progress.bytesPerSecond = rate(now);
    return progress;
}

std::optional<qint64> TransferMeter::rate(Timestamp now) const
{
    const qint64 bytes = m_progress.bytesDone();
    // The oldest sample of the span, or the one just before it when the others came after a stall.
    const Sample *from = nullptr;
    for (const Sample &sample : m_samples) {
        if (from == nullptr || now - sample.time >= rateSpan)
            from = &sample;
    }
    if (from == nullptr || bytes < from->bytes)
        return std::nullopt;
    const auto elapsed = now - from->time;
    if (elapsed < shortestRateSpan)
        return std::nullopt;
    return qint64(double(bytes - from->bytes) / std::chrono::duration<double>(elapsed).count());
}

void TransferMeter::takeSample(Timestamp now)
{
    const qint64 bytes = m_progress.bytesDone();
    // A clock that stepped back, or a layer that began anew: what was measured before says nothing.
    if (!m_samples.isEmpty() && (now < m_samples.last().time || bytes < m_samples.last().bytes))
        m_samples.clear();
    if (!m_samples.isEmpty() && now - m_samples.last().time < sampleSpan)
        return;
    m_samples.append({now, bytes});
    while (m_samples.size() > 1 && now - m_samples.at(1).time >= rateSpan)
        m_samples.removeFirst();
}

} // namespace sandglass
