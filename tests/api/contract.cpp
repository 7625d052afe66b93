#include "tests/api/contract.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QStringList>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

bool hasType(const QJsonValue &value, const QString &type)
{
    if (type == "integer"_L1)
        return value.isDouble() && value.toDouble() == double(value.toInteger());
    return (type == "string"_L1 && value.isString()) || (type == "number"_L1 && value.isDouble())
        || (type == "boolean"_L1 && value.isBool()) || (type == "array"_L1 && value.isArray())
        || (type == "object"_L1 && value.isObject());
}

} // namespace

Contract::Contract(const QByteArray &document)
    : m_document(QJsonDocument::fromJson(document).object())
{ }

QJsonObject Contract::call(const QString &method, const QString &pattern) const
{
    return m_document["paths"_L1][pattern][method.toLower()].toObject();
}

QStringList Contract::queryNames(const QString &method, const QString &pattern) const
{
    QStringList names;
    const QJsonArray parameters = call(method, pattern)["parameters"_L1].toArray();
    for (const QJsonValue &parameter : parameters) {
        if (parameter["in"_L1].toString() == "query"_L1)
            names.append(parameter["name"_L1].toString());
    }
    names.sort();
    return names;
}

QString Contract::problemOf(
    const QString &method, const QString &pattern, int status, const QByteArray &body) const
{
    const QJsonObject responses = call(method, pattern)["responses"_L1].toObject();
    const QJsonValue response = responses[QString::number(status)];
    if (response.isUndefined())
        return u"status %1 is not documented"_s.arg(status);
    if (response["content"_L1].toObject().contains("text/plain"_L1))
        return {};
    const QJsonObject schema =
        response["content"_L1]["application/json"_L1]["schema"_L1].toObject();
    if (schema.isEmpty())
        return body.isEmpty() ? QString() : u"a body is not documented"_s;
    return mismatch(QJsonDocument::fromJson(body).object(), schema, u"body"_s);
}

QStringList Contract::danglingReferences() const
{
    QStringList found;
    collectDangling(m_document, found);
    return found;
}

QString
Contract::mismatch(const QJsonValue &value, const QJsonObject &given, const QString &place) const
{
    const QJsonObject schema = resolved(given);
    if (value.isNull() && schema["nullable"_L1].toBool())
        return {};
    if (!hasType(value, schema["type"_L1].toString()))
        return u"%1 is not of type %2"_s.arg(place, schema["type"_L1].toString());
    if (schema.contains("enum"_L1) && !schema["enum"_L1].toArray().contains(value))
        return u"%1 has the undocumented value %2"_s.arg(place, value.toString());
    if (value.isObject() && schema.contains("properties"_L1))
        return objectMismatch(value.toObject(), schema, place);
    const QJsonArray items = value.toArray();
    for (const QJsonValue &item : items) {
        if (const QString found = mismatch(item, schema["items"_L1].toObject(), place + u"[]"_s);
            !found.isEmpty())
            return found;
    }
    return {};
}

QString Contract::objectMismatch(
    const QJsonObject &value, const QJsonObject &schema, const QString &place) const
{
    const QJsonObject properties = schema["properties"_L1].toObject();
    const QJsonArray required = schema["required"_L1].toArray();
    for (const QJsonValue &name : required) {
        if (!value.contains(name.toString()))
            return u"%1.%2 is missing"_s.arg(place, name.toString());
    }
    for (auto it = value.begin(); it != value.end(); ++it) {
        const QString inner = place + u'.' + it.key();
        if (!properties.contains(it.key()))
            return inner + u" is not documented"_s;
        if (const QString found = mismatch(it.value(), properties[it.key()].toObject(), inner);
            !found.isEmpty())
            return found;
    }
    return {};
}

QJsonObject Contract::resolved(const QJsonObject &schema) const
{
    const QString reference = schema["$ref"_L1].toString();
    if (reference.isEmpty())
        return schema;
    return m_document["components"_L1]["schemas"_L1][reference.section(u'/', -1)].toObject();
}

void Contract::collectDangling(const QJsonValue &value, QStringList &found) const
{
    if (value.isArray()) {
        const QJsonArray items = value.toArray();
        for (const QJsonValue &item : items)
            collectDangling(item, found);
    }
    const QJsonObject object = value.toObject();
    if (object["$ref"_L1].isString() && resolved(object).isEmpty())
        found.append(object["$ref"_L1].toString());
    for (const QJsonValue &inner : object)
        collectDangling(inner, found);
}

} // namespace sandglass
