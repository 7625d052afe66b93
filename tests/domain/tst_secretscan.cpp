#include "services/domain/secretscan.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = std::optional<SecretKind>;

const QString jsonWebToken =
    u"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"_s;
const QString privateKey = u"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n"_s;
const QString githubToken = u"ghp_"_s + QString(36, u'x');

} // namespace

class SecretScanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void variablesByTable_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<Kind>("kind");
        const auto add = [](const QString &name, const QString &value, const Kind &kind) {
            QTest::newRow(qPrintable(name + u'=' + value.left(30))) << name << value << kind;
        };
        // By the name.
        add(u"API_TOKEN"_s, u"abc"_s, SecretKind::Named);
        add(u"TOKEN"_s, u"abc"_s, SecretKind::Named);
        add(u"api_token"_s, u"abc"_s, SecretKind::Named);
        add(u"POSTGRES_PASSWORD"_s, u"hunter2"_s, SecretKind::Named);
        add(u"PASSWORD_OF_DB"_s, u"x y"_s, SecretKind::Named);
        add(u"MYSQL_PWD"_s, u"hunter2"_s, SecretKind::Named);
        add(u"CLIENT_SECRET"_s, u"abc"_s, SecretKind::Named);
        add(u"SECRETS"_s, u"abc"_s, SecretKind::Named);
        add(u"OPENAI_API_KEY"_s, u"abc"_s, SecretKind::Named);
        add(u"APIKEY"_s, u"abc"_s, SecretKind::Named);
        add(u"SIGNING_KEY"_s, u"abc"_s, SecretKind::Named);
        // By the value, whatever the name.
        add(u"X"_s, u"AKIAIOSFODNN7EXAMPLE"_s, SecretKind::AwsKey);
        add(u"X"_s, githubToken, SecretKind::GithubToken);
        add(u"X"_s, u"github_pat_11ABCDEFG0abcdefghijklm"_s, SecretKind::GithubToken);
        add(u"X"_s, u"glpat-abcdefghij0123456789"_s, SecretKind::GitlabToken);
        add(u"X"_s, u"xoxb-123456789012-abcdef"_s, SecretKind::SlackToken);
        add(u"X"_s, jsonWebToken, SecretKind::JsonWebToken);
        add(u"X"_s, privateKey, SecretKind::PrivateKey);
        add(u"X"_s, u"-----BEGIN RSA PRIVATE KEY-----"_s, SecretKind::PrivateKey);
        add(u"DATABASE"_s, u"postgres://app:s3cr3t@db:5432/app"_s, SecretKind::UrlPassword);
        add(u"REDIS"_s, u"redis://:s3cr3t@cache"_s, SecretKind::UrlPassword);
        add(u"X"_s, u"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"_s, SecretKind::RandomText);
        // Harmless, and in many images.
        add(u"API_TOKEN"_s, u""_s, {});
        add(u"USE_TOKEN"_s, u"true"_s, {});
        add(u"ALLOW_EMPTY_PASSWORD"_s, u"yes"_s, {});
        add(u"POSTGRES_PASSWORD_FILE"_s, u"/run/secrets/password"_s, {});
        add(u"SSH_PRIVATE_KEY"_s, u"/etc/keys/host"_s, {});
        add(u"MAX_TOKENS"_s, u"4096"_s, {});
        add(u"TOKEN_LIMIT"_s, u"much"_s, {});
        add(u"GPG_KEY"_s, u"A035C8C19219BA821ECEA86B64E628F8D684696D"_s, {});
        add(u"SIGN_PUBLIC_KEY"_s, u"abc"_s, {});
        add(u"AWS_ACCESS_KEY_ID"_s, u"none of the shape"_s, {});
        add(u"MONKEY"_s, u"banana"_s, {});
        add(u"KEYBOARD"_s, u"us"_s, {});
        add(u"AUTHOR"_s, u"somebody"_s, {});
        add(u"PWD"_s, u"home"_s, {});
        add(u"PATH"_s, u"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"_s, {});
        add(u"PYTHON_SHA256"_s,
            u"8d0b3f1e9c4a7b6d5e2f1a0c9b8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d"_s,
            {});
        add(u"HOME"_s, u"/home/aVeryLongUserName12345678"_s, {});
        add(u"HOMEPAGE"_s, u"https://example.com/a:b@c"_s, {});
        add(u"LANG"_s, u"en_US.UTF-8"_s, {});
        add(u"JAVA_OPTS"_s, u"-Xmx512m -Dfile.encoding=UTF-8"_s, {});
        add(u"VERSION"_s, u"20.10.24+dfsg1-1+deb12u1"_s, {});
    }
    void variablesByTable()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QTEST(secretInVariable(name, value), "kind");
    }

    void declaredVariablesAreNotFound()
    {
        const QStringList environment{
            u"PATH=/bin"_s, u"API_TOKEN=a=b"_s, u"OTHER_TOKEN=c"_s, u"NOTHING"_s};
        const QList<SecretFinding> found = secretsInEnvironment(environment, {u"OTHER_TOKEN"_s});
        QCOMPARE(
            found,
            (QList<SecretFinding>{
                {SecretFinding::Place::Environment, u"API_TOKEN"_s, SecretKind::Named}}));
    }

    void onlyPlainNamesCanBeBlanked()
    {
        for (const QString &name : {u"API_TOKEN"_s, u"_x"_s, u"a.b-c"_s})
            QVERIFY2(canBeBlanked(name), qPrintable(name));
        for (const QString &name : {u""_s, u"A B"_s, u"1A"_s, u"A\"B"_s, u"A$B"_s, u"A\nRUN x"_s})
            QVERIFY2(!canBeBlanked(name), qPrintable(name));
    }

    void filesByTable_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<bool>("isRead");
        QTest::addColumn<Kind>("kind");
        const auto add =
            [](const char *path, const QByteArray &content, const Kind &kind, bool isRead = true) {
                QTest::newRow(path) << QString::fromUtf8(path) << content << isRead << kind;
            };
        add("/root/.docker/config.json",
            R"({"auths":{"r":{"auth":"YTpi"}}})",
            SecretKind::Credentials);
        add("/home/a/.docker/config.json", R"({"auths":{"r":{}},"credsStore":"x"})", {});
        add("/root/.aws/credentials",
            "[default]\naws_secret_access_key = abc\n",
            SecretKind::Credentials);
        add("/home/b/.aws/credentials",
            "[default]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\n",
            SecretKind::AwsKey);
        add("/root/.netrc", "machine h login a password b", SecretKind::Credentials);
        add("/home/a/.netrc", "machine h login a", {});
        add("/root/.git-credentials", "https://a:b@github.com\n", SecretKind::UrlPassword);
        add("/root/.ssh/id_ed25519", privateKey.toLatin1(), SecretKind::PrivateKey);
        add("/root/.ssh/id_ed25519.pub", "ssh-ed25519 AAAA", {}, false);
        add("/root/.ssh/known_hosts", "h ssh-ed25519 AAAA", {}, false);
        add("/root/.npmrc", "//registry.npmjs.org/:_authToken=npm_x\n", SecretKind::Credentials);
        add("/app/.npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", {});
        add("/srv/.npmrc", "audit=false\n", {});
        add("/root/.pypirc", "[pypi]\npassword: x\n", SecretKind::Credentials);
        add("/root/.kube/config", "users:\n- user:\n    token: abc\n", SecretKind::Credentials);
        add("/home/a/.kube/config", "clusters: []\n", {});
        add("/root/.config/gh/hosts.yml",
            "github.com:\n  oauth_token: x\n",
            SecretKind::Credentials);
        add("/root/.config/gcloud/application_default_credentials.json",
            R"({"refresh_token":"x"})",
            SecretKind::Credentials);
        add("/root/.pgpass", "h:5432:d:u:p\n", SecretKind::Credentials);
        add("/root/.vault-token", "s.abc\n", SecretKind::Credentials);
        add("/run/secrets/token", "abc", SecretKind::Credentials);
        add("/app/.env", "DEBUG=1\nexport API_TOKEN='abc'\n", SecretKind::Credentials);
        add("/app/.env.local", "GH=" + githubToken.toLatin1(), SecretKind::GithubToken);
        add("/srv/.env", "DEBUG=1\n# API_TOKEN=\n", {});
        add("/etc/tls/server.key", "-----BEGIN PRIVATE KEY-----\n", SecretKind::PrivateKey);
        add("/etc/ssl/ca.pem", "-----BEGIN CERTIFICATE-----\n", {});
        add("/etc/ssl/empty.pem", "", {});
        add("/etc/passwd", "root:x:0:0", {}, false);
        add("/root/environment", "API_TOKEN=x", {}, false);
    }
    void filesByTable()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, content);
        QTEST(mayHoldSecret(path), "isRead");
        QTEST(secretInFile(path, content), "kind");
    }

    void findingsSurviveBeingKept()
    {
        const QList<SecretFinding> findings{
            {SecretFinding::Place::Environment, u"API_TOKEN"_s, SecretKind::Named, true},
            {SecretFinding::Place::File, u"/root/ü .netrc"_s, SecretKind::Credentials},
            {SecretFinding::Place::File, {}, SecretKind::NotSearched}};
        QCOMPARE(findingsFrom(toJson(findings)).value(), findings);
        QCOMPARE(findingsFrom(toJson(QList<SecretFinding>())).value(), QList<SecretFinding>());
        QVERIFY(!findingsFrom("[]"));
        const QString remaining = remainingSecrets(findings);
        QVERIFY(!remaining.contains(u"API_TOKEN"_s));
        QVERIFY(remaining.contains(u"/root/ü .netrc"_s));
        QVERIFY(remaining.contains(u"could not be searched"_s));
    }
};

QTEST_GUILESS_MAIN(SecretScanTest)
#include "tst_secretscan.moc"
