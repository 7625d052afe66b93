#include "services/registry/taglist.h"

#include "services/core/json.h"
#include "services/net/webtransport.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<QStringList> parseTags(const QByteArray &body)
{
    SANDGLASS_TRY(const QJsonObject object, parseJsonObject(body));
    const QJsonValue tags = object.value("tags"_L1);
    if (!tags.isArray() && !tags.isNull())
        return failure(ErrorKind::Protocol, u"the list has no tags in it"_s);
    return toStringList(tags);
}

Result<std::optional<QUrl>> nextPage(QByteArrayView link, const QUrl &page)
{
    static const QRegularExpression pattern(
        uR"(<([^>]*)>((?:\s*;\s*[A-Za-z*]+\s*=\s*(?:"[^"]*"|[^\s,;"]*))*))"_s);
    static const QRegularExpression isNext(
        uR"(;\s*rel\s*=\s*(?:next\b|"(?:[^"]*\s)?next(?:\s[^"]*)?"))"_s,
        QRegularExpression::CaseInsensitiveOption);
    auto matches = pattern.globalMatch(QString::fromUtf8(link));
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        if (!isNext.match(match.captured(2)).hasMatch())
            continue;
        const QUrl next = page.resolved(QUrl(match.captured(1), QUrl::TolerantMode));
        if (!next.isValid() || webOriginOf(next) != webOriginOf(page)) {
            return failure(
                ErrorKind::Protocol, u"the next page of the list is said to be at another host"_s);
        }
        return next;
    }
    return std::nullopt;
}

} // namespace sandglass
