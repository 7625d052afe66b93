#pragma once

#include "services/core/result.h"

#include <QList>
#include <QSslCertificate>
#include <QSslError>

namespace sandglass {

/// The certificates of a PEM file; `what` names it in errors ("the file of authorities"). Untrusted
/// when it cannot be read or has none.
[[nodiscard]] Result<QList<QSslCertificate>>
readCertificates(const QString &path, const QString &what);

/// Whose certificate is judged, and by whom.
struct CertificateCheck
{
    QString owner; ///< "the engine", "the registry"
    QString host; ///< whom it must name
    QString authoritiesFile; ///< whose words count; empty: those whom the system trusts
};

/// Why a certificate was not accepted, from all that TLS found wrong with it; the first cause in
/// the order of what makes the others pointless. Pure.
[[nodiscard]] QString
certificateProblem(const QList<QSslError> &errors, const CertificateCheck &check);

} // namespace sandglass
