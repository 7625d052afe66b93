#include "ui/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <array>

void initialiseIconResources()
{
    Q_INIT_RESOURCE(sandglass_icons);
}

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array iconFiles{
    std::pair{IconName::Sandbox, "sandbox"_L1},
    std::pair{IconName::Snapshot, "snapshot"_L1},
    std::pair{IconName::Operation, "operation"_L1},
    std::pair{IconName::Engine, "engine"_L1},
    std::pair{IconName::Registry, "registry"_L1},
    std::pair{IconName::Cleanup, "cleanup"_L1},
    std::pair{IconName::History, "history"_L1},
    std::pair{IconName::Schedule, "schedule"_L1},
    std::pair{IconName::Pin, "pin"_L1},
    std::pair{IconName::Good, "good"_L1},
    std::pair{IconName::Working, "working"_L1},
    std::pair{IconName::Waiting, "waiting"_L1},
    std::pair{IconName::Paused, "paused"_L1},
    std::pair{IconName::Stopped, "stopped"_L1},
    std::pair{IconName::Expired, "expired"_L1},
    std::pair{IconName::Warning, "warning"_L1},
    std::pair{IconName::Failed, "failed"_L1},
    std::pair{IconName::Unknown, "unknown"_L1},
    std::pair{IconName::Info, "info"_L1},
    std::pair{IconName::Add, "add"_L1},
    std::pair{IconName::Adopt, "adopt"_L1},
    std::pair{IconName::LetGo, "letgo"_L1},
    std::pair{IconName::Restore, "restore"_L1},
    std::pair{IconName::Delete, "delete"_L1},
    std::pair{IconName::Terminate, "terminate"_L1},
    std::pair{IconName::Copy, "copy"_L1},
    std::pair{IconName::Credential, "credential"_L1},
    std::pair{IconName::Push, "push"_L1},
    std::pair{IconName::Pull, "pull"_L1},
    std::pair{IconName::Cancel, "cancel"_L1},
    std::pair{IconName::Find, "find"_L1},
    std::pair{IconName::Refresh, "refresh"_L1},
    std::pair{IconName::Test, "test"_L1},
};

QString iconPath(QLatin1StringView file)
{
    return u":/icons/"_s + file + u".svg"_s;
}

/// Draws a black drawing in the colour that the palette and the icon's mode call for at the moment
/// of painting.
class SymbolicIconEngine final : public QIconEngine
{
public:
    SymbolicIconEngine(QString path, Tone tone)
        : m_path(std::move(path))
        , m_tone(tone)
    { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal ratio = painter->device()->devicePixelRatio();
        QPixmap pixmap = drawn(rect.size() * ratio, color(mode));
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), pixmap);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return drawn(size, color(mode));
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        return drawn(size, color(mode));
    }

    QIconEngine *clone() const override { return new SymbolicIconEngine(*this); }

private:
    [[nodiscard]] QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::Text);
        return toneColor(m_tone, palette);
    }

    [[nodiscard]] QPixmap drawn(const QSize &size, const QColor &color) const
    {
        const QString key =
            u"%1/%2/%3x%4"_s.arg(m_path, color.name()).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QFile file(m_path);
        if (file.open(QIODevice::ReadOnly)) {
            const QByteArray drawing = file.readAll().replace("#000", color.name().toLatin1());
            QPainter painter(&pixmap);
            QSvgRenderer(drawing).render(&painter);
        }
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QString m_path;
    Tone m_tone;
};

IconName nameOf(StateMark mark)
{
    switch (mark) {
    case StateMark::Good:
        return IconName::Good;
    case StateMark::Working:
        return IconName::Working;
    case StateMark::Waiting:
        return IconName::Waiting;
    case StateMark::Paused:
        return IconName::Paused;
    case StateMark::Stopped:
        return IconName::Stopped;
    case StateMark::Expired:
        return IconName::Expired;
    case StateMark::Warning:
        return IconName::Warning;
    case StateMark::Failed:
        return IconName::Failed;
    case StateMark::Note:
        return IconName::Info;
    case StateMark::Trashed:
        return IconName::Delete;
    case StateMark::Unknown:
        break;
    }
    return IconName::Unknown;
}

} // namespace

QIcon icon(IconName name, Tone tone)
{
    const auto it = std::find_if(iconFiles.begin(), iconFiles.end(), [name](const auto &entry) {
        return entry.first == name;
    });
    return QIcon(new SymbolicIconEngine(iconPath(it->second), tone));
}

QIcon icon(StateMark mark)
{
    return icon(nameOf(mark), toneOf(mark));
}

Tone toneOf(StateMark mark)
{
    switch (mark) {
    case StateMark::Good:
        return Tone::Positive;
    case StateMark::Working:
        return Tone::Active;
    case StateMark::Waiting:
    case StateMark::Expired:
    case StateMark::Warning:
        return Tone::Caution;
    case StateMark::Failed:
        return Tone::Negative;
    case StateMark::Paused:
        return Tone::Neutral;
    case StateMark::Stopped:
    case StateMark::Unknown:
    case StateMark::Note:
    case StateMark::Trashed:
        break;
    }
    return Tone::Muted;
}

QIcon programIcon()
{
    return QIcon(iconPath("sandglass"_L1));
}

} // namespace sandglass
