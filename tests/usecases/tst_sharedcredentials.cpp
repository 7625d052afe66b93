#include "services/operations/engineconnections.h"
#include "services/operations/operationrunner.h"
#include "services/operations/registryaccess.h"
#include "services/secrets/registrycredentials.h"
#include "services/storage/database.h"
#include "services/storage/operationrepository.h"
#include "services/usecases/registryservice.h"
#include "tests/support/fakeclock.h"
#include "tests/support/memorysecretstore.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const Caller tester{u"ann"_s, u"test"_s, {}};
const RegistryName one = RegistryName::trusted(u"one"_s);
const RegistryName other = RegistryName::trusted(u"other"_s);

Registry registryCalled(const RegistryName &name)
{
    Registry registry;
    registry.name = name;
    registry.host = u"registry.test:5000"_s;
    registry.repository = u"team/"_s + name.text();
    return registry;
}

struct Services
{
    [[nodiscard]] Done put(const Registry &registry, const QString &user)
    {
        return registries.put({registry, Credential{user, Secret("s3cret"), {}}, tester});
    }

    QTemporaryDir folder;
    FakeClock clock;
    std::unique_ptr<Database> database{
        std::move(*Database::open(folder.path() + u"/data/sandglass.db"_s, clock))};
    EngineConnections connections{*database};
    MemorySecretStore secrets;
    RegistryCredentials credentials{secrets, {}, {}};
    RegistryAccess access{*database, credentials, clock};
    OperationRunner runner{*database, connections, access, clock}; // never started
    RegistryService registries{*database, runner, access, credentials};
};

} // namespace

/// Two repositories of the same host and user have one credential in the keychain.
class SharedCredentialsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneStaysAsLongAsARegistryHasIt_data()
    {
        QTest::addColumn<bool>("removesRegistry");
        QTest::newRow("the registry is removed") << true;
        QTest::newRow("its credential is removed") << false;
    }
    void oneStaysAsLongAsARegistryHasIt()
    {
        QFETCH(bool, removesRegistry);
        Services services;
        for (const RegistryName &name : {one, other})
            QVERIFY(services.put(registryCalled(name), u"alice"_s));
        const QStringList key{u"registry.test:5000/alice"_s};
        QCOMPARE(services.secrets.keys(), key);

        const auto remove = [&](const RegistryName &name) {
            return removesRegistry ? services.registries.remove(name, LeaveSnapshots::No, tester)
                                   : services.registries.removeCredential(name, tester);
        };
        QVERIFY(remove(one));
        QCOMPARE(services.secrets.keys(), key);
        QVERIFY(remove(other));
        QCOMPARE(services.secrets.keys(), QStringList());
    }

    void aNewUserTakesThePlaceOfTheOldOne()
    {
        Services services;
        QVERIFY(services.put(registryCalled(one), u"alice"_s));
        QVERIFY(services.put(registryCalled(one), u"bob"_s));
        QCOMPARE(services.secrets.keys(), QStringList{u"registry.test:5000/bob"_s});

        Registry anonymous = registryCalled(one);
        QVERIFY(services.registries.put({anonymous, {}, tester}));
        QCOMPARE(services.secrets.keys(), QStringList());
    }

    void aRefusedChangeLeavesTheKeychainAlone()
    {
        Services services;
        QVERIFY(services.put(registryCalled(one), u"alice"_s));
        Operation push;
        push.id = OperationId::generate();
        push.kind = OperationKind::PushSnapshot;
        push.namespaceName = NamespaceName::trusted(u"team"_s);
        push.engine = EngineName::trusted(u"a"_s);
        push.inputs = {{u"registry"_s, one.text()}};
        QVERIFY(services.database->write(
            [&push](Session &session) { return OperationRepository(session).insert(push); }));

        Registry moved = registryCalled(one);
        moved.host = u"elsewhere.test:5000"_s;
        const Done refused = services.put(moved, u"bob"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QCOMPARE(services.secrets.keys(), QStringList{u"registry.test:5000/alice"_s});
    }
};

QTEST_GUILESS_MAIN(SharedCredentialsTest)
#include "tst_sharedcredentials.moc"
