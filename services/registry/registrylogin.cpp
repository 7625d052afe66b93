#include "services/registry/registrylogin.h"

#include "services/core/json.h"
#include "services/registry/registryanswer.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 largestTokenAnswer = 1024 * 1024;
constexpr std::chrono::seconds usualLifetime = 60s; // when the token server says nothing
constexpr std::chrono::seconds longestLifetime = 24h;
constexpr auto longestMargin = 10s; // for the way to the registry, and clocks that differ

using Form = QList<std::pair<QString, QString>>;

QByteArray encoded(const Form &form)
{
    QByteArray text;
    for (const auto &[name, value] : form) {
        if (!text.isEmpty())
            text += '&';
        text += QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
    }
    return text;
}

/// What the token server must know, whichever way it is asked.
Form tokenForm(const Challenge &challenge, const QString &scope)
{
    Form form;
    if (const QString service = challenge.parameters.value("service"); !service.isEmpty())
        form.append({u"service"_s, service});
    // The registry knows best what this request needs.
    const QString scopes = challenge.parameters.value("scope", scope);
    const QStringList parts = scopes.split(u' ', Qt::SkipEmptyParts);
    for (const QString &part : parts)
        form.append({u"scope"_s, part});
    return form;
}

QUrl withForm(const QUrl &realm, const Form &form)
{
    QUrl url = realm;
    const QString before = realm.hasQuery() ? realm.query(QUrl::FullyEncoded) + u'&' : QString();
    url.setQuery(before + QString::fromLatin1(encoded(form)), QUrl::StrictMode);
    return url;
}

bool isPrintable(const QByteArray &text)
{
    return !text.isEmpty()
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

} // namespace

RegistryLogin::RegistryLogin(
    RegistryNetwork &network, bool insecure, std::optional<Credential> credential)
    : m_network(network)
    , m_insecure(insecure)
    , m_credential(std::move(credential))
{ }

QByteArray RegistryLogin::header(const QString &scope) const
{
    if (m_wantsBasic)
        return basicHeader();
    const auto token = m_tokens.constFind(scope);
    if (token == m_tokens.constEnd() || token->end.hasExpired())
        return {};
    return "Bearer " + token->bytes.reveal();
}

Result<QByteArray> RegistryLogin::answer(
    const QList<Challenge> &challenges,
    const QString &scope,
    const QByteArray &refused,
    const CancelToken &cancel)
{
    const auto find = [&challenges](QByteArrayView scheme) {
        return std::find_if(challenges.begin(), challenges.end(), [scheme](const auto &challenge) {
            return challenge.scheme == scheme;
        });
    };
    if (const auto bearer = find("bearer"); bearer != challenges.end()) {
        m_tokens.remove(scope);
        SANDGLASS_TRY(Token token, askForToken(*bearer, scope, cancel));
        const QByteArray header = "Bearer " + token.bytes.reveal();
        m_tokens.insert(scope, std::move(token));
        return header;
    }
    if (find("basic") != challenges.end())
        return answerBasic(refused);
    return failure(
        ErrorKind::Protocol,
        u"the registry wants a login, but of no kind that is known (Basic, Bearer)"_s);
}

Result<QByteArray> RegistryLogin::answerBasic(const QByteArray &refused)
{
    if (!m_credential) {
        return failure(ErrorKind::Unauthorized, u"the registry wants a login, and none is given"_s);
    }
    const QByteArray header = basicHeader();
    if (header == refused)
        return failure(ErrorKind::Unauthorized, u"the registry refuses the login"_s);
    m_wantsBasic = true;
    return header;
}

