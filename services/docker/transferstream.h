#pragma once

#include "services/core/result.h"
#include "services/domain/transferprogress.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

namespace sandglass {

/// Hears what an engine says about the layers of an image that it transfers, on the thread that
/// waits for the transfer.
using TransferListener = std::function<void(const LayerProgress &)>;

/// One line of the answer to a push or a pull (facts P1, P2).
struct TransferMessage
{
    QString id; ///< of what it is about: a layer, or the image; empty: the whole
    QString status; ///< the engine's words, such as "Pushing"
    qint64 current = 0; ///< bytes; 0 when not said
    qint64 total = 0;
    QString error; ///< the engine's words when it failed; that is its last line
    QString digest; ///< of the manifest that was pushed or pulled, once it is known
    qint64 manifestBytes = 0; ///< the size of the manifest, beside its digest
    bool onePlatformOnly = false; ///< ManifestPushedInsteadOfIndex (fact P7)
    bool contentMissing = false; ///< ContentMissing (fact P7)
};

/// Protocol when the line is not a JSON object.
[[nodiscard]] Result<TransferMessage> parseTransferMessage(const QByteArray &line);

/// What a message says about a layer; nothing when it is about something else.
[[nodiscard]] std::optional<LayerProgress> layerProgress(const TransferMessage &message);

/// Splits the body of the answer into messages, in whatever pieces it comes, and keeps what matters
/// at its end.
class TransferStream
{
public:
    explicit TransferStream(TransferListener listener = {});

    /// Protocol when it is not what engines send. An error that the engine tells is no failure
    /// here: see `error`.
    [[nodiscard]] Done take(QByteArrayView piece);
    /// The body is complete: what came after the last line's end is a line, too.
    [[nodiscard]] Done finish();

    [[nodiscard]] const QString &error() const { return m_error; } ///< empty: none was told
    [[nodiscard]] const QString &digest() const { return m_digest; } ///< empty: none was told
    [[nodiscard]] qint64 manifestBytes() const { return m_manifestBytes; }
    [[nodiscard]] bool onePlatformOnly() const { return m_onePlatformOnly; }
    [[nodiscard]] bool contentMissing() const { return m_contentMissing; }

private:
    [[nodiscard]] Done takeLine(const QByteArray &line);

    TransferListener m_listener;
    QByteArray m_partial; // what came after the last whole line
    QString m_error;
    QString m_digest;
    qint64 m_manifestBytes = 0;
    bool m_onePlatformOnly = false;
    bool m_contentMissing = false;
};

} // namespace sandglass
