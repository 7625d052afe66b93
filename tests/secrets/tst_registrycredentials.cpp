#include "services/secrets/registrycredentials.h"
#include "services/secrets/servicecredential.h"
#include "tests/secrets/programs.h"
#include "tests/support/memorysecretstore.h"

#include <QDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

Registry aRegistry(CredentialSource source, const QString &username = {})
{
    Registry registry;
    registry.name = RegistryName::trusted(u"team"_s);
    registry.host = u"registry.example.com"_s;
    registry.credentialSource = source;
    registry.username = username;
    return registry;
}

bool writeFile(const QString &path, const QByteArray &content, QFile::Permissions permissions)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        && file.setPermissions(permissions);
}

/// JSON with ' for ". (moc 6.4 loses its way in raw strings.)
QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

constexpr auto ownersOnly = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

class RegistryCredentialsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<MemorySecretStore>();
        m_credentials =
            std::make_unique<RegistryCredentials>(*m_store, m_folder->path(), m_folder->path());
    }

    void anonymousNeedsNothing()
    {
        m_store->setMood(MemorySecretStore::Mood::Absent);
        const auto credential = m_credentials->of(aRegistry(CredentialSource::Anonymous), {});
        QVERIFY(credential);
        QVERIFY(!*credential);
    }

    void theKeychainHasOneForEachUser()
    {
        const Registry anna = aRegistry(CredentialSource::Keychain, u"anna"_s);
        QVERIFY(m_credentials->keep(anna, {u"anna"_s, Secret("pw"), {}}, {}));
        const auto credential = m_credentials->of(anna, {});
        QVERIFY(credential && *credential);
        QCOMPARE((*credential)->username, u"anna"_s);
        QCOMPARE((*credential)->password.reveal(), QByteArray("pw"));
        QCOMPARE(m_store->keys(), QList{u"registry.example.com/anna"_s});
        const auto none = m_credentials->of(aRegistry(CredentialSource::Keychain, u"bert"_s), {});
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::CredentialsMissing);
        QCOMPARE(none.error().detail, u"the keychain has none of bert for registry.example.com"_s);
        QVERIFY(m_credentials->forget(anna.host, u"anna"_s, {}));
        QVERIFY(m_store->keys().isEmpty());
    }

    void anIdentityTokenComesBackAsOne()
    {
        const Registry registry = aRegistry(CredentialSource::Keychain, u"<token>"_s);
        QVERIFY(m_credentials->keep(registry, {{}, {}, Secret("eyJ")}, {}));
        const auto credential = m_credentials->of(registry, {});
        QVERIFY(credential && *credential);
        QCOMPARE((*credential)->identityToken.reveal(), QByteArray("eyJ"));
        QVERIFY((*credential)->password.isEmpty());
    }

    void aCredentialWithoutASecretIsNotKept()
    {
        const Registry anna = aRegistry(CredentialSource::Keychain, u"anna"_s);
        for (const Credential &credential :
             {Credential{u"anna"_s, {}, {}}, Credential{{}, Secret("pw"), {}}}) {
            const auto kept = m_credentials->keep(anna, credential, {});
            QVERIFY(!kept);
            QCOMPARE(kept.error().kind, ErrorKind::InvalidArgument);
        }
    }

    void aKeychainThatCannotBeReadSaysSo_data()
    {
        QTest::addColumn<MemorySecretStore::Mood>("mood");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("locked") << MemorySecretStore::Mood::Locked << ErrorKind::CredentialsLocked;
        QTest::newRow("absent") << MemorySecretStore::Mood::Absent << ErrorKind::CredentialsMissing;
    }
    void aKeychainThatCannotBeReadSaysSo()
    {
        QFETCH(const MemorySecretStore::Mood, mood);
        m_store->setMood(mood);
        const auto credential =
            m_credentials->of(aRegistry(CredentialSource::Keychain, u"anna"_s), {});
        QVERIFY(!credential);
        QTEST(credential.error().kind, "kind");
    }

    void aSilentKeychainCanBeLeft()
    {
        m_store->setMood(MemorySecretStore::Mood::Silent);
        const CancelToken cancel;
        cancel.cancel();
        const auto credential =
            m_credentials->of(aRegistry(CredentialSource::Keychain, u"anna"_s), cancel);
        QVERIFY(!credential);
        QCOMPARE(credential.error().kind, ErrorKind::Cancelled);
    }

    void theProgramInDockersConfigIsAsked()
    {
        const Programs programs;
        QVERIFY(programs.add(
            u"docker-credential-it"_s,
            "printf '{\"Username\":\"anna\",\"Secret\":\"%s\"}' \"$(cat)\""));
        QVERIFY(writeDockerConfig(json("{'credHelpers':{'https://index.docker.io/v1/':'it'}}")));
        Registry registry = aRegistry(CredentialSource::DockerHelper);
        registry.host = u"docker.io"_s;
        const auto credential = m_credentials->of(registry, {});
        QVERIFY2(credential, credential ? "" : qPrintable(credential.error().summary()));
        QCOMPARE((*credential)->password.reveal(), QByteArray("https://index.docker.io/v1/"));
    }

    void aLoginInPlainTextIsNotUsedUnlessImported()
    {
        QVERIFY(writeDockerConfig(json("{'auths':{'registry.example.com':{'auth':'YW5uYTpwdw=='},"
                                       "'b.io':{'auth':'Og==','identitytoken':'eyJ'}}}")));
        const auto unused = m_credentials->of(aRegistry(CredentialSource::DockerHelper), {});
        QVERIFY(!unused);
        QCOMPARE(unused.error().kind, ErrorKind::CredentialsMissing);

        const auto logins = m_credentials->dockerLogins();
        QVERIFY(logins);
        const ImportableLogin anna{u"registry.example.com"_s, u"anna"_s};
        QCOMPARE(*logins, (QList{ImportableLogin{u"b.io"_s, u"<token>"_s}, anna}));
        const auto imported = m_credentials->importDockerLogin(u"registry.example.com"_s, {});
        QVERIFY(imported);
        QCOMPARE(*imported, anna);
        const auto credential =
            m_credentials->of(aRegistry(CredentialSource::Keychain, u"anna"_s), {});
        QVERIFY(credential);
        QCOMPARE((*credential)->password.reveal(), QByteArray("pw"));

        const auto unknown = m_credentials->importDockerLogin(u"c.io"_s, {});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, ErrorKind::NotFound);
    }

    void withoutDockersConfigThereIsNothing()
    {
        const auto logins = m_credentials->dockerLogins();
        QVERIFY(logins);
        QVERIFY(logins->isEmpty());
        const auto credential = m_credentials->of(aRegistry(CredentialSource::DockerHelper), {});
        QVERIFY(!credential);
        QCOMPARE(credential.error().kind, ErrorKind::CredentialsMissing);
    }

    void aServiceHasItsCredentialFromSystemd_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("password"); // none: it is refused
        QTest::newRow("JSON") << json("{'username':'anna','password':'hunter2'}")
                              << QByteArray("hunter2");
        QTest::newRow("one line") << QByteArray("anna:hunter2\n") << QByteArray("hunter2");
        QTest::newRow("a colon in the password") << QByteArray("anna:a:b") << QByteArray("a:b");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("no colon") << QByteArray("hunter2") << QByteArray();
        QTest::newRow("two lines") << QByteArray("anna:\nhunter2") << QByteArray();
        QTest::newRow("broken JSON") << json("{'password':'hunter2") << QByteArray();
        QTest::newRow("JSON without a user") << json("{'password':'hunter2'}") << QByteArray();
        QTest::newRow("too long") << QByteArray("anna:" + QByteArray(70'000, 'x')) << QByteArray();
    }
    void aServiceHasItsCredentialFromSystemd()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QByteArray, password);
        QVERIFY(writeFile(m_folder->filePath(u"registry.team"_s), content, QFile::ReadOwner));
        const auto credential =
            m_credentials->of(aRegistry(CredentialSource::ServiceCredential), {});
        if (password.isEmpty()) {
            QVERIFY(!credential);
            QCOMPARE(credential.error().kind, ErrorKind::CredentialsMissing);
            QVERIFY(!credential.error().summary().contains("hunter2"_L1));
        } else {
            QVERIFY2(credential, credential ? "" : qPrintable(credential.error().summary()));
            QCOMPARE((*credential)->username, u"anna"_s);
            QCOMPARE((*credential)->password.reveal(), password);
        }
    }

    void aServicesCredentialThatEverybodyMayReadIsRefused()
    {
        QVERIFY(writeFile(
            m_folder->filePath(u"registry.team"_s), "anna:pw", ownersOnly | QFile::ReadOther));
        const auto credential =
            m_credentials->of(aRegistry(CredentialSource::ServiceCredential), {});
        QVERIFY(!credential);
        QCOMPARE(
            credential.error().detail,
            u"everybody may read the credential registry.team of this service"_s);
    }

    void aServiceWithoutCredentialsIsToldHowToHaveSome()
    {
        for (const QString &folder : {QString(), m_folder->path()}) {
            const auto credential = serviceCredential(folder, RegistryName::trusted(u"team"_s));
            QVERIFY(!credential);
            QCOMPARE(credential.error().kind, ErrorKind::CredentialsMissing);
            QVERIFY(credential.error().detail.contains("registry.team"_L1));
        }
    }

private:
    bool writeDockerConfig(const QByteArray &content) const
    {
        return writeFile(m_folder->filePath(u"config.json"_s), content, ownersOnly);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MemorySecretStore> m_store;
    std::unique_ptr<RegistryCredentials> m_credentials;
};

QTEST_GUILESS_MAIN(RegistryCredentialsTest)
#include "tst_registrycredentials.moc"
