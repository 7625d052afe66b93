#pragma once

#include "services/docker/dockertypes.h"

namespace sandglass {

// Parsers are functions over bytes. Fields that an engine may leave out (fact I6) are optional; a
// body that is not what the endpoint promises gives Protocol.

[[nodiscard]] Result<EngineVersion> parseVersion(const QByteArray &body);
[[nodiscard]] Result<EngineInfo> parseInfo(const QByteArray &body);
[[nodiscard]] Result<DiskUsage> parseDiskUsage(const QByteArray &body);
[[nodiscard]] Result<QList<ContainerSummary>> parseContainers(const QByteArray &body);
[[nodiscard]] Result<ContainerDetails> parseContainer(const QByteArray &body);
[[nodiscard]] Result<QList<FilesystemChange>> parseChanges(const QByteArray &body);
[[nodiscard]] Result<ImageDetails> parseImage(const QByteArray &body);
[[nodiscard]] Result<QList<ImageSummary>> parseImages(const QByteArray &body);
[[nodiscard]] Result<ImageRemoval> parseImageRemoval(const QByteArray &body);
[[nodiscard]] Result<EngineEvent> parseEvent(const QByteArray &line);
[[nodiscard]] Result<QString>
parseId(const QByteArray &body); ///< the "Id" of create and exec answers
/// The "Id" of a commit's answer, "sha256:…" also where the engine leaves the algorithm out.
[[nodiscard]] Result<QString> parseImageId(const QByteArray &body);

/// The engine's own words: "message", or podman's "cause"; the text itself when it is not JSON; at
/// most 4 KiB.
[[nodiscard]] QString parseErrorMessage(const QByteArray &body);

/// The two streams of an attached exec without a terminal: frames of 8 bytes header (stream, 0, 0,
/// 0, length) and content.
[[nodiscard]] Result<ExecResult> parseExecOutput(const QByteArray &body);

} // namespace sandglass
