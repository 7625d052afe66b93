#include "services/core/id.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sandglass {

namespace {

constexpr QLatin1StringView alphabet("abcdefghijklmnopqrstuvwxyz0123456789");
constexpr int randomLength = 16;
constexpr int longestTail = 40;
constexpr int longestName = 63;

bool isLowerOrDigit(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
}

} // namespace

QString randomId(QLatin1StringView prefix)
{
    QString id(prefix);
    for (int i = 0; i < randomLength; ++i)
        id.append(alphabet.at(QRandomGenerator::system()->bounded(int(alphabet.size()))));
    return id;
}

bool isWellFormedId(const QString &text, QLatin1StringView prefix)
{
    if (!text.startsWith(prefix))
        return false;
    const QStringView tail = QStringView(text).mid(prefix.size());
    return !tail.isEmpty() && tail.size() <= longestTail
        && std::all_of(tail.begin(), tail.end(), isLowerOrDigit);
}

bool isWellFormedName(const QString &text)
{
    return !text.isEmpty() && text.size() <= longestName && isLowerOrDigit(text.front())
        && std::all_of(text.begin(), text.end(), [](QChar c) {
               return isLowerOrDigit(c) || c == u'-' || c == u'_' || c == u'.';
           });
}

} // namespace sandglass
