#include "services/registry/contentdigest.h"

#include <QRegularExpression>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

bool isDigest(const QString &text)
{
    static const QRegularExpression pattern(u"\\A(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\\z"_s);
    return pattern.match(text).hasMatch();
}

DigestCheck::DigestCheck(const QString &expected)
    : m_expected(expected)
    , m_hash(
          expected.startsWith("sha512:"_L1) ? QCryptographicHash::Sha512
                                            : QCryptographicHash::Sha256)
{ }

Done DigestCheck::finish(const QString &what) const
{
    const QString algorithm = m_expected.section(u':', 0, 0);
    const QString found = algorithm + u':' + QString::fromLatin1(m_hash.result().toHex());
    if (found != m_expected) {
        return failure(
            ErrorKind::Protocol,
            u"%1 is not what it is called: its bytes have the digest %2, not %3"_s.arg(
                what, found, m_expected));
    }
    return {};
}

QString digestOf(QByteArrayView bytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(bytes);
    return u"sha256:"_s + QString::fromLatin1(hash.result().toHex());
}

} // namespace sandglass
