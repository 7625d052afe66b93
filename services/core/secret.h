#pragma once

#include <QByteArray>

namespace sandglass {

/// Bytes that must not be printed, logged or kept. Has no stream, debug or string operator; the
/// bytes are overwritten when the last holder goes.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes);
    Secret(const Secret &other);
    Secret(Secret &&other) noexcept;
    Secret &operator=(Secret other) noexcept;
    ~Secret();

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }

    /// The bytes themselves, for the one place that has to send them.
    [[nodiscard]] const QByteArray &reveal() const { return m_bytes; }

    /// Compares without revealing by its duration how much of the guess was right.
    [[nodiscard]] bool matches(const QByteArray &guess) const;

private:
    QByteArray m_bytes;
};

} // namespace sandglass
