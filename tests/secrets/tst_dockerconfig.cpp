#include "services/secrets/dockerconfig.h"
#include "services/secrets/registryauthheader.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

/// "auth" of config.json.
QString authOf(const QByteArray &pair)
{
    return QString::fromLatin1(pair.toBase64());
}

QByteArray configOf(const QJsonObject &auths)
{
    return QJsonDocument(QJsonObject{{u"auths"_s, auths}}).toJson();
}

Credential passwordOf(const QString &username, const QByteArray &password)
{
    return {username, Secret(password), {}};
}

} // namespace

class DockerConfigTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLoginIsRead_data()
    {
        QTest::addColumn<QJsonObject>("auths");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("username");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QByteArray>("identityToken");
        QTest::newRow("user and password")
            << QJsonObject{{u"reg.example.com:5000"_s, QJsonObject{{u"auth"_s, authOf("anna:pw")}}}}
            << u"reg.example.com:5000"_s << u"anna"_s << QByteArray("pw") << QByteArray("");
        QTest::newRow("Docker Hub under its old address")
            << QJsonObject{{u"https://index.docker.io/v1/"_s, QJsonObject{{u"auth"_s, authOf("anna:pw")}}}}
            << u"docker.io"_s << u"anna"_s << QByteArray("pw") << QByteArray("");
        QTest::newRow("an address with scheme and path")
            << QJsonObject{{u"https://Reg.Example.com/v2/"_s, QJsonObject{{u"auth"_s, authOf("anna:pw")}}}}
            << u"reg.example.com"_s << u"anna"_s << QByteArray("pw") << QByteArray("");
        QTest::newRow("a password with colons, and not of ASCII")
            << QJsonObject{{u"r.io"_s, QJsonObject{{u"auth"_s, authOf("anna:a:b:größer")}}}}
            << u"r.io"_s << u"anna"_s << QByteArray("a:b:größer") << QByteArray("");
        QTest::newRow("filled up with zeros")
            << QJsonObject{{u"r.io"_s, QJsonObject{{u"auth"_s, authOf(QByteArray("anna:pw\0\0", 9))}}}}
            << u"r.io"_s << u"anna"_s << QByteArray("pw") << QByteArray("");
        QTest::newRow("not encoded")
            << QJsonObject{{u"r.io"_s, QJsonObject{{u"username"_s, u"anna"_s}, {u"password"_s, u"pw"_s}}}}
            << u"r.io"_s << u"anna"_s << QByteArray("pw") << QByteArray("");
        QTest::newRow("an identity token")
            << QJsonObject{{u"a.azurecr.io"_s, QJsonObject{{u"auth"_s, authOf("0000:")}, {u"identitytoken"_s, u"eyJ"_s}}}}
            << u"a.azurecr.io"_s << u"0000"_s << QByteArray("") << QByteArray("eyJ");
    }
    void aLoginIsRead()
    {
        QFETCH(const QJsonObject, auths);
        const auto logins = loginsOf(configOf(auths));
        QVERIFY2(logins, logins ? "" : qPrintable(logins.error().summary()));
        QCOMPARE(logins->size(), 1);
        QTEST(logins->first().host, "host");
        QTEST(logins->first().credential.username, "username");
        QTEST(logins->first().credential.password.reveal(), "password");
        QTEST(logins->first().credential.identityToken.reveal(), "identityToken");
    }

    void whatIsNoLoginIsNone_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("an empty file") << QByteArray("\n");
        QTest::newRow("no logins") << QByteArray("{}");
        QTest::newRow("one that a credential helper keeps")
            << configOf({{u"r.io"_s, QJsonObject()}});
    }
    void whatIsNoLoginIsNone()
    {
        QFETCH(const QByteArray, config);
        const auto logins = loginsOf(config);
        QVERIFY(logins);
        QVERIFY(logins->isEmpty());
    }

    void aConfigThatMeansNothingIsRefusedWithoutWhatItSays_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QString>("named");
        QTest::newRow("no JSON") << QByteArray("auths: hunter2") << u"config.json"_s;
        QTest::newRow("cut off") << QByteArray("{\"auths\":{\"hunter2") << u"config.json"_s;
        QTest::newRow("a list") << QByteArray("[\"hunter2\"]") << u"config.json"_s;
        QTest::newRow("no base64")
            << configOf({{u"r.io"_s, QJsonObject{{u"auth"_s, u"hunter2!"_s}}}}) << u"r.io"_s;
        QTest::newRow("no colon") << configOf(
            {{u"r.io"_s, QJsonObject{{u"auth"_s, authOf("hunter2")}}}})
                                  << u"r.io"_s;
    }
    void aConfigThatMeansNothingIsRefusedWithoutWhatItSays()
    {
        QFETCH(const QByteArray, config);
        QFETCH(const QString, named);
        const auto logins = loginsOf(config);
        QVERIFY(!logins);
        QCOMPARE(logins.error().kind, ErrorKind::Protocol);
        QVERIFY2(logins.error().detail.contains(named), qPrintable(logins.error().detail));
        QVERIFY(!logins.error().summary().contains("hunter2"_L1));
    }

    void theProgramForAHostIsFound_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("program");
        QTest::newRow("its own") << u"1.dkr.ecr.eu-west-1.amazonaws.com"_s << u"ecr-login"_s;
        QTest::newRow("Docker Hub's") << u"docker.io"_s << u"hub"_s;
        QTest::newRow("Docker Hub's, by another name") << u"registry-1.docker.io"_s << u"hub"_s;
        QTest::newRow("that of all others") << u"ghcr.io"_s << u"pass"_s;
        QTest::newRow("none for this host") << u"localhost:5000"_s << QString();
    }
    void theProgramForAHostIsFound()
    {
        QFETCH(const QString, host);
        const QJsonObject helpers{
            {u"1.dkr.ecr.eu-west-1.amazonaws.com"_s, u"ecr-login"_s},
            {u"https://index.docker.io/v1/"_s, u"hub"_s},
            {u"localhost:5000"_s, QString()}};
        const auto config = parseDockerConfig(
            QJsonDocument(QJsonObject{{u"credsStore"_s, u"pass"_s}, {u"credHelpers"_s, helpers}})
                .toJson());
        QVERIFY(config);
        QTEST(helperFor(*config, host), "program");
    }

    void withoutACredentialsStoreThereIsNoProgram()
    {
        QCOMPARE(helperFor(DockerConfig{}, u"ghcr.io"_s), QString());
    }

    void anEngineIsToldTheCredential_data()
    {
        QTest::addColumn<QString>("username");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QByteArray>("identityToken");
        QTest::addColumn<QJsonObject>("login");
        QTest::newRow("a password") << u"anna"_s << QByteArray("pw") << QByteArray()
                                    << QJsonObject{
                                           {u"username"_s, u"anna"_s},
                                           {u"password"_s, u"pw"_s},
                                           {u"serveraddress"_s, u"r.io"_s}};
        QTest::newRow("an identity token")
            << QString() << QByteArray() << QByteArray("eyJ")
            << QJsonObject{{u"identitytoken"_s, u"eyJ"_s}, {u"serveraddress"_s, u"r.io"_s}};
    }
    void anEngineIsToldTheCredential()
    {
        QFETCH(const QString, username);
        QFETCH(const QByteArray, password);
        QFETCH(const QByteArray, identityToken);
        const Secret header = registryAuthHeader(
            Credential{username, Secret(password), Secret(identityToken)}, u"r.io"_s);
        const auto json = QByteArray::fromBase64Encoding(
            header.reveal(),
            QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
        QVERIFY(json);
        QTEST(QJsonDocument::fromJson(*json).object(), "login");
    }

    void theHeaderIsOfTheUrlAlphabetAndPadded()
    {
        // '?' and '~' at the end of a triple give '/' and '+' in the usual alphabet.
        for (const QByteArray password : {"ooo?~?", "~~~", "a?~o~?~", "ab~?~?~"}) {
            const Secret header = registryAuthHeader(passwordOf(u"u"_s, password), u"r.io"_s);
            QCOMPARE(header.reveal().size() % 4, 0);
            QVERIFY(!header.reveal().contains('+') && !header.reveal().contains('/'));
        }
        QCOMPARE(
            registryAuthHeader(passwordOf(u"u"_s, "~~~o~?"), u"r"_s).reveal(),
            QByteArray(
                "eyJwYXNzd29yZCI6In5-fm9-PyIsInNlcnZlcmFkZHJlc3MiOiJyIiwidXNlcm5hbWUiOiJ1In0="));
    }

    void anonymousIsAnEmptyObject()
    {
        QCOMPARE(registryAuthHeader(std::nullopt, u"r.io"_s).reveal(), QByteArray("e30="));
    }
};

QTEST_GUILESS_MAIN(DockerConfigTest)
#include "tst_dockerconfig.moc"
