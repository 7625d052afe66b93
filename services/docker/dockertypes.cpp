#include "services/docker/dockertypes.h"

#include "services/core/result.h"

#include <QRegularExpression>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

std::optional<ApiVersion> ApiVersion::parse(const QString &text)
{
    static const QRegularExpression pattern(u"\\A([0-9]{1,4})\\.([0-9]{1,4})\\z"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return ApiVersion{match.captured(1).toInt(), match.captured(2).toInt()};
}

QString ApiVersion::text() const
{
    return u"%1.%2"_s.arg(major).arg(minor);
}

Result<ApiVersion> negotiate(const EngineVersion &engine)
{
    const ApiVersion version = std::min(engine.newest, newestApi);
    if (version < oldestApi || version < engine.oldest) {
        return failure(
            ErrorKind::UnsupportedVersion,
            u"the engine speaks API %1 to %2, this program %3 to %4"_s.arg(
                engine.oldest.text(), engine.newest.text(), oldestApi.text(), newestApi.text()));
    }
    return version;
}

} // namespace sandglass
