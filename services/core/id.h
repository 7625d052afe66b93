#pragma once

#include "services/core/result.h"

#include <QHashFunctions>
#include <QString>

#include <optional>

namespace sandglass {

/// `prefix` followed by 16 random characters of a-z and 0-9 (82 bits). Any thread.
[[nodiscard]] QString randomId(QLatin1StringView prefix);

/// Whether text is an id with this prefix: 1 to 40 more characters, each a-z or 0-9.
[[nodiscard]] bool isWellFormedId(const QString &text, QLatin1StringView prefix);

/// Whether text can name a namespace or an engine: 1 to 63 of a-z, 0-9, '-', '_', '.', the first a
/// letter or digit.
[[nodiscard]] bool isWellFormedName(const QString &text);

/// A strong identifier: ids of different things do not mix, and none turns into a string by
/// accident. Kind gives `prefix`, empty for things that people name (namespaces, engines).
template <class Kind> class Id
{
public:
    Id() = default; ///< the empty id, of nothing

    [[nodiscard]] static Id generate() { return Id(randomId(Kind::prefix)); }

    [[nodiscard]] static Result<Id> parse(const QString &text)
    {
        const bool good =
            Kind::prefix.isEmpty() ? isWellFormedName(text) : isWellFormedId(text, Kind::prefix);
        if (!good) {
            return failure(
                ErrorKind::InvalidArgument,
                QStringLiteral("\"%1\" is not a valid %2").arg(text.left(80), QString(Kind::what)));
        }
        return Id(text);
    }

    /// For text that was checked when it was written, such as a database column.
    [[nodiscard]] static Id trusted(const QString &text) { return Id(text); }

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }

    friend bool operator==(const Id &, const Id &) = default;
    friend auto operator<=>(const Id &a, const Id &b) { return a.m_text.compare(b.m_text) <=> 0; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.m_text, seed); }

private:
    explicit Id(QString text)
        : m_text(std::move(text))
    { }
    QString m_text;
};

} // namespace sandglass
