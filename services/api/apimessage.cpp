#include "services/api/apimessage.h"

#include "services/api/httpstatus.h"
#include "services/core/errorsentence.h"
#include "services/core/json.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

ApiResponse jsonResponse(int status, const QJsonObject &object)
{
    return {status, "application/json", {}, toBytes(object)};
}

ApiResponse errorResponse(int status, const QString &code, const QString &message)
{
    return jsonResponse(
        status, {{u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, message}}}});
}

ApiResponse errorResponse(const Error &error)
{
    return errorResponse(httpStatusOf(error.kind), nameOf(error.kind), sentenceFor(error).text());
}

} // namespace sandglass
