#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "ui/cleanuppage.h"
#include "ui/dialogs/consoledialog.h"
#include "ui/enginespage.h"
#include "ui/registriespage.h"
#include "ui/sandboxespage.h"
#include "ui/schedulespage.h"
#include "ui/screenshots.h"
#include "ui/snapshotspage.h"

#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What screen readers call it. Of a combo box Qt gives them the value as its name; a label beside
/// it tells what it is for.
QString nameForScreenReaders(QWidget *widget)
{
    QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
    if (!accessible || !qobject_cast<QComboBox *>(widget))
        return accessible ? accessible->text(QAccessible::Name) : QString();
    const auto labels = accessible->relations(QAccessible::Label);
    return labels.isEmpty() ? QString() : labels.first().first->text(QAccessible::Name);
}

/// Every widget below that can have the focus has an accessible name.
void expectNames(const QWidget &parent)
{
    const QList<QWidget *> widgets = parent.findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        // The parts of combo and spin boxes take their name from the whole.
        const bool isPart = qobject_cast<QComboBox *>(widget->parent())
            || qobject_cast<QAbstractSpinBox *>(widget->parent())
            || widget->parent()->inherits("QComboBoxPrivateContainer");
        if (isPart || widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(&parent))
            continue;
        QVERIFY2(
            !nameForScreenReaders(widget).isEmpty(),
            qPrintable(
                widget->objectName() + u' '
                + QString::fromLatin1(widget->metaObject()->className())));
    }
}

} // namespace

/// What holds for every page and every dialog.
class EveryScreenTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void everythingThatTakesKeysHasANameForScreenReaders()
    {
        ConsoleRig rig;
        rig.fillWithCleanups();
        const auto window = rig.openWindow();
        expectNames(*window);
        window->sandboxesPage().select(u"sb-web"_s);
        expectNames(*window->sandboxesPage().askForNewSandbox());
        expectNames(*window->sandboxesPage().askForSnapshot());
        expectNames(*window->sandboxesPage().askForContainer());
        expectNames(*window->sandboxesPage().askToTerminate());
        window->sandboxesPage().select(u"sb-adopted"_s);
        expectNames(*window->sandboxesPage().askToLetGo());
        expectNames(*window->sandboxesPage().askToTerminate());
        for (const QString &snapshot : {u"snap-k3v9q2xw81mz0a4c"_s, u"snap-c71hh2m9s0w4e8zz"_s}) {
            window->snapshotsPage().select(snapshot);
            expectNames(*window->snapshotsPage().askToRestore());
            expectNames(*window->snapshotsPage().askForTtl());
            expectNames(*window->snapshotsPage().askToPin());
        }
        expectNames(*window->snapshotsPage().askToDelete());
        expectNames(*window->enginesPage().askForEngine());
        expectNames(*window->schedulesPage().askForSchedule());
        expectNames(*window->cleanupPage().askAboutOrphans());
        RegistriesPage &registries = window->registriesPage();
        registries.select(u"hub"_s);
        for (ConsoleDialog *dialog :
             {registries.askForRegistry(),
              registries.askForChange(),
              registries.askForCredential(),
              registries.askToRemoveCredential(),
              registries.askToImport(),
              registries.askToForget()})
            expectNames(*dialog);
        window->enginesPage().selectFirst();
        expectNames(*window->enginesPage().askForAddress());
    }

    void screenshotsShowEveryPageAndDialog()
    {
        ConsoleRig rig;
        rig.fillWithCleanups();
        const auto window = rig.openWindow();
        const QTemporaryDir folder;
        std::optional<Done> result;
        takeScreenshots(*window, folder.path() + u"/shots"_s, qApp, [&result](const Done &done) {
            result = done;
        });
        QVERIFY(waitFor([&result] { return result.has_value(); }, 60s));
        QVERIFY2(
            result->has_value(), result->has_value() ? "" : qPrintable(result->error().summary()));
        const QStringList pictures = QDir(folder.path() + u"/shots"_s).entryList({u"*.png"_s});
        const QStringList expected{
            u"sandboxesPage"_s,
            u"snapshotsPage"_s,
            u"operationsPage"_s,
            u"enginesPage"_s,
            u"newSandboxDialog"_s,
            u"adoptContainerDialog"_s,
            u"terminateSandboxDialog"_s,
            u"restoreDialog"_s,
            u"restoreExpiredDialog"_s,
            u"deleteSnapshotsDialog"_s,
            u"cleanupPage"_s,
            u"historyPage"_s,
            u"changeTtlDialog"_s,
            u"pinSnapshotsDialog"_s,
            u"runCleanupDialog"_s,
            u"rebuildDialog"_s,
            u"registriesPage"_s,
            u"addRegistryDialog"_s,
            u"changeRegistryDialog"_s,
            u"replaceCredentialDialog"_s,
            u"importLoginDialog"_s,
            u"forgetRegistryDialog"_s,
            u"addEngineDialog"_s,
            u"changeEngineDialog"_s};
        for (const QString &name : expected) {
            QVERIFY2(pictures.contains(name + u"-light.png"_s), qPrintable(name));
            QVERIFY2(pictures.contains(name + u"-dark.png"_s), qPrintable(name));
        }
        QVERIFY(!window->findChild<QDialog *>() || !window->findChild<QDialog *>()->isVisible());
        const QImage dark(folder.path() + u"/shots/sandboxesPage-dark.png"_s);
        const QImage light(folder.path() + u"/shots/sandboxesPage-light.png"_s);
        QVERIFY(dark.pixelColor(5, dark.height() / 2).lightness() < 100);
        QVERIFY(light.pixelColor(5, light.height() / 2).lightness() > 150);
    }
};

QTEST_MAIN(EveryScreenTest)
#include "tst_everyscreen.moc"
