#pragma once

#include <QString>

namespace sandglass {

/// Who asks, for the journal and the audit.
struct Caller
{
    QString user; ///< login name, or the name of the token
    QString program; ///< "sandglass", "sandglassd"
    QString address; ///< where the request came from; empty when local

    bool operator==(const Caller &) const = default;

    /// "ann (sandglassd) from 192.0.2.7".
    [[nodiscard]] QString text() const;

    /// The inverse; what text() did not make is all user.
    [[nodiscard]] static Caller parse(const QString &text);
};

/// What Sandglass does by itself; `part` says which part of it.
[[nodiscard]] Caller itself(const QString &part);

} // namespace sandglass
