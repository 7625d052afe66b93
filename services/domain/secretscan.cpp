#include "services/domain/secretscan.h"

#include "services/core/json.h"
#include "services/core/names.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

const std::array secretKindNames{
    std::pair{SecretKind::Named, u"named"_s},
    std::pair{SecretKind::AwsKey, u"aws_key"_s},
    std::pair{SecretKind::GithubToken, u"github_token"_s},
    std::pair{SecretKind::GitlabToken, u"gitlab_token"_s},
    std::pair{SecretKind::SlackToken, u"slack_token"_s},
    std::pair{SecretKind::JsonWebToken, u"json_web_token"_s},
    std::pair{SecretKind::PrivateKey, u"private_key"_s},
    std::pair{SecretKind::UrlPassword, u"url_password"_s},
    std::pair{SecretKind::RandomText, u"random_text"_s},
    std::pair{SecretKind::Credentials, u"credentials"_s},
    std::pair{SecretKind::NotSearched, u"not_searched"_s},
};

const std::array placeNames{
    std::pair{SecretFinding::Place::Environment, u"environment"_s},
    std::pair{SecretFinding::Place::File, u"file"_s},
};

constexpr qsizetype shortestRandomText = 24;
constexpr double leastRandomBits = 4.0; // per character; words and paths stay below

QRegularExpression pattern(const QString &text)
{
    return QRegularExpression(text);
}

bool matches(const QRegularExpression &expression, const QString &text)
{
    return expression.match(text).hasMatch();
}

std::optional<SecretKind> knownShape(const QString &text)
{
    static const std::vector<std::pair<SecretKind, QRegularExpression>> shapes{
        {SecretKind::PrivateKey, pattern(u"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"_s)},
        {SecretKind::AwsKey, pattern(u"\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"_s)},
        {SecretKind::GithubToken,
         pattern(u"\\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"_s)},
        {SecretKind::GitlabToken, pattern(u"\\bglpat-[A-Za-z0-9_-]{20,}"_s)},
        {SecretKind::SlackToken, pattern(u"\\bxox[abeprs]-[A-Za-z0-9-]{10,}"_s)},
        {SecretKind::JsonWebToken,
         pattern(u"\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+"_s)},
        {SecretKind::UrlPassword,
         pattern(u"\\b[A-Za-z][A-Za-z0-9+.-]*://[^/\\s:@]*:[^/\\s:@]+@"_s)},
    };
    for (const auto &[kind, shape] : shapes) {
        if (matches(shape, text))
            return kind;
    }
    return std::nullopt;
}