Result<RegistryLogin::Token> RegistryLogin::askForToken(
    const Challenge &challenge, const QString &scope, const CancelToken &cancel)
{
    const QUrl realm(challenge.parameters.value("realm"), QUrl::StrictMode);
    const bool isWeb = realm.scheme() == "https"_L1 || realm.scheme() == "http"_L1;
    if (!realm.isValid() || realm.host().isEmpty() || !isWeb) {
        return failure(ErrorKind::Protocol, u"the registry names no address of its token server"_s);
    }
    if (realm.scheme() == "http"_L1 && !m_insecure) {
        return failure(
            ErrorKind::Protocol,
            u"the registry names a token server without TLS (%1); the login is not sent there"_s
                .arg(webOriginOf(realm)));
    }
    WebRequest request;
    request.largestBody = largestTokenAnswer;
    Form form = tokenForm(challenge, scope);
    std::optional<Result<HttpResponse>> response;
    if (m_credential && !m_credential->identityToken.isEmpty()) {
        Form login = form;
        login.append({u"grant_type"_s, u"refresh_token"_s});
        login.append({u"client_id"_s, u"sandglass"_s});
        login.append({u"refresh_token"_s, QString::fromUtf8(m_credential->identityToken.reveal())});
        request.method = "POST";
        request.url = realm;
        request.body = encoded(login);
        request.contentType = "application/x-www-form-urlencoded";
        response = m_network.send(request, cancel);
    }
    // Some token servers know GET alone (fact R7).
    const bool knowsGetAlone =
        response && *response && ((*response)->status == 404 || (*response)->status == 405);
    if (!response || knowsGetAlone) {
        if (m_credential) {
            form.append({u"account"_s, m_credential->username});
            request.headers.append({"Authorization", basicHeader()});
        }
        request.method = "GET";
        request.url = withForm(realm, form);
        request.body.clear();
        response = m_network.send(request, cancel);
    }
    SANDGLASS_TRY(const HttpResponse answer, std::move(*response));

    const QString origin =
        u"%1 %2 %3"_s.arg(webOriginOf(realm), QString::fromLatin1(request.method), realm.path());
    if (answer.status != 200) {
        Error error =
            registryError(answer, u"get a token for the registry"_s, origin, SystemClock().now());
        if (answer.status >= 400 && answer.status <= 403) {
            error.kind = ErrorKind::Unauthorized;
            error.detail = m_credential
                ? u"the registry's token server refuses the login"_s
                : u"the registry's token server wants a login, and none is given"_s;
        }
        return failure(error);
    }
    const auto nonsense = [&origin](const QString &detail) {
        return failure(Error{
            ErrorKind::Protocol,
            u"what answers as the token server is none: "_s + detail,
            origin,
            {},
            0});
    };
    const Result<QJsonObject> object = parseJsonObject(answer.body);
    if (!object)
        return nonsense(object.error().detail);
    QByteArray bytes = object->value("token"_L1).toString().toUtf8();
    if (bytes.isEmpty())
        bytes = object->value("access_token"_L1).toString().toUtf8();
    if (!isPrintable(bytes))
        return nonsense(u"there is no token in its answer"_s);
    const auto said = std::chrono::seconds(object->value("expires_in"_L1).toInteger(0));
    const std::chrono::seconds lifetime =
        said > 0s ? std::min(said, longestLifetime) : usualLifetime;
    const std::chrono::milliseconds margin =
        std::min<std::chrono::milliseconds>(longestMargin, lifetime / 2);
    return Token{Secret(bytes), QDeadlineTimer(lifetime - margin)};
}

QByteArray RegistryLogin::basicHeader() const
{
    const bool hasPassword = m_credential->identityToken.isEmpty();
    const QString username =
        m_credential->username.isEmpty() && !hasPassword ? u"<token>"_s : m_credential->username;
    const Secret &secret = hasPassword ? m_credential->password : m_credential->identityToken;
    return "Basic " + (username.toUtf8() + ':' + secret.reveal()).toBase64();
}

Error RegistryLogin::withoutSecrets(Error error) const
{
    if (!m_credential)
        return error;
    const QByteArray login = basicHeader().mid(6);
    for (const QByteArray &secret :
         {login, m_credential->password.reveal(), m_credential->identityToken.reveal()}) {
        if (secret.isEmpty())
            continue;
        error.remoteMessage.replace(QString::fromUtf8(secret), u"***"_s);
    }
    return error;
}

} // namespace sandglass
