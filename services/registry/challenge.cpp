#include "services/registry/challenge.h"

#include <optional>

namespace sandglass {

namespace {

bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || QByteArrayView("!#$%&'*+-.^_`|~/").contains(c);
}

/// Reads a header from left to right.
class HeaderReader
{
public:
    explicit HeaderReader(QByteArrayView text)
        : m_text(text)
    { }

    [[nodiscard]] bool atEnd() const { return m_text.isEmpty(); }

    void skip(QByteArrayView characters)
    {
        while (!atEnd() && characters.contains(m_text.front()))
            m_text = m_text.sliced(1);
    }

    bool take(char wanted)
    {
        if (atEnd() || m_text.front() != wanted)
            return false;
        m_text = m_text.sliced(1);
        return true;
    }

    [[nodiscard]] QByteArray token()
    {
        qsizetype length = 0;
        while (length < m_text.size() && isTokenCharacter(m_text[length]))
            ++length;
        const QByteArray token = m_text.first(length).toByteArray();
        m_text = m_text.sliced(length);
        return token;
    }

    /// A token or a quoted string; nothing when neither stands here, or the quotes are not closed.
    [[nodiscard]] std::optional<QByteArray> value()
    {
        if (!take('"')) {
            const QByteArray word = token();
            return word.isEmpty() ? std::nullopt : std::optional(word);
        }
        QByteArray value;
        while (!atEnd()) {
            if (take('"'))
                return value;
            take('\\');
            if (atEnd())
                break;
            value.append(m_text.front());
            m_text = m_text.sliced(1);
        }
        return std::nullopt;
    }

private:
    QByteArrayView m_text;
};

} // namespace

QList<Challenge> parseChallenges(QByteArrayView header)
{
    QList<Challenge> challenges;
    HeaderReader reader(header);
    for (;;) {
        reader.skip(" \t,");
        const QByteArray name = reader.token().toLower();
        if (name.isEmpty())
            return challenges;
        reader.skip(" \t");
        if (!reader.take('=')) {
            challenges.append({name, {}});
            continue;
        }
        reader.take('='); // of the padding of a token that stands in place of parameters
        reader.skip(" \t");
        const auto value = reader.value();
        if (value && !challenges.isEmpty())
            challenges.last().parameters.insert(name, QString::fromUtf8(*value));
    }
}

} // namespace sandglass
