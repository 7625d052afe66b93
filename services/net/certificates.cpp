#include "services/net/certificates.h"

#include <QFile>

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

QString namesOf(const QSslCertificate &certificate)
{
    const QStringList names = certificate.subjectAlternativeNames().values();
    return names.isEmpty() ? certificate.subjectInfo(QSslCertificate::CommonName).join(u", "_s)
                           : names.join(u", "_s);
}

} // namespace

Result<QList<QSslCertificate>> readCertificates(const QString &path, const QString &what)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(
            ErrorKind::Untrusted,
            u"%1 cannot be read: %2: %3"_s.arg(what, path, file.errorString()));
    }
    const QList<QSslCertificate> certificates = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (certificates.isEmpty()) {
        return failure(ErrorKind::Untrusted, u"%1 has no certificate in it: %2"_s.arg(what, path));
    }
    return certificates;
}

QString certificateProblem(const QList<QSslError> &errors, const CertificateCheck &check)
{
    const auto first = [&errors](std::initializer_list<QSslError::SslError> causes) {
        return std::find_if(errors.begin(), errors.end(), [&causes](const QSslError &error) {
            return std::find(causes.begin(), causes.end(), error.error()) != causes.end();
        });
    };
    if (first(
            {QSslError::UnableToGetIssuerCertificate,
             QSslError::UnableToGetLocalIssuerCertificate,
             QSslError::UnableToVerifyFirstCertificate,
             QSslError::SelfSignedCertificate,
             QSslError::SelfSignedCertificateInChain,
             QSslError::CertificateUntrusted,
             QSslError::CertificateSignatureFailed})
        != errors.end()) {
        return u"nobody in %1 vouches for %2's certificate"_s.arg(
            check.authoritiesFile.isEmpty() ? u"this system's list of authorities"_s
                                            : check.authoritiesFile,
            check.owner);
    }
    if (const auto it = first({QSslError::CertificateExpired}); it != errors.end()) {
        return u"%1's certificate expired on %2"_s.arg(
            check.owner, it->certificate().expiryDate().toString(Qt::ISODate));
    }
    if (const auto it = first({QSslError::CertificateNotYetValid}); it != errors.end()) {
        return u"%1's certificate is not valid before %2"_s.arg(
            check.owner, it->certificate().effectiveDate().toString(Qt::ISODate));
    }
    if (const auto it = first({QSslError::HostNameMismatch}); it != errors.end()) {
        return u"%1's certificate is not for \"%2\" but for %3"_s.arg(
            check.owner, check.host, namesOf(it->certificate()));
    }
    return errors.isEmpty() ? check.owner + u"'s certificate is missing"_s
                            : errors.first().errorString();
}

} // namespace sandglass
