#include "services/domain/caller.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

QString Caller::text() const
{
    const QString who = user + u" ("_s + program + u')';
    return address.isEmpty() ? who : who + u" from "_s + address;
}

Caller Caller::parse(const QString &text)
{
    static const QRegularExpression form(u"\\A(.*) \\(([^()]*)\\)(?: from ([^()]+))?\\z"_s);
    const QRegularExpressionMatch match = form.match(text);
    return match.hasMatch() ? Caller{match.captured(1), match.captured(2), match.captured(3)}
                            : Caller{text, {}, {}};
}

Caller itself(const QString &part)
{
    return {u"sandglass"_s, part, {}};
}

} // namespace sandglass
