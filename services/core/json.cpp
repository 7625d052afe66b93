#include "services/core/json.h"

#include <QJsonDocument>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<QJsonDocument> parse(const QByteArray &bytes)
{
    QJsonParseError error;
    QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError) {
        return failure(
            ErrorKind::Protocol,
            u"not valid JSON: %1 at byte %2"_s.arg(error.errorString()).arg(error.offset));
    }
    return document;
}

} // namespace

Result<QJsonObject> parseJsonObject(const QByteArray &bytes)
{
    SANDGLASS_TRY(const QJsonDocument document, parse(bytes));
    if (!document.isObject())
        return failure(ErrorKind::Protocol, u"a JSON object was expected"_s);
    return document.object();
}

Result<QJsonArray> parseJsonArray(const QByteArray &bytes)
{
    SANDGLASS_TRY(const QJsonDocument document, parse(bytes));
    if (!document.isArray())
        return failure(ErrorKind::Protocol, u"a JSON array was expected"_s);
    return document.array();
}

QByteArray toBytes(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QStringList toStringList(const QJsonValue &value)
{
    QStringList list;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &item : array) {
        if (item.isString())
            list.append(item.toString());
    }
    return list;
}

QJsonArray toJsonArray(const QStringList &list)
{
    return QJsonArray::fromStringList(list);
}

} // namespace sandglass
