#include "services/docker/dockerclient.h"
#include "services/docker/eventstream.h"
#include "services/net/sshconnection.h"
#include "tests/support/engineaddress.h"
#include "tests/support/ownprocess.h"
#include "tests/support/waitfor.h"

#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
        qFatal("%s cannot be written", qPrintable(path));
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

quint16 freePort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        qFatal("no port is free");
    return server.serverPort();
}

} // namespace

/// An engine behind a real sshd on loopback. Everything that ssh reads lies in a folder of the
/// test's own: keys, known hosts, settings.
class SshEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &name :
             {u"host"_s, u"user"_s, u"stranger"_s, u"nodocker"_s, u"other"_s}) {
            const int made = QProcess::execute(
                u"ssh-keygen"_s,
                {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, path(name)});
            QCOMPARE(made, 0);
        }
        write(
            path(u"authorized"_s),
            read(path(u"user.pub"_s)) + "command=\"PATH=/nowhere; $SSH_ORIGINAL_COMMAND\" "
                + read(path(u"nodocker.pub"_s)));
        startServer();
        QVERIFY(QDir().mkpath(path(u"bin"_s)));
        write(
            path(u"bin/ssh"_s),
            "#!/bin/sh\nexec /usr/bin/ssh -F " + path(u"settings"_s).toUtf8() + " \"$@\"\n");
        m_path = qgetenv("PATH");
        m_socket = EngineAddress::parse(testEngineAddress(TestEngine::A))->socketPath;
    }

    void init()
    {
        qputenv("PATH", path(u"bin"_s).toUtf8() + ':' + m_path);
        useKey(u"user"_s);
        knowHostBy(u"host"_s);
    }

    void cleanup() { QTRY_COMPARE(childrenOf(::getpid()).size(), 1); } // sshd

    void cleanupTestCase()
    {
        m_server.terminate();
        QVERIFY(m_server.waitForFinished());
    }

    void anEngineAnswersThroughSsh()
    {
        const auto client = DockerClient::connect(address());
        QVERIFY2(client, client ? "" : qPrintable(client.error().summary()));
        QVERIFY((*client)->info());
        QCOMPARE(childrenOf(::getpid()).size(), 2); // one channel, kept
    }

    void eachFailureHasItsWords_data()
    {
        QTest::addColumn<QString>("failure");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("no ssh") << u"no ssh"_s << ErrorKind::Unreachable << u"not installed here"_s;
        QTest::newRow("unknown host")
            << u"unknown"_s << ErrorKind::Untrusted << u"does not know the host key"_s;
        QTest::newRow("changed host key")
            << u"changed"_s << ErrorKind::Untrusted << u"is not the one that ssh knows"_s;
        QTest::newRow("key refused")
            << u"stranger"_s << ErrorKind::Untrusted << u"accepts no key of ours"_s;
        QTest::newRow("no docker there")
            << u"nodocker"_s << ErrorKind::Unreachable << u"docker is not installed"_s;
        QTest::newRow("no engine there")
            << u"no engine"_s << ErrorKind::Unreachable << u"cannot reach its engine"_s;
        QTest::newRow("no sshd") << u"no sshd"_s << ErrorKind::Unreachable << u"refuses ssh"_s;
        QTest::newRow("no such host") << u"no host"_s << ErrorKind::Unreachable << u"host name"_s;
    }
    void eachFailureHasItsWords()
    {
        QFETCH(const QString, failure);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        EngineAddress target = address();
        if (failure == u"no ssh"_s)
            qputenv("PATH", "/nowhere");
        else if (failure == u"unknown"_s)
            write(path(u"known"_s), {});
        else if (failure == u"changed"_s)
            knowHostBy(u"other"_s);
        else if (failure == u"no engine"_s)
            target.socketPath = u"/nowhere.sock"_s;
        else if (failure == u"no sshd"_s)
            target.port = freePort();
        else if (failure == u"no host"_s)
            target.host = u"no-such-host.invalid"_s;
        else
            useKey(failure);
        const auto client = DockerClient::connect(target);
        QVERIFY(!client);
        QVERIFY2(client.error().detail.contains(words), qPrintable(client.error().detail));
        QCOMPARE(client.error().kind, kind);
    }

    void aLostConnectionIsSaidToBeLost()
    {
        const EngineEndpoint endpoint(address());
        const auto client = DockerClient::connect(endpoint);
        QVERIFY(client);
        EventStream events(endpoint, (*client)->apiVersion(), 1); // with what happened before
        QSignalSpy received(&events, &EventStream::received);
        QSignalSpy ended(&events, &EventStream::ended);
        QVERIFY(received.wait(30'000));
        for (const int session : childrenOf(int(m_server.processId())))
            QCOMPARE(::kill(session, SIGKILL), 0);
        QVERIFY(ended.wait(30'000));
        const Error error = ended.first().first().value<Error>();
        QVERIFY2(error.detail.contains(u"was lost"_s), qPrintable(error.detail));
        QVERIFY((*client)->ping()); // on a new channel
    }

    void manyShareFourChannels()
    {
        {
            const EngineEndpoint endpoint(address());
            std::vector<std::jthread> threads;
            std::atomic<int> answers = 0;
            for (int i = 0; i < 8; ++i) {
                threads.emplace_back([&] {
                    for (int j = 0; j < 5; ++j)
                        answers += DockerClient::connect(endpoint) ? 1 : 0;
                });
            }
            int most = 0;
            QVERIFY(waitFor(
                [&] {
                    most = std::max(most, int(childrenOf(::getpid()).size()) - 1);
                    return answers == 40;
                },
                60s));
            QCOMPARE(most, SshChannels::most);
        }
        QCOMPARE(childrenOf(::getpid()).size(), 1);
    }

    void longUsesLeaveAChannelToOthers()
    {
        const EngineEndpoint endpoint(address());
        const auto client = DockerClient::connect(endpoint);
        QVERIFY(client);
        std::vector<std::unique_ptr<EventStream>> streams;
        for (int i = 0; i < SshChannels::most + 1; ++i)
            streams.push_back(std::make_unique<EventStream>(endpoint, (*client)->apiVersion(), 0));
        QTRY_COMPARE(childrenOf(::getpid()).size(), 1 + SshChannels::mostLong);
        QVERIFY((*client)->ping());
    }

    void aHundredReconnectsLeaveNothingBehind()
    {
        const auto first = DockerClient::connect(address()); // what is opened once is open now
        QVERIFY2(first, first ? "" : qPrintable(first.error().summary()));
        const int descriptors = openDescriptors();
        const auto children = childrenOf(::getpid()).size();
        std::atomic<int> answers = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back([&] {
                    for (int j = 0; j < 25; ++j)
                        answers += DockerClient::connect(address()) ? 1 : 0;
                });
            }
        }
        QCOMPARE(answers, 100);
        QCOMPARE(openDescriptors(), descriptors);
        QCOMPARE(childrenOf(::getpid()).size(), children);
    }

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    [[nodiscard]] EngineAddress address() const
    {
        return EngineAddress::parse(u"ssh://127.0.0.1:%1%2"_s.arg(m_port).arg(m_socket)).value();
    }

    void useKey(const QString &name)
    {
        write(
            path(u"settings"_s),
            "IdentityFile " + path(name).toUtf8() + "\nIdentitiesOnly yes\nIdentityAgent none\n"
                + "UserKnownHostsFile " + path(u"known"_s).toUtf8()
                + "\nGlobalKnownHostsFile /dev/null\n");
    }

    void knowHostBy(const QString &key)
    {
        write(
            path(u"known"_s),
            "[127.0.0.1]:" + QByteArray::number(m_port) + ' ' + read(path(key + u".pub"_s)));
    }

    void startServer()
    {
        if (::geteuid() == 0)
            QVERIFY(QDir().mkpath(u"/run/sshd"_s)); // where sshd locks itself in
        m_port = freePort();
        write(
            path(u"sshd"_s),
            "ListenAddress 127.0.0.1\nPort " + QByteArray::number(m_port) + "\nHostKey "
                + path(u"host"_s).toUtf8() + "\nAuthorizedKeysFile "
                + path(u"authorized"_s).toUtf8()
                + "\nStrictModes no\nPidFile none\nUsePAM no\nPermitRootLogin yes\n"
                  "PasswordAuthentication no\nKbdInteractiveAuthentication no\n");
        m_server.setStandardErrorFile(path(u"sshd.log"_s));
        m_server.start(u"/usr/sbin/sshd"_s, {u"-D"_s, u"-e"_s, u"-f"_s, path(u"sshd"_s)});
        QTRY_VERIFY2(
            read(path(u"sshd.log"_s)).contains("Server listening"),
            read(path(u"sshd.log"_s)).constData());
    }

    QTemporaryDir m_folder;
    QProcess m_server;
    quint16 m_port = 0;
    QByteArray m_path;
    QString m_socket;
};

QTEST_GUILESS_MAIN(SshEngineTest)
#include "tst_sshengine.moc"
