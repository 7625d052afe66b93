#include "tests/secrets/keyringsession.h"
#include "tests/support/waitfor.h"

#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <QUuid>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray masterPassword = "open sesame";
const QString noDisplay;
/// Nobody is there, so that whoever would ask a question cannot.
const QString deadDisplay = u":4097"_s;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The arguments of all processes of this machine.
QByteArray argumentsOfAll()
{
    QByteArray all;
    const QStringList processes = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString &process : processes)
        all += contentOf(u"/proc/%1/cmdline"_s.arg(process)) + '\n';
    return all;
}

/// How a text may look in a log: plain, base64, hexadecimal.
QList<QByteArray> formsOf(const QByteArray &text)
{
    return {text, text.toBase64(), text.toHex()};
}

} // namespace

class KeychainTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsReadUntilItIsRemoved()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment());
        QCOMPARE(probe.ask("check"), u"done"_s);
        QCOMPARE(probe.ask("read host/anna"), u"nothing"_s);
        QCOMPARE(probe.ask("write host/anna größer"), u"done"_s);
        QCOMPARE(probe.ask("write host/bert other"), u"done"_s);
        QCOMPARE(probe.ask("read host/anna"), u"value größer"_s);
        QCOMPARE(probe.ask("write host/anna replaced"), u"done"_s);
        QCOMPARE(probe.ask("read host/anna"), u"value replaced"_s);
        QCOMPARE(probe.ask("remove host/anna"), u"done"_s);
        QCOMPARE(probe.ask("read host/anna"), u"nothing"_s);
        QCOMPARE(probe.ask("remove host/anna"), u"done"_s);
        QCOMPARE(KeychainProbe(session.environment()).ask("read host/bert"), u"value other"_s);
    }

    void aLockedKeychainIsNoEmptyOneAndLosesNothing_data()
    {
        QTest::addColumn<QByteArray>("order");
        QTest::addColumn<QString>("display");
        QTest::addColumn<QString>("answer");
        const QString locked =
            u"credentials_locked: the keychain is locked, and there is no display to unlock it"_s;
        const QString dismissed =
            u"credentials_locked: the keychain's question to unlock it was dismissed"_s;
        QTest::newRow("check") << QByteArray("check") << noDisplay << locked;
        QTest::newRow("read") << QByteArray("read host/anna") << noDisplay << locked;
        QTest::newRow("write") << QByteArray("write host/anna new") << noDisplay << locked;
        QTest::newRow("remove") << QByteArray("remove host/anna") << noDisplay << locked;
        QTest::newRow("check, and somebody could be asked")
            << QByteArray("check") << deadDisplay << u"done"_s;
        QTest::newRow("read, dismissed")
            << QByteArray("read host/anna") << deadDisplay << dismissed;
        QTest::newRow("read what is not there, dismissed")
            << QByteArray("read host/nobody") << deadDisplay << dismissed;
        QTest::newRow("write, dismissed")
            << QByteArray("write host/anna new") << deadDisplay << dismissed;
        QTest::newRow("remove, dismissed")
            << QByteArray("remove host/anna") << deadDisplay << dismissed;
    }
    void aLockedKeychainIsNoEmptyOneAndLosesNothing()
    {
        QFETCH(const QByteArray, order);
        QFETCH(const QString, display);
        QFETCH(const QString, answer);
        KeyringSession session;
        session.setDisplay(display);
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        QCOMPARE(KeychainProbe(session.environment()).ask("write host/anna kept"), u"done"_s);
        session.killKeychain();
        QVERIFY(session.startKeychain());

        QCOMPARE(KeychainProbe(session.environment()).ask(order), answer);

        session.killKeychain();
        QVERIFY(session.startKeychain(masterPassword));
        QCOMPARE(KeychainProbe(session.environment()).ask("read host/anna"), u"value kept"_s);
    }

    void aPromptThatNobodyAnswersEndsAtTheLimit()
    {
        KeyringSession session;
        QVERIFY(lockedWithSilentPrompter(session));
        KeychainProbe probe(session.environment(), 500ms);
        QCOMPARE(
            probe.ask("read host/anna"),
            u"credentials_locked: the keychain's question to unlock it was not answered in time"_s);
        QVERIFY(session.wasPrompted());
    }

    void aPromptThatNobodyAnswersEndsWhenCancelled()
    {
        KeyringSession session;
        QVERIFY(lockedWithSilentPrompter(session));
        KeychainProbe probe(session.environment());
        probe.tell("read host/anna");
        QVERIFY(waitFor([&] { return session.wasPrompted(); }));
        QCOMPARE(probe.ask("cancel"), u"cancelled: use of the keychain"_s);
    }

    void aPromptThatNobodyAnswersEndsWithTheKeychain()
    {
        KeyringSession session;
        QVERIFY(lockedWithSilentPrompter(session));
        KeychainProbe probe(session.environment());
        probe.tell("read host/anna");
        QVERIFY(waitFor([&] { return session.wasPrompted(); }));
        QElapsedTimer sinceThen;
        sinceThen.start();
        session.killKeychain();
        QCOMPARE(
            probe.answer(),
            u"credentials_missing: the keychain ended while its question was open"_s);
        QVERIFY(sinceThen.elapsed() < 10'000); // of a limit of 20 s
    }

    void aPromptThatNobodyAnswersEndsWithTheProgram()
    {
        KeyringSession session;
        QVERIFY(lockedWithSilentPrompter(session));
        KeychainProbe probe(session.environment());
        probe.tell("read host/anna");
        QVERIFY(waitFor([&] { return session.wasPrompted(); }));
        QCOMPARE(probe.ask("quit"), u"cancelled: the program ends"_s);
        QCOMPARE(probe.ask("read host/anna"), u"cancelled: the program ends"_s);
    }

    void aSilentKeychainEndsAtTheLimitAndIsUsedAgainLater()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment(), 1s);
        QCOMPARE(probe.ask("write host/anna kept"), u"done"_s);
        session.freezeKeychain(true);
        for (const QByteArray order : {"read host/anna", "write host/anna new", "remove host/anna"})
            QCOMPARE(probe.ask(order), u"timed_out: the keychain is silent"_s);
        session.freezeKeychain(false);
        QCOMPARE(probe.ask("read host/anna"), u"value kept"_s);
    }

    void aMainThreadThatIsBusyEndsNobodysWaitTooLate()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment(), 500ms);
        probe.tell("block");
        QCOMPARE(probe.ask("read host/anna"), u"timed_out: the keychain is silent"_s);
        probe.tell("unblock");
        QCOMPARE(probe.ask("read host/anna"), u"nothing"_s);
    }

    void theMainThreadItselfIsRefused()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment());
        for (const QByteArray order : {"check", "read key", "write key x", "remove key"})
            QCOMPARE(
                probe.ask("main " + order), u"internal: the main thread would wait for itself"_s);
    }

    void withoutASessionItSaysSo()
    {
        KeyringSession session;
        KeychainProbe probe(session.environment());
        expectMissing(probe, u"credentials_missing: no D-Bus session, so there is no keychain: "_s);
    }

    void withoutAKeychainItSaysSoUntilThereIsOne()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        KeychainProbe probe(session.environment());
        expectMissing(
            probe,
            u"credentials_missing: no keychain runs in this session (nobody is "
            "org.freedesktop.secrets on D-Bus)"_s);
        QVERIFY(session.startKeychain(masterPassword));
        QCOMPARE(probe.ask("read host/anna"), u"nothing"_s);
    }

    void withoutAKeyringThereIsNothingAndNoPlaceForMore()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain());
        KeychainProbe probe(session.environment());
        const QString missing = u"credentials_missing: the keychain has no keyring yet, and there "
                                "is no display to make one"_s;
        QCOMPARE(probe.ask("check"), missing);
        QCOMPARE(probe.ask("write host/anna secret"), missing);
        QCOMPARE(probe.ask("read host/anna"), u"nothing"_s);
        QCOMPARE(probe.ask("remove host/anna"), u"done"_s);
    }

    void theProgramOutlivesItsSession()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment());
        QCOMPARE(probe.ask("write host/anna kept"), u"done"_s);
        session.killBus();
        expectMissing(probe, u"credentials_missing: no D-Bus session, so there is no keychain: "_s);
        QVERIFY(probe.isRunning());
    }

    void aKeychainThatStartsAnewIsUsed()
    {
        KeyringSession session;
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment());
        QCOMPARE(probe.ask("write host/anna kept"), u"done"_s);
        session.killKeychain();
        QVERIFY(session.startKeychain(masterPassword));
        QCOMPARE(probe.ask("read host/anna"), u"value kept"_s);
    }

    void aPasswordIsInNoLogNoArgumentNoErrorAndNoFile()
    {
        const QByteArray password = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
        KeyringSession session;
        session.setDisplay(deadDisplay);
        QVERIFY(session.startBus());
        QVERIFY(session.startKeychain(masterPassword));
        KeychainProbe probe(session.environment());
        QCOMPARE(probe.ask("write host/anna " + password), u"done"_s);
        QCOMPARE(probe.ask("read host/anna"), u"value "_s + QString::fromUtf8(password));
        QByteArray said = argumentsOfAll();
        QVERIFY(said.contains("keychainprobe"));
        session.killKeychain();
        QVERIFY(session.startKeychain());
        for (const QByteArray &order :
             {"write host/anna " + password, QByteArray("read host/anna")})
            said += probe.ask(order).toUtf8();
        session.killKeychain();
        said += probe.ask("write host/anna " + password).toUtf8();
        QVERIFY(said.contains("credentials_locked") && said.contains("credentials_missing"));
        for (const char *mostVerbose : {"qt.core.library", "GLib-GIO-DEBUG"})
            QVERIFY2(probe.log().contains(mostVerbose), probe.log());
        said += probe.log();
        QDirIterator files(
            session.home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        int keyrings = 0;
        while (files.hasNext()) {
            const QString path = files.next();
            keyrings += path.endsWith(u".keyring"_s) ? 1 : 0;
            said += contentOf(path);
        }
        QCOMPARE(keyrings, 1);
        for (const QByteArray &form : formsOf(password))
            QVERIFY(!said.contains(form));
    }

private:
    static bool lockedWithSilentPrompter(KeyringSession &session)
    {
        session.setDisplay(deadDisplay);
        session.installSilentPrompter();
        if (!session.startBus() || !session.startKeychain(masterPassword))
            return false;
        if (KeychainProbe(session.environment()).ask("write host/anna kept") != u"done"_s)
            return false;
        session.killKeychain();
        return session.startKeychain();
    }

    static void expectMissing(KeychainProbe &probe, const QString &start)
    {
        for (const QByteArray order :
             {"check", "read host/anna", "write host/anna secret", "remove host/anna"}) {
            const QString answer = probe.ask(order);
            QVERIFY2(answer.startsWith(start), qPrintable(answer));
        }
    }
};

QTEST_GUILESS_MAIN(KeychainTest)
#include "tst_keychain.moc"
