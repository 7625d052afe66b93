#pragma once

#include "services/core/result.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace sandglass {

/// A request body as a JSON object. InvalidArgument for anything else; an empty body is an empty
/// object.
[[nodiscard]] Result<QJsonObject> parseJsonBody(const QByteArray &body);

/// Reads the fields of a JSON object and holds them to their types; what values make sense is for
/// the use cases to say. Nothing is read when a field is missing or null; the first thing that is
/// wrong is kept for finish(), and what is read after it does not matter.
class JsonFields
{
public:
    /// `path` names the object in messages, "resources."; empty for the body itself.
    explicit JsonFields(QJsonObject object, QString path = {});

    /// Without NUL and lone surrogates, which databases and engines read differently.
    [[nodiscard]] std::optional<QString> text(const QString &name, qsizetype longest = 4096);
    [[nodiscard]] QString
    requiredText(const QString &name, qsizetype longest = 4096); ///< and not empty
    [[nodiscard]] std::optional<bool> boolean(const QString &name);

    /// A whole number that every JSON reader sees alike (RFC 7493): 2.0 is one; 2.5 and 2^53 are
    /// none.
    [[nodiscard]] std::optional<qint64> integer(const QString &name);
    [[nodiscard]] std::optional<double> number(const QString &name);
    [[nodiscard]] std::optional<QStringList> texts(const QString &name);

    /// The value as it is, whatever its type; nothing when missing or null.
    [[nodiscard]] std::optional<QJsonValue> any(const QString &name);

    /// Reads an object's own fields; the reader must finish it, too.
    [[nodiscard]] std::optional<JsonFields> object(const QString &name);

    /// InvalidArgument for the first field that was wrong, else for one that nobody asked for: it
    /// may be a typo.
    [[nodiscard]] Done finish() const;

private:
    [[nodiscard]] bool isSoundText(const QJsonValue &value, qsizetype longest) const;
    void refuse(const QString &name, const QString &expected);

    QJsonObject m_object; ///< whose fields nobody has asked for yet
    QString m_path;
    QString m_problem; ///< empty: none so far
};

} // namespace sandglass
