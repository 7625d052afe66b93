#pragma once

#include "services/core/result.h"

#include <QCryptographicHash>
#include <QString>

namespace sandglass {

/// "sha256:" and 64, or "sha512:" and 128 hexadecimal digits in small letters.
[[nodiscard]] bool isDigest(const QString &text);

/// Computes a digest of bytes as they come, with the algorithm of the digest that is expected.
class DigestCheck
{
public:
    /// `expected` is a digest.
    explicit DigestCheck(const QString &expected);

    void add(QByteArrayView bytes) { m_hash.addData(bytes); }

    /// Protocol error when what was added has another digest than expected; `what` was read.
    [[nodiscard]] Done finish(const QString &what) const;

private:
    QString m_expected;
    QCryptographicHash m_hash;
};

/// "sha256:…" of bytes.
[[nodiscard]] QString digestOf(QByteArrayView bytes);

} // namespace sandglass
