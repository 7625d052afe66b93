#include "services/api/apitoken.h"

#include <QFile>
#include <QRandomGenerator>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype shortestToken = 32;
constexpr qsizetype longestTokenFile = 4096;

tl::unexpected<Error> tokenFileFailure(ErrorKind kind, const QString &what, const QString &file)
{
    return failure(Error{kind, what, file, {}, 0});
}

tl::unexpected<Error> systemFailure(const QString &doing, const QString &file)
{
    const QString reason = QString::fromLocal8Bit(std::strerror(errno));
    return tokenFileFailure(
        errno == EACCES || errno == EPERM ? ErrorKind::PermissionDenied
                                          : ErrorKind::InvalidArgument,
        u"%1 the API token file: %2"_s.arg(doing, reason),
        file);
}

/// Nothing when there is no such file.
Result<std::optional<Secret>> readToken(const QString &file)
{
    const int descriptor =
        ::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && errno == ENOENT)
        return std::optional<Secret>();
    if (descriptor < 0)
        return systemFailure(u"open"_s, file);
    QFile opened;
    opened.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle);

    struct stat facts
    { };
    if (::fstat(descriptor, &facts) != 0)
        return systemFailure(u"look at"_s, file);
    if (!S_ISREG(facts.st_mode))
        return tokenFileFailure(
            ErrorKind::InvalidArgument, u"the API token file is not a file"_s, file);
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
        return tokenFileFailure(
            ErrorKind::PermissionDenied, u"the API token file belongs to another user"_s, file);
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return tokenFileFailure(
            ErrorKind::PermissionDenied,
            u"other users may open the API token file; allow only its owner (chmod 600)"_s,
            file);
    }
    Secret token(opened.read(longestTokenFile).trimmed());
    const QByteArray &text = token.reveal();
    const bool isVisible =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (text.size() < shortestToken || !isVisible) {
        return tokenFileFailure(
            ErrorKind::InvalidArgument,
            u"the API token file must hold one token of at least %1 visible ASCII characters; delete it to get a new one"_s
                .arg(shortestToken),
            file);
    }
    return std::optional(std::move(token));
}

Secret randomToken()
{
    std::array<quint32, 8> random{};
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    return Secret(QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random)
                      .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

/// Writes a whole file beside it first, and then gives it its name, unless another program was
/// faster.
Done createToken(const QString &file)
{
    QByteArray draft = QFile::encodeName(file) + ".XXXXXX";
    const int descriptor = ::mkostemp(draft.data(), O_CLOEXEC); // mode 0600, O_EXCL
    if (descriptor < 0)
        return systemFailure(u"create"_s, file);
    const Secret token = randomToken();
    const QByteArray &text = token.reveal();
    const bool written = ::write(descriptor, text.constData(), size_t(text.size())) == text.size()
        && ::fsync(descriptor) == 0;
    // link() and not rename(): it does not replace a token that somebody may be using already.
    const bool named = written
        && (::link(draft.constData(), QFile::encodeName(file).constData()) == 0 || errno == EEXIST);
    const int reason = errno;
    ::close(descriptor);
    ::unlink(draft.constData());
    errno = reason;
    if (!named)
        return systemFailure(u"write"_s, file);
    return {};
}

} // namespace

Result<Secret> loadOrCreateApiToken(const QString &file)
{
    SANDGLASS_TRY(const std::optional<Secret> existing, readToken(file));
    if (existing)
        return *existing;
    SANDGLASS_CHECK(createToken(file));
    SANDGLASS_TRY(const std::optional<Secret> created, readToken(file));
    if (!created)
        return tokenFileFailure(
            ErrorKind::InvalidArgument, u"the API token file does not stay there"_s, file);
    return *created;
}

} // namespace sandglass
