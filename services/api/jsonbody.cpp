#include "services/api/jsonbody.h"

#include "services/core/json.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<QJsonObject> parseJsonBody(const QByteArray &body)
{
    if (body.isEmpty())
        return QJsonObject();
    auto object = parseJsonObject(body);
    if (!object)
        return failure(ErrorKind::InvalidArgument, u"the body: %1"_s.arg(object.error().detail));
    return object;
}

JsonFields::JsonFields(QJsonObject object, QString path)
    : m_object(std::move(object))
    , m_path(std::move(path))
{ }

std::optional<QJsonValue> JsonFields::any(const QString &name)
{
    const QJsonValue value = m_object.take(name);
    if (value.isUndefined() || value.isNull())
        return std::nullopt;
    return value;
}

std::optional<QString> JsonFields::text(const QString &name, qsizetype longest)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    if (!isSoundText(*value, longest)) {
        refuse(name, u"a text of at most %1 characters"_s.arg(longest));
        return std::nullopt;
    }
    return value->toString();
}

QString JsonFields::requiredText(const QString &name, qsizetype longest)
{
    const QString value = text(name, longest).value_or(QString());
    if (value.isEmpty())
        refuse(name, u"a text, and must not be empty"_s);
    return value;
}

std::optional<bool> JsonFields::boolean(const QString &name)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    if (!value->isBool()) {
        refuse(name, u"true or false"_s);
        return std::nullopt;
    }
    return value->toBool();
}

std::optional<qint64> JsonFields::integer(const QString &name)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    constexpr double mostExact = 9007199254740991.0; // 2^53 - 1
    const double number = value->toDouble(0.5);
    if (std::trunc(number) != number || std::abs(number) > mostExact) {
        refuse(name, u"a whole number of at most 2^53 - 1"_s);
        return std::nullopt;
    }
    return qint64(number);
}

std::optional<double> JsonFields::number(const QString &name)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    if (!value->isDouble()) {
        refuse(name, u"a number"_s);
        return std::nullopt;
    }
    return value->toDouble();
}

std::optional<QStringList> JsonFields::texts(const QString &name)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    const QJsonArray array = value->toArray();
    const bool allSound = std::all_of(array.begin(), array.end(), [this](const QJsonValue &item) {
        return isSoundText(item, 4096);
    });
    if (!value->isArray() || !allSound) {
        refuse(name, u"an array of texts"_s);
        return std::nullopt;
    }
    return toStringList(*value);
}

std::optional<JsonFields> JsonFields::object(const QString &name)
{
    const auto value = any(name);
    if (!value)
        return std::nullopt;
    if (!value->isObject()) {
        refuse(name, u"an object"_s);
        return std::nullopt;
    }
    return JsonFields(value->toObject(), m_path + name + u'.');
}

Done JsonFields::finish() const
{
    if (!m_problem.isEmpty())
        return failure(ErrorKind::InvalidArgument, m_problem);
    if (!m_object.isEmpty()) {
        return failure(
            ErrorKind::InvalidArgument,
            u"\"%1%2\" is not a field of this request"_s.arg(
                m_path, m_object.begin().key().left(80)));
    }
    return {};
}

bool JsonFields::isSoundText(const QJsonValue &value, qsizetype longest) const
{
    const QString text = value.toString();
    return value.isString() && text.size() <= longest && !text.contains(QChar(u'\0'))
        && text.isValidUtf16();
}

void JsonFields::refuse(const QString &name, const QString &expected)
{
    if (m_problem.isEmpty())
        m_problem = u"\"%1%2\" must be %3"_s.arg(m_path, name, expected);
}

} // namespace sandglass
