#include "services/domain/audit.h"

#include <QCryptographicHash>

namespace sandglass {

QString auditHash(const AuditRecord &record)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const AuditEntry &entry = record.entry;
    for (const QString &field :
         {record.previousHash,
          QString::number(toMilliseconds(record.at)),
          entry.who.user,
          entry.who.program,
          entry.who.address,
          entry.action,
          entry.object,
          entry.result,
          entry.reason}) {
        const QByteArray bytes = field.toUtf8();
        hash.addData(QByteArray::number(bytes.size()) + ':' + bytes + ',');
    }
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace sandglass
