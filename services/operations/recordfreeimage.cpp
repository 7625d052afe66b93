#include "services/operations/recordfreeimage.h"

#include "services/core/json.h"
#include "services/docker/tararchive.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

Result<QString>
makeRecordFreeImage(DockerClient &engine, const ImageDetails &image, const CancelToken &interrupt)
{
    const QByteArray config = toBytes({
        {u"architecture"_s, image.architecture},
        {u"os"_s, image.operatingSystem},
        {u"created"_s, image.created},
        {u"comment"_s, image.comment},
        {u"config"_s, image.config},
        {u"rootfs"_s,
         QJsonObject{{u"type"_s, u"layers"_s}, {u"diff_ids"_s, toJsonArray(image.layers)}}},
    });
    // An engine takes layers that it has already without their content (seen with 20.10).
    QJsonArray layers;
    for (qsizetype i = 0; i < image.layers.size(); ++i)
        layers.append(QString::number(i));
    const QByteArray manifest =
        QJsonDocument(
            QJsonArray{QJsonObject{{u"Config"_s, u"config.json"_s}, {u"Layers"_s, layers}}})
            .toJson(QJsonDocument::Compact);
    SANDGLASS_CHECK(engine.loadImage(
        tarArchiveOf({{"manifest.json", manifest}, {"config.json", config}}), interrupt));
    const QString id = u"sha256:"_s
        + QString::fromLatin1(QCryptographicHash::hash(config, QCryptographicHash::Sha256).toHex());
    SANDGLASS_CHECK(engine.inspectImage(id, interrupt));
    return id;
}

} // namespace sandglass
