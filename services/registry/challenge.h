#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

namespace sandglass {

/// One way to log in that a server offers in WWW-Authenticate.
struct Challenge
{
    QByteArray scheme; ///< "bearer", "basic", in small letters
    QMap<QByteArray, QString> parameters; ///< "realm", "service", "scope"; names in small letters

    bool operator==(const Challenge &) const = default;
};

/// The challenges of a WWW-Authenticate header, of several joined by ", ". Values may be quoted and
/// have commas, spaces and escaped characters in them; what cannot be understood is left out. Pure.
[[nodiscard]] QList<Challenge> parseChallenges(QByteArrayView header);

} // namespace sandglass
