#pragma once

#include "services/core/result.h"

#include <QHostAddress>

namespace sandglass {

/// Where to listen.
struct ListenEndpoint
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 8900; ///< 0: a free one

    bool operator==(const ListenEndpoint &) const = default;

    /// Accepts "127.0.0.1:8900", "[::1]:8900" and "localhost:8900". InvalidArgument for everything
    /// else; names are not looked up, because what they mean can change. Pure.
    [[nodiscard]] static Result<ListenEndpoint> parse(const QString &text);
};

enum class ListenScheme { Http, Https };

/// How to listen at an address: with the certificate when there is one, else in the clear on
/// loopback; elsewhere in the clear only for an operator who said that this is insecure, because
/// the token would be readable on the wire. InvalidArgument with what to do otherwise. Pure.
[[nodiscard]] Result<ListenScheme>
decideListenScheme(const QHostAddress &address, bool hasCertificate, bool allowsInsecure);

} // namespace sandglass
