#pragma once

#include <QNetworkReply>
#include <QTcpSocket>

#include <optional>

namespace sandglass {

/// Why a connection could not be opened, or broke.
struct ConnectProblem
{
    QNetworkReply::NetworkError error = QNetworkReply::UnknownNetworkError;
    QString detail;
};

/// A byte stream to an engine. Whatever carries it, once open a QTcpSocket serves it, as
/// QLocalSocket itself does. Reads at most readAhead bytes ahead of its user, so that a slow user
/// slows the engine.
class EngineConnection : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 readAhead = 512 * 1024;

    ~EngineConnection() override;

    /// Ends with opened() or notOpened(), never from within this call. Has no time limit of its
    /// own.
    virtual void openConnection() = 0;
    /// To read from and write to once it is open; its owner alone closes it.
    [[nodiscard]] QTcpSocket &stream() { return *m_stream; }
    [[nodiscard]] const QTcpSocket &stream() const { return *m_stream; }
    /// What was written and has not left this process yet.
    [[nodiscard]] virtual qint64 unsentBytes() const { return m_stream->bytesToWrite(); }
    /// Connected, with nothing unread and not closed by the engine: fit for another request.
    [[nodiscard]] bool isIdle() const;
    /// Everything that the engine sent and that can still be read without waiting: past readAhead,
    /// and over an adopted descriptor also after a write that failed.
    [[nodiscard]] QByteArray takeRemaining();
    /// Why it broke, when what carries it knows more than that it did.
    [[nodiscard]] virtual std::optional<ConnectProblem> breakCause() const { return {}; }
    /// Whether it, or what carries it, served another request: then it may have been closed
    /// meanwhile.
    [[nodiscard]] bool servedBefore() const { return m_servedBefore; }
    void setServedBefore() { m_servedBefore = true; }
    /// For one that is fit for another request: true when others shall have what carries it once it
    /// is discarded.
    [[nodiscard]] virtual bool handOver() { return false; }
    /// Breaks it off and deletes it from the event loop. A timer that still ran when the connection
    /// goes to another thread would be lost.
    virtual void discard();

Q_SIGNALS:
    void connecting(); ///< what must be free for that is free; comes first
    void opened();
    void notOpened(QNetworkReply::NetworkError error, const QString &detail);
    void sent(); ///< there are fewer unsent bytes

protected:
    /// Takes the stream, which is not connected yet.
    EngineConnection(QTcpSocket *stream, QObject *parent);

    /// Serves a connected socket, which it owns from then on. False when that is impossible.
    [[nodiscard]] bool adopt(int descriptor);

private:
    void closeSecondDescriptor();

    QTcpSocket *m_stream;
    bool m_servedBefore = false;
    /// Of the same socket as an adopted one: when a write fails, QTcpSocket closes its own before
    /// it says so, and an answer that waits in the socket would be lost.
    int m_secondDescriptor = -1;
};

} // namespace sandglass
