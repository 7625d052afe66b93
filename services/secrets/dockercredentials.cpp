#include "services/secrets/dockercredentials.h"

#include "services/core/json.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

#include <csignal>
#include <unistd.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype longestAnswer = 64 * 1024;
constexpr qsizetype longestLine = 200;
constexpr auto cancelDelay = 50ms; // how long a cancelled program lives on at most
const QByteArray hasNone = "credentials not found in native keychain"; // docker-credential-helpers

Error failed(const QString &program, const QString &why)
{
    return {ErrorKind::CredentialHelper, program + u' ' + why, {}, {}, 0};
}

/// The program, in a process group of its own, which does not outlive this.
class CredentialProcess
{
public:
    ~CredentialProcess()
    {
        if (m_process.state() != QProcess::NotRunning) {
            ::kill(pid_t(-m_process.processId()), SIGKILL); // with what it started
            m_process.waitForFinished();
        }
    }

    Done start(const QString &program, const QByteArray &question)
    {
        m_process.setChildProcessModifier([] { ::setsid(); });
        m_process.start(program, {u"get"_s});
        if (!m_process.waitForStarted())
            return failure(failed(program, u"cannot be started: "_s + m_process.errorString()));
        m_process.write(question);
        m_process.closeWriteChannel();
        return {};
    }

    /// Waits for the end, or for more than an answer can be.
    Done finish(const QString &program, const CancelToken &cancel, std::chrono::milliseconds limit)
    {
        QElapsedTimer running;
        running.start();
        while (m_process.state() != QProcess::NotRunning) {
            m_process.waitForReadyRead(int(cancelDelay.count()));
            take();
            if (m_answer.size() > longestAnswer || m_words.size() > longestAnswer)
                return failure(failed(program, u"says more than an answer can be"_s));
            if (cancel.isCancelled())
                return failure(ErrorKind::Cancelled, u"the question to "_s + program);
            if (running.hasExpired(limit.count())) {
                const auto seconds = std::chrono::ceil<std::chrono::seconds>(limit).count();
                return failure(failed(program, u"was silent for %1 s"_s.arg(seconds)));
            }
        }
        take();
        return {};
    }

    bool hasSucceeded() const
    {
        return m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0;
    }
    const QByteArray &answer() const { return m_answer; }
    const QByteArray &words() const { return m_words; }

private:
    void take()
    {
        m_answer += m_process.readAllStandardOutput();
        m_words += m_process.readAllStandardError();
    }

    QProcess m_process;
    QByteArray m_answer;
    QByteArray m_words;
};

} // namespace

QString identityTokenUser()
{
    return u"<token>"_s;
}

Result<Credential> dockerCredential(
    const QString &name,
    const QString &serverAddress,
    const CancelToken &cancel,
    std::chrono::milliseconds limit)
{
    static const QRegularExpression pattern(uR"(\A[a-z0-9._-]+\z)"_s);
    if (!pattern.match(name).hasMatch()) {
        return failure(
            ErrorKind::InvalidArgument, u"\"%1\" is not a credential helper"_s.arg(name.left(80)));
    }
    const QString program = u"docker-credential-"_s + name;
    if (QStandardPaths::findExecutable(program).isEmpty())
        return failure(failed(program, u"is not installed"_s));

    CredentialProcess process;
    SANDGLASS_CHECK(process.start(program, serverAddress.toUtf8()));
    SANDGLASS_CHECK(process.finish(program, cancel, limit));
    const Secret answer(process.answer());
    if (process.hasSucceeded()) {
        auto credential = parseDockerCredential(answer.reveal());
        if (!credential)
            return failure(failed(program, credential.error().detail));
        return credential;
    }
    if (answer.reveal().contains(hasNone) || process.words().contains(hasNone)) {
        return failure(
            ErrorKind::CredentialsMissing,
            u"%1 has no credential for %2"_s.arg(program, serverAddress));
    }
    // Errors come on either channel: those of Docker's own programs on the one for the answer.
    QString line = harmlessLine(process.words());
    if (line.isEmpty())
        line = harmlessLine(answer.reveal());
    return failure(failed(program, line.isEmpty() ? u"failed"_s : u"failed: "_s + line));
}

Result<Credential> parseDockerCredential(const QByteArray &answer)
{
    const auto object = parseJsonObject(answer);
    const QString username = object ? object->value("Username"_L1).toString() : QString();
    Secret secret(object ? object->value("Secret"_L1).toString().toUtf8() : QByteArray());
    if (username.isEmpty() || secret.isEmpty()) {
        return failure(ErrorKind::CredentialHelper, u"answers without a user name or a secret"_s);
    }
    if (username == identityTokenUser())
        return Credential{{}, {}, std::move(secret)};
    return Credential{username, std::move(secret), {}};
}

QString harmlessLine(const QByteArray &words)
{
    static const QRegularExpression telling(
        uR"(\{|\b(secret|passw\w*|token)["']?\s*[=:]\s*\S|[^\s/]{24,})"_s,
        QRegularExpression::CaseInsensitiveOption);
    const QString line = QString::fromUtf8(words.trimmed()).section(u'\n', 0, 0).trimmed();
    return telling.match(line).hasMatch() ? QString() : line.left(longestLine);
}

} // namespace sandglass
