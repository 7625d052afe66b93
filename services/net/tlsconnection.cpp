#include "services/net/tlsconnection.h"

#include "services/net/certificates.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<QSslKey> readKey(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(
            ErrorKind::Untrusted,
            u"the key of the client certificate cannot be read: %1: %2"_s.arg(
                path, file.errorString()));
    }
    const QByteArray bytes = file.readAll();
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(bytes, algorithm, QSsl::Pem, QSsl::PrivateKey);
        if (!key.isNull())
            return key;
    }
    return failure(
        ErrorKind::Untrusted,
        u"the key of the client certificate is no RSA or EC key in PEM form, or has a passphrase: %1"_s
            .arg(path));
}

} // namespace

ConnectProblem tlsProblem(const QString &words, bool hasCertificate)
{
    const auto says = [&words](std::initializer_list<QLatin1StringView> alerts) {
        return std::any_of(alerts.begin(), alerts.end(), [&words](QLatin1StringView alert) {
            return words.contains(alert);
        });
    };
    if (says({"wrong version number"_L1, "packet length too long"_L1, "http request"_L1}))
        return {QNetworkReply::ProtocolFailure, u"what answers there does not speak TLS"_s};
    if (says({"key values mismatch"_L1})) {
        return {
            QNetworkReply::SslHandshakeFailedError,
            u"the key does not belong to the client certificate"_s};
    }
    if (says({"certificate"_L1, "unknown ca"_L1, "handshake failure"_L1, "access denied"_L1})) {
        return {
            QNetworkReply::SslHandshakeFailedError,
            hasCertificate ? u"the engine refuses our client certificate: %1"_s.arg(words)
                           : u"the engine wants a client certificate, and none is given"_s};
    }
    return {QNetworkReply::SslHandshakeFailedError, u"TLS failed: "_s + words};
}

TlsConnection::TlsConnection(EngineAddress address, QObject *parent)
    : TcpConnection(std::move(address), new QSslSocket, parent)
    , m_socket(static_cast<QSslSocket &>(stream()))
{
    connect(&m_socket, &QSslSocket::encrypted, this, &TlsConnection::reportOpened);
    connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &TlsConnection::sent);
}

void TlsConnection::openConnection()
{
    if (const Done read = readFiles(); !read) {
        QMetaObject::invokeMethod(
            this,
            [this, detail = read.error().detail] {
                Q_EMIT
                notOpened(QNetworkReply::SslHandshakeFailedError, detail);
            },
            Qt::QueuedConnection);
        return;
    }
    Q_EMIT
    connecting();
    m_socket.connectToHostEncrypted(address().host, address().port);
}

Done TlsConnection::readFiles()
{
    const TlsFiles &files = *address().tls;
    QSslConfiguration configuration = m_socket.sslConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!files.authorities.isEmpty()) {
        SANDGLASS_TRY(
            const QList<QSslCertificate> authorities,
            readCertificates(files.authorities, u"the file of authorities"_s));
        configuration.setCaCertificates(authorities);
    }
    if (!files.certificate.isEmpty()) {
        SANDGLASS_TRY(
            const QList<QSslCertificate> chain,
            readCertificates(files.certificate, u"the client certificate"_s));
        SANDGLASS_TRY(const QSslKey key, readKey(files.key));
        configuration.setLocalCertificateChain(chain);
        configuration.setPrivateKey(key);
    }
    m_socket.setSslConfiguration(configuration);
    return {};
}

qint64 TlsConnection::unsentBytes() const
{
    return m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite();
}

std::optional<ConnectProblem> TlsConnection::breakCause() const
{
    switch (m_socket.error()) {
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        break;
    default:
        return {};
    }
    return tlsProblem(m_socket.errorString(), !address().tls->certificate.isEmpty());
}

ConnectProblem TlsConnection::openProblem() const
{
    if (const QList<QSslError> errors = m_socket.sslHandshakeErrors(); !errors.isEmpty()) {
        return {
            QNetworkReply::SslHandshakeFailedError,
            certificateProblem(
                errors, {u"the engine"_s, address().host, address().tls->authorities})};
    }
    return breakCause().value_or(TcpConnection::openProblem());
}

} // namespace sandglass
