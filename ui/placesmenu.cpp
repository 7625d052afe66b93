#include "ui/placesmenu.h"

#include "ui/registryavailability.h"

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

/// An entry that only says why there is none.
void addExcuse(QMenu *menu, const QString &text)
{
    if (menu->isEmpty())
        menu->addAction(text)->setEnabled(false);
}

QSet<EngineName> liveOf(const QList<Engine> &engines)
{
    QSet<EngineName> live;
    for (const Engine &engine : engines) {
        if (engine.state == EngineState::Connected)
            live.insert(engine.name);
    }
    return live;
}

} // namespace

PlacesMenu::PlacesMenu(QWidget *parent)
    : QMenu(parent)
    , m_push(addMenu(sandglass::icon(IconName::Push), tr("&Push to")))
    , m_pull(addMenu(sandglass::icon(IconName::Pull), tr("P&ull to")))
    , m_retry(addMenu(sandglass::icon(IconName::Refresh), tr("&Try Again at")))
    , m_check(addAction(sandglass::icon(IconName::Test), tr("&Check Now")))
{
    m_push->setObjectName(u"pushMenu"_s);
    m_pull->setObjectName(u"pullMenu"_s);
    m_retry->setObjectName(u"retryMenu"_s);
    m_check->setObjectName(u"checkPlacesAction"_s);
    setToolTipsVisible(true);
    for (QMenu *menu : {m_push, m_pull, m_retry})
        menu->setToolTipsVisible(true);
    connect(m_check, &QAction::triggered, this, &PlacesMenu::checkWanted);
    fill();
}

void PlacesMenu::setSnapshot(
    const Snapshot &snapshot, const QList<Engine> &engines, const QList<Registry> &registries)
{
    if (snapshot == m_snapshot && engines == m_engines && registries == m_registries)
        return;
    m_snapshot = snapshot;
    m_engines = engines;
    m_registries = registries;
    fill();
}

QAction *PlacesMenu::addPlace(QMenu *menu, const QString &place, const Availability &availability)
{
    QAction *action = menu->addAction(place);
    action->setObjectName(menu->objectName() + u'/' + place);
    action->setEnabled(availability.isAvailable());
    action->setToolTip(availability.isAvailable() ? place : availability.whyNot);
    return action;
}

void PlacesMenu::fill()
{
    m_push->clear();
    for (const Registry &registry : std::as_const(m_registries)) {
        QAction *action =
            addPlace(m_push, registry.name.text(), forPush(m_snapshot, registry.name));
        connect(action, &QAction::triggered, this, [this, name = registry.name] {
            Q_EMIT
            pushWanted(name);
        });
    }
    addExcuse(m_push, tr("There is no registry; add one on the page “Registries”."));

    const QSet<EngineName> live = liveOf(m_engines);
    m_pull->clear();
    for (const Engine &engine : std::as_const(m_engines)) {
        QAction *action =
            addPlace(m_pull, engine.name.text(), forPull(m_snapshot, engine.name, live));
        connect(action, &QAction::triggered, this, [this, name = engine.name] {
            Q_EMIT
            pullWanted(name);
        });
    }
    addExcuse(m_pull, tr("There is no engine."));
    fillRetry();

    const Availability check = forCheck(m_snapshot);
    m_check->setEnabled(check.isAvailable());
    m_check->setToolTip(
        check.isAvailable() ? tr("Ask the registries whether they have it") : check.whyNot);
}

void PlacesMenu::fillRetry()
{
    m_retry->clear();
    const QSet<EngineName> live = liveOf(m_engines);
    const QList<Location> failed = retryableOf(m_snapshot);
    for (const Location &location : failed) {
        const QString &place = location.place;
        if (location.kind == LocationKind::Engine) {
            const auto name = EngineName::trusted(place);
            QAction *action = addPlace(m_retry, place, forPull(m_snapshot, name, live));
            connect(action, &QAction::triggered, this, [this, name] {
                Q_EMIT
                pullWanted(name);
            });
        } else {
            const auto name = RegistryName::trusted(place);
            QAction *action = addPlace(m_retry, place, forPush(m_snapshot, name));
            connect(action, &QAction::triggered, this, [this, name] {
                Q_EMIT
                pushWanted(name);
            });
        }
    }
    addExcuse(m_retry, tr("Nothing failed."));
}

} // namespace sandglass