double bitsPerCharacter(const QString &text)
{
    QHash<QChar, int> counts;
    for (const QChar character : text)
        ++counts[character];
    double bits = 0;
    for (const int count : std::as_const(counts)) {
        const double share = double(count) / double(text.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

/// Checksums and fingerprints are as random as secrets and stand in many images, so that digits of
/// base 16 alone do not count.
bool isRandomText(const QString &text)
{
    static const QRegularExpression alphabet = pattern(u"\\A[A-Za-z0-9+_-][A-Za-z0-9+/_-]*=*\\z"_s);
    const auto has = [&text](bool (QChar::*property)() const) {
        return std::any_of(
            text.begin(), text.end(), [property](QChar each) { return (each.*property)(); });
    };
    return text.size() >= shortestRandomText && matches(alphabet, text) && has(&QChar::isUpper)
        && has(&QChar::isLower) && has(&QChar::isDigit)
        && bitsPerCharacter(text) >= leastRandomBits;
}

bool isSecretName(const QString &name)
{
    static const QRegularExpression secret = pattern(
        u"PASSW(?:OR)?D|PASSPHRASE|SECRET|CREDENTIAL|(?:\\A|_)(?:TOKEN|PWD|API_?KEY|AUTH|PAT)\\z|_KEY\\z"_s);
    // Where it is, who may check it, how long it lives: not itself.
    static const QRegularExpression harmless = pattern(
        u"_(?:FILE|PATH|DIR|URL|NAME|ID|TTL|LENGTH)\\z|PUBLIC_?KEY|\\A(?:GPG_KEY|OLDPWD|PWD)\\z"_s);
    const QString upper = name.toUpper();
    return matches(secret, upper) && !matches(harmless, upper);
}

bool isNoSecret(const QString &value)
{
    static const QRegularExpression words =
        pattern(u"\\A(?:|true|false|yes|no|on|off|none|null|[0-9]{1,4}|/.*)\\z"_s);
    return matches(words, value.toLower());
}

/// What is worth reading, and what tells there that a login is in it.
struct FileRule
{
    QRegularExpression path;
    QRegularExpression content;
};

const std::vector<FileRule> &fileRules()
{
    const auto rule = [](const QString &path, const QString &content) {
        return FileRule{pattern(path), pattern(content)};
    };
    const QString anything = u"\\S"_s;
    const QString shapeOnly = u"(?!)"_s;
    static const std::vector<FileRule> rules{
        rule(
            u"/\\.docker/config\\.json\\z"_s,
            u"\"(?:auth|identitytoken|password)\"\\s*:\\s*\"[^\"]"_s),
        rule(u"/\\.aws/credentials\\z"_s, u"aws_secret_access_key\\s*=\\s*\\S"_s),
        rule(u"/[._]netrc\\z"_s, u"\\bpassword\\s+\\S"_s),
        rule(u"/\\.git-credentials\\z"_s, shapeOnly),
        rule(u"/\\.ssh/id_[^/]*(?<!\\.pub)\\z"_s, shapeOnly),
        rule(u"/\\.npmrc\\z"_s, u"_(?:authToken|auth|password)\\s*=\\s*[^\\s$]"_s),
        rule(u"/\\.pypirc\\z"_s, u"\\bpassword\\s*[:=]\\s*\\S"_s),
        rule(u"/\\.kube/config\\z"_s, u"\\b(?:token|password|client-key-data)\\s*:\\s*\\S"_s),
        rule(u"/\\.config/gh/hosts\\.yml\\z"_s, u"\\boauth_token\\s*:\\s*\\S"_s),
        rule(
            u"/gcloud/(?:application_default_credentials|credentials)[^/]*\\z"_s,
            u"\"(?:private_key|refresh_token)\""_s),
        rule(u"/\\.pgpass\\z"_s, u"^[^#\\s]"_s),
        rule(u"/\\.my\\.cnf\\z"_s, u"\\bpassword\\s*=\\s*\\S"_s),
        rule(u"/\\.vault-token\\z"_s, anything),
        rule(u"\\A(?:/var)?/run/secrets/"_s, anything),
        rule(u"/\\.env(?:\\.[^/]*)?\\z"_s, shapeOnly),
        rule(u"\\.(?:pem|key)\\z"_s, shapeOnly),
    };
    return rules;
}

bool holdsSecretVariable(const QString &text)
{
    static const QRegularExpression assignment(
        u"^\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=[\"']?([^\"'\\r\\n]*)"_s,
        QRegularExpression::MultilineOption);
    auto each = assignment.globalMatch(text);
    while (each.hasNext()) {
        const QRegularExpressionMatch match = each.next();
        if (secretInVariable(match.captured(1), match.captured(2)))
            return true;
    }
    return false;
}

} // namespace

QString nameOf(SecretKind kind)
{
    return nameIn(secretKindNames, kind);
}

SecretKind secretKindFrom(const QString &name)
{
    return valueIn(secretKindNames, name, SecretKind::Named);
}

QString nameOf(SecretFinding::Place place)
{
    return nameIn(placeNames, place);
}

SecretFinding::Place placeFrom(const QString &name)
{
    return valueIn(placeNames, name, SecretFinding::Place::Environment);
}

QByteArray toJson(const QList<SecretFinding> &findings)
{
    QJsonArray array;
    for (const SecretFinding &finding : findings) {
        array.append(QJsonObject{
            {u"place"_s, nameOf(finding.place)},
            {u"subject"_s, finding.subject},
            {u"kind"_s, nameOf(finding.kind)},
            {u"blanked"_s, finding.blanked}});
    }
    return toBytes({{u"findings"_s, array}});
}

Result<QList<SecretFinding>> findingsFrom(const QByteArray &json)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(json));
    QList<SecretFinding> findings;
    const QJsonArray array = object["findings"_L1].toArray();
    for (const QJsonValue &value : array) {
        findings.append(
            {placeFrom(value["place"_L1].toString()),
             value["subject"_L1].toString(),
             secretKindFrom(value["kind"_L1].toString()),
             value["blanked"_L1].toBool()});
    }
    return findings;
}

std::optional<SecretKind> secretInVariable(const QString &name, const QString &value)
{
    if (const auto shape = knownShape(value))
        return shape;
    if (isSecretName(name) && !isNoSecret(value))
        return SecretKind::Named;
    return isRandomText(value) ? std::optional(SecretKind::RandomText) : std::nullopt;
}

QList<SecretFinding>
secretsInEnvironment(const QStringList &environment, const QStringList &declared)
{
    QList<SecretFinding> findings;
    for (const QString &variable : environment) {
        const QString name = variable.section(u'=', 0, 0);
        if (declared.contains(name))
            continue;
        if (const auto kind = secretInVariable(name, variable.section(u'=', 1)))
            findings.append({SecretFinding::Place::Environment, name, *kind});
    }
    return findings;
}

bool canBeBlanked(const QString &name)
{
    static const QRegularExpression plain = pattern(u"\\A[A-Za-z_][A-Za-z0-9_.-]*\\z"_s);
    return matches(plain, name);
}

bool mayHoldSecret(const QString &path)
{
    // One expression: tens of thousands of files may have changed.
    static const QRegularExpression any = [] {
        QStringList paths;
        for (const FileRule &rule : fileRules())
            paths.append(u"(?:"_s + rule.path.pattern() + u')');
        return pattern(paths.join(u'|'));
    }();
    return matches(any, path);
}

std::optional<SecretKind> secretInFile(const QString &path, const QByteArray &content)
{
    const QString text = QString::fromLatin1(content);
    for (const FileRule &rule : fileRules()) {
        if (!matches(rule.path, path))
            continue;
        if (const auto shape = knownShape(text))
            return shape;
        if (matches(rule.content, text))
            return SecretKind::Credentials;
        if (path.section(u'/', -1).startsWith(".env"_L1) && holdsSecretVariable(text))
            return SecretKind::Credentials;
    }
    return std::nullopt;
}

QString remainingSecrets(const QList<SecretFinding> &findings)
{
    QStringList places;
    for (const SecretFinding &finding : findings) {
        if (finding.blanked)
            continue;
        if (finding.kind == SecretKind::NotSearched) {
            places.append(
                finding.subject.isEmpty() ? u"the changed files, which could not be searched"_s
                                          : finding.subject + u" (not read)"_s);
        } else {
            places.append(
                finding.place == SecretFinding::Place::Environment
                    ? finding.subject + u" in the environment"_s
                    : finding.subject);
        }
    }
    return places.join(u", "_s);
}

} // namespace sandglass
