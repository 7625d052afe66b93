#include "services/core/secret.h"

#include <string.h>

#include <utility>

namespace sandglass {

Secret::Secret(QByteArray bytes)
    : m_bytes(std::move(bytes))
{ }

Secret::Secret(const Secret &other)
    : m_bytes(
        other.m_bytes.constData(), other.m_bytes.size()) // deep: each holder wipes its own copy
{ }

Secret::Secret(Secret &&other) noexcept
    : m_bytes(std::exchange(other.m_bytes, {}))
{ }

Secret &Secret::operator=(Secret other) noexcept
{
    m_bytes.swap(other.m_bytes);
    return *this;
}

Secret::~Secret()
{
    if (!m_bytes.isEmpty())
        explicit_bzero(m_bytes.data(), size_t(m_bytes.size()));
}

bool Secret::matches(const QByteArray &guess) const
{
    unsigned difference = guess.size() == m_bytes.size() && !m_bytes.isEmpty() ? 0 : 1;
    for (qsizetype i = 0; i < guess.size(); ++i) {
        const char own = m_bytes.isEmpty() ? '\0' : m_bytes.at(i % m_bytes.size());
        difference |= unsigned(guess.at(i) ^ own);
    }
    return difference == 0;
}

} // namespace sandglass
