#pragma once

#include "services/core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace sandglass {

/// What a registry says of a manifest without sending it.
struct ManifestDescriptor
{
    QString digest; ///< of the manifest as it is served
    qint64 size = 0;
    QString mediaType;

    bool operator==(const ManifestDescriptor &) const = default;
};

/// Something that a manifest refers to.
struct ContentDescriptor
{
    QString digest;
    qint64 size = 0;
    QString mediaType;
    QString platform = {}; ///< "linux/arm64/v8", of a child manifest; empty: it says none

    bool operator==(const ContentDescriptor &) const = default;
};

/// A manifest as a registry serves it: of one image (Docker v2 or OCI), or a list of those of
/// several platforms (Docker's list or an OCI index).
struct Manifest
{
    QByteArray bytes; ///< exactly as served; its digest is that of these
    QString digest;
    QString mediaType;
    std::optional<ContentDescriptor> config; ///< of one image; its digest is the image's id
    QList<ContentDescriptor> layers; ///< of one image, the lowest first
    QList<ContentDescriptor> children; ///< of a list

    [[nodiscard]] bool isList() const { return !config; }
};

/// The media types that are asked for, all at once: with fewer a registry may convert the manifest,
/// and its digest would be another (fact R3).
[[nodiscard]] QByteArray manifestMediaTypes();

/// Largest manifest that is read (fact R11).
inline constexpr qint64 largestManifest = 4 * 1024 * 1024;

/// Parses a manifest; `contentType` is the header it came with. Protocol when it is none of the
/// four kinds, when its own mediaType is another than the header's (fact R4), or when something
/// that it refers to has no digest. The digest is computed from the bytes. Pure.
[[nodiscard]] Result<Manifest> parseManifest(const QByteArray &bytes, const QString &contentType);

} // namespace sandglass
