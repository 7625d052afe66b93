#include "models/transferwords.h"

#include "models/valuewords.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int whole = 1000;

struct TransferWords
{
    Q_DECLARE_TR_FUNCTIONS(sandglass::TransferProgress)
};

QString stateText(LayerState state)
{
    switch (state) {
    case LayerState::Waiting:
        return TransferWords::tr("waiting");
    case LayerState::Transferring:
        return TransferWords::tr("transferring");
    case LayerState::Unpacking:
        return TransferWords::tr("unpacking");
    case LayerState::Complete:
        return TransferWords::tr("done");
    case LayerState::AlreadyThere:
        return TransferWords::tr("already there");
    }
    return {};
}

QString bytesText(qint64 done, std::optional<qint64> total)
{
    return total ? TransferWords::tr("%1 of %2").arg(sizeText(done), sizeText(*total))
                 : sizeText(done);
}

QString layerText(const LayerProgress &layer)
{
    const QString text = u"%1: %2"_s.arg(layer.id, stateText(layer.state));
    if (layer.state == LayerState::Transferring && layer.bytesTotal > 0)
        return u"%1, %2"_s.arg(text, bytesText(layer.bytesDone, layer.bytesTotal));
    return layer.bytesTotal > 0 ? u"%1, %2"_s.arg(text, sizeText(layer.bytesTotal)) : text;
}

} // namespace

std::optional<int> portionOf(const TransferProgress &progress)
{
    const std::optional<qint64> total = progress.bytesTotal();
    if (!total)
        return std::nullopt;
    return *total == 0 ? whole : int(double(progress.bytesDone()) / double(*total) * whole);
}

QString progressText(const TransferProgress &progress)
{
    if (progress.layers.isEmpty())
        return {};
    QStringList parts;
    if (const auto portion = portionOf(progress))
        parts.append(TransferWords::tr("%1 %").arg(QLocale().toString(*portion / 10)));
    parts.append(bytesText(progress.bytesDone(), progress.bytesTotal()));
    if (progress.bytesPerSecond)
        parts.append(TransferWords::tr("%1/s").arg(sizeText(*progress.bytesPerSecond)));
    if (const auto left = progress.timeLeft(); left && left->count() > 0)
        parts.append(TransferWords::tr("%1 left").arg(durationText(*left)));
    return parts.join(u", "_s);
}

QString layersText(const TransferProgress &progress)
{
    QStringList lines;
    for (const LayerProgress &layer : progress.layers)
        lines.append(layerText(layer));
    return lines.join(u'\n');
}

} // namespace sandglass
