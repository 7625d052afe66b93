#include "services/docker/tararchive.h"

#include <algorithm>
#include <numeric>

namespace sandglass {

namespace {

constexpr qsizetype blockSize = 512;
// Where the fields of a header stand; POSIX.1-1988, "ustar".
constexpr qsizetype modeOffset = 100;
constexpr qsizetype sizeOffset = 124;
constexpr qsizetype sizeLength = 12;
constexpr qsizetype timeOffset = 136;
constexpr qsizetype checksumOffset = 148;
constexpr qsizetype checksumLength = 8;
constexpr qsizetype typeOffset = 156;
constexpr qsizetype magicOffset = 257;

qsizetype padded(qsizetype size)
{
    return (size + blockSize - 1) / blockSize * blockSize;
}

void put(QByteArray &header, qsizetype offset, const QByteArray &text)
{
    header.replace(offset, text.size(), text);
}

QByteArray headerOf(const QByteArray &name, qsizetype size)
{
    QByteArray header(blockSize, '\0');
    put(header, 0, name);
    put(header, modeOffset, "0000644");
    put(header, sizeOffset, QByteArray::number(size, 8).rightJustified(sizeLength - 1, '0'));
    put(header, timeOffset, "00000000000");
    put(header, checksumOffset, QByteArray(checksumLength, ' '));
    put(header, typeOffset, "0");
    put(header, magicOffset, QByteArray("ustar\00000", 8));
    const int sum = std::accumulate(header.begin(), header.end(), 0, [](int so, char each) {
        return so + static_cast<unsigned char>(each);
    });
    put(header, checksumOffset, QByteArray::number(sum, 8).rightJustified(6, '0') + '\0');
    return header;
}

} // namespace

std::optional<QByteArray> firstFileOf(QByteArrayView archive, qsizetype most)
{
    while (archive.size() >= blockSize) {
        const QByteArrayView field = archive.sliced(sizeOffset, sizeLength);
        bool isNumber = false;
        const qint64 size = QByteArray(field.data(), qstrnlen(field.data(), sizeLength))
                                .trimmed()
                                .toLongLong(&isNumber, 8);
        if (!isNumber || size < 0)
            return std::nullopt;
        const char type = archive[typeOffset];
        archive = archive.sliced(blockSize);
        if (type == '0' || type == '\0')
            return archive.first(std::min({qsizetype(size), most, archive.size()})).toByteArray();
        // What describes the next entry: records of POSIX.1-2001, and GNU's long names.
        if (type != 'x' && type != 'g' && type != 'L' && type != 'K')
            return std::nullopt;
        archive = archive.sliced(std::min(padded(size), archive.size()));
    }
    return std::nullopt;
}

QByteArray tarArchiveOf(const QList<std::pair<QByteArray, QByteArray>> &files)
{
    QByteArray archive;
    for (const auto &[name, content] : files) {
        archive += headerOf(name, content.size());
        archive += content;
        archive += QByteArray(padded(content.size()) - content.size(), '\0');
    }
    return archive + QByteArray(2 * blockSize, '\0');
}

} // namespace sandglass
