#include "services/docker/transferstream.h"

#include "services/core/json.h"

#include <QRegularExpression>

#include <array>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestMessage = 1024 * 1024;
constexpr qsizetype longestError = 4096;

/// The words of engines for the states of a layer; a word stands for all that begin with it.
const std::array layerWords{
    std::pair{"Preparing"_L1, LayerState::Waiting},
    std::pair{"Waiting"_L1, LayerState::Waiting},
    std::pair{"Retrying in "_L1, LayerState::Waiting},
    std::pair{"Pulling fs layer"_L1, LayerState::Waiting},
    std::pair{"Pushing"_L1, LayerState::Transferring},
    std::pair{"Downloading"_L1, LayerState::Transferring},
    std::pair{"Verifying Checksum"_L1, LayerState::Unpacking},
    std::pair{"Download complete"_L1, LayerState::Unpacking},
    std::pair{"Extracting"_L1, LayerState::Unpacking},
    std::pair{"Pushed"_L1, LayerState::Complete},
    std::pair{"Pull complete"_L1, LayerState::Complete},
    std::pair{"Layer already exists"_L1, LayerState::AlreadyThere},
    std::pair{"Already exists"_L1, LayerState::AlreadyThere},
    std::pair{"Mounted from "_L1, LayerState::AlreadyThere},
};

/// Of a push "v1: digest: sha256:… size: 950", the only form with Podman; of a pull "Digest:
/// sha256:…".
void readDigest(TransferMessage &message)
{
    static const QRegularExpression pushed(uR"(\bdigest: (sha256:[0-9a-f]{64}) size: (\d+)\z)"_s);
    static const QRegularExpression pulled(uR"(\ADigest: (sha256:[0-9a-f]{64})\z)"_s);
    if (const auto match = pushed.match(message.status); match.hasMatch()) {
        message.digest = match.captured(1);
        message.manifestBytes = match.captured(2).toLongLong();
    } else if (const auto other = pulled.match(message.status); other.hasMatch()) {
        message.digest = other.captured(1);
    }
}

} // namespace

Result<TransferMessage> parseTransferMessage(const QByteArray &line)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(line));
    TransferMessage message;
    message.id = object["id"_L1].toString();
    message.status = object["status"_L1].toString();
    const QJsonObject progress = object["progressDetail"_L1].toObject();
    message.current = progress["current"_L1].toInteger();
    message.total = progress["total"_L1].toInteger();
    if (object.contains("errorDetail"_L1)) {
        message.error =
            object["errorDetail"_L1].toObject()["message"_L1].toString().left(longestError);
        if (message.error.isEmpty())
            message.error = u"an error without a message"_s;
    }
    if (message.id.isEmpty())
        readDigest(message);
    const QJsonObject aux = object["aux"_L1].toObject();
    if (const QString digest = aux["Digest"_L1].toString(); !digest.isEmpty()) {
        message.digest = digest;
        message.manifestBytes = aux["Size"_L1].toInteger();
    }
    message.onePlatformOnly = aux["manifestPushedInsteadOfIndex"_L1].toBool();
    message.contentMissing = aux["contentMissing"_L1].toBool();
    return message;
}

std::optional<LayerProgress> layerProgress(const TransferMessage &message)
{
    if (message.id.isEmpty())
        return std::nullopt;
    for (const auto &[word, state] : layerWords) {
        if (message.status.startsWith(word))
            return LayerProgress{message.id, state, message.current, message.total};
    }
    return std::nullopt;
}

TransferStream::TransferStream(TransferListener listener)
    : m_listener(std::move(listener))
{ }

Done TransferStream::take(QByteArrayView piece)
{
    m_partial.append(piece);
    qsizetype begin = 0;
    for (qsizetype end = 0; (end = m_partial.indexOf('\n', begin)) >= 0; begin = end + 1)
        SANDGLASS_CHECK(takeLine(m_partial.mid(begin, end - begin)));
    m_partial.remove(0, begin);
    if (m_partial.size() > longestMessage) {
        return failure(
            ErrorKind::Protocol, u"a line is longer than %1 bytes"_s.arg(longestMessage));
    }
    return {};
}

Done TransferStream::finish()
{
    return takeLine(std::exchange(m_partial, {}));
}

Done TransferStream::takeLine(const QByteArray &line)
{
    const QByteArray text = line.trimmed();
    if (text.isEmpty())
        return {};
    SANDGLASS_TRY(const TransferMessage message, parseTransferMessage(text));
    if (!message.error.isEmpty() && m_error.isEmpty())
        m_error = message.error;
    if (!message.digest.isEmpty()) {
        m_digest = message.digest;
        m_manifestBytes = message.manifestBytes;
    }
    m_onePlatformOnly = m_onePlatformOnly || message.onePlatformOnly;
    m_contentMissing = m_contentMissing || message.contentMissing;
    if (m_listener) {
        if (const std::optional<LayerProgress> layer = layerProgress(message))
            m_listener(*layer);
    }
    return {};
}

} // namespace sandglass
