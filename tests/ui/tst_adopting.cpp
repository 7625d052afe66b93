#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "services/storage/session.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/availability.h"
#include "ui/dialogs/adoptcontainerdialog.h"
#include "ui/dialogs/letgodialog.h"
#include "ui/dialogs/terminatesandboxdialog.h"
#include "ui/sandboxespage.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

EngineName local()
{
    return EngineName::trusted(u"local"_s);
}

EngineContainer container(const QString &name, ContainerMaker maker = ContainerMaker::Other)
{
    EngineContainer container;
    container.id = u"id-of-"_s + name;
    container.name = name;
    container.image = u"busybox:latest"_s;
    container.state = u"running"_s;
    container.maker = maker;
    container.createdAt = sample::now;
    return container;
}

Sandbox adopted(const QString &name)
{
    Sandbox sandbox = sample::sandbox(name);
    sandbox.origin = SandboxOrigin::Adopted;
    return sandbox;
}

std::unique_ptr<AdoptContainerDialog> adoptDialog()
{
    return shown(std::make_unique<AdoptContainerDialog>(
        QList<Engine>{sample::engine(u"local"_s), sample::engine(u"lab"_s)},
        QStringList{u"default"_s, u"team"_s}));
}

} // namespace

/// Containers that others made: taking them in, letting them go, and ending them.
class AdoptingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void onlyWhatOthersMadeAndNobodyAdoptedIsOffered()
    {
        auto dialog = adoptDialog();
        QSignalSpy asked(dialog.get(), &AdoptContainerDialog::containersWanted);
        dialog->start();
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.at(0).at(0).value<EngineName>(), local());
        QVERIFY(!dialog->isSettled());
        QVERIFY(!verb(*dialog).isEnabled());

        EngineContainer known = container(u"known"_s);
        known.sandbox = SandboxId::trusted(u"sb-known"_s);
        EngineContainer going = container(u"going"_s);
        going.state = u"removing"_s;
        EngineContainer stopped = container(u"postgres-of-bob"_s);
        stopped.state = u"exited"_s;
        dialog->showContainers(
            local(),
            QList<EngineContainer>{
                container(u"indexify-sandbox-7f3a"_s, ContainerMaker::Indexify),
                stopped,
                container(u"sandglass-sb-web"_s, ContainerMaker::Sandglass),
                known,
                going});
        QVERIFY(dialog->isSettled());
        const auto &list = child<QTreeWidget>(*dialog, u"containerList"_s);
        QCOMPARE(list.topLevelItemCount(), 2);
        QCOMPARE(list.topLevelItem(0)->text(0), u"indexify-sandbox-7f3a"_s);
        QCOMPARE(list.topLevelItem(0)->text(1), u"Indexify sandbox"_s);
        QCOMPARE(list.topLevelItem(1)->text(1), u"somebody else"_s);
        QCOMPARE(
            child<QLabel>(*dialog, u"containerHint"_s).text(),
            u"2 containers there can be adopted. 3 more are sandboxes already, or are going."_s);
        QVERIFY(verb(*dialog).isEnabled());
        QVERIFY(takePictures(*dialog, u"dialog-adopt-container"_s));
    }

    void theChosenContainerIsAskedForByItsId()
    {
        auto dialog = adoptDialog();
        dialog->start();
        dialog->showContainers(
            local(), QList<EngineContainer>{container(u"one"_s), container(u"two"_s)});
        auto &list = child<QTreeWidget>(*dialog, u"containerList"_s);
        QTest::keyClick(&list, Qt::Key_Down);
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"nameEdit"_s), u" bob's db "_s);
        child<QComboBox>(*dialog, u"namespaceCombo"_s).setEditText(u"team"_s);
        child<QLineEdit>(*dialog, u"secretsEdit"_s).setText(u"API_TOKEN, DB_PASSWORD"_s);
        QTest::keyClick(&list, Qt::Key_Return);
        QCOMPARE(dialog->result(), int(QDialog::Accepted));
        const AdoptRequest request = dialog->request();
        QCOMPARE(request.engine, local());
        QCOMPARE(request.container, u"id-of-two"_s);
        QCOMPARE(request.displayName, u"bob's db"_s);
        QCOMPARE(request.namespaceName.text(), u"team"_s);
        QCOMPARE(request.secretNames, (QStringList{u"API_TOKEN"_s, u"DB_PASSWORD"_s}));
    }

    void aListOfAnotherEngineIsNotShown()
    {
        auto dialog = adoptDialog();
        dialog->start();
        child<QComboBox>(*dialog, u"engineCombo"_s).setCurrentText(u"lab"_s);
        dialog->showContainers(local(), QList<EngineContainer>{container(u"one"_s)});
        QVERIFY(!dialog->isSettled());
        QCOMPARE(child<QTreeWidget>(*dialog, u"containerList"_s).topLevelItemCount(), 0);
        dialog->showContainers(
            EngineName::trusted(u"lab"_s), failure(ErrorKind::TimedOut, u"list containers"_s));
        QVERIFY(dialog->isSettled());
        QVERIFY(child<QLabel>(*dialog, u"containerHint"_s).text().contains(u"No answer in time"_s));
        QCOMPARE(dialog->hindrance(), u"Choose a container."_s);
    }

    void whatTheServiceWouldRefuseIsRefusedAtOnce_data()
    {
        QTest::addColumn<QString>("namespaceName");
        QTest::addColumn<QString>("secrets");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("good") << u"default"_s << u""_s << true;
        QTest::newRow("no namespace") << u""_s << u""_s << false;
        QTest::newRow("slash in the namespace") << u"a/b"_s << u""_s << false;
        QTest::newRow("two secrets") << u"default"_s << u"A B"_s << true;
        QTest::newRow("no name of a variable") << u"default"_s << u"A-B"_s << false;
        QTest::newRow("with its value") << u"default"_s << u"A=1"_s << false;
    }
    void whatTheServiceWouldRefuseIsRefusedAtOnce()
    {
        QFETCH(QString, namespaceName);
        QFETCH(QString, secrets);
        AdoptContainerDialog dialog({sample::engine(u"local"_s)}, {u"default"_s});
        dialog.start();
        dialog.showContainers(local(), QList<EngineContainer>{container(u"one"_s)});
        child<QComboBox>(dialog, u"namespaceCombo"_s).setEditText(namespaceName);
        child<QLineEdit>(dialog, u"secretsEdit"_s).setText(secrets);
        QTEST(dialog.hindrance().isEmpty(), "accepted");
    }

    void onlyAdoptedSandboxesAreLetGo_data()
    {
        QTest::addColumn<SandboxOrigin>("origin");
        QTest::addColumn<SandboxStatus>("status");
        QTest::addColumn<bool>("allowed");
        using enum SandboxStatus;
        QTest::newRow("adopted") << SandboxOrigin::Adopted << Running << true;
        QTest::newRow("adopted, gone") << SandboxOrigin::Adopted << Missing << true;
        QTest::newRow("adopted, going") << SandboxOrigin::Adopted << Terminating << false;
        QTest::newRow("ours") << SandboxOrigin::Created << Running << false;
    }
    void onlyAdoptedSandboxesAreLetGo()
    {
        QFETCH(SandboxOrigin, origin);
        QFETCH(SandboxStatus, status);
        Sandbox sandbox = sample::sandbox(u"web"_s);
        sandbox.origin = origin;
        sandbox.status = status;
        QTEST(forLetGo({sandbox}).isAvailable(), "allowed");
        QVERIFY(!forLetGo({}).isAvailable());
    }

    void lettingGoSaysThatTheContainerStays()
    {
        auto dialog = shown(std::make_unique<LetGoDialog>(adopted(u"web"_s), 2));
        const QString facts = child<FactList>(*dialog, u"consequenceList"_s).text();
        QVERIFY(facts.contains(u"stays as it is"_s));
        QVERIFY(facts.contains(u"Its 2 snapshots stay"_s));
        QVERIFY(takePictures(*dialog, u"dialog-let-go"_s));
    }

    void terminatingAnAdoptedOneAsksWhichEndIsMeant()
    {
        auto dialog = shown(std::make_unique<TerminateSandboxDialog>(adopted(u"web"_s), 1, true));
        const auto &facts = child<FactList>(*dialog, u"consequenceList"_s);
        QCOMPARE(dialog->request(), SandboxEnd::LetGo);
        QVERIFY(facts.text().contains(u"stays as it is"_s));
        QVERIFY(takePictures(*dialog, u"dialog-terminate-adopted"_s));
        child<QRadioButton>(*dialog, u"removeRadio"_s).setChecked(true);
        QCOMPARE(dialog->request(), SandboxEnd::RemoveAdopted);
        QVERIFY(facts.text().contains(u"anonymous volume at /var/cache is removed"_s));
        QVERIFY(verb(*dialog).text().contains(u"container"_s));
        QVERIFY(takePictures(*dialog, u"dialog-terminate-adopted-remove"_s));

        const TerminateSandboxDialog ours(sample::sandbox(u"web"_s), 1, true);
        QCOMPARE(ours.request(), SandboxEnd::Terminate);
        QVERIFY(!ours.findChild<QRadioButton *>());
    }

    void anAdoptedSandboxEndsAsWasChosen_data()
    {
        QTest::addColumn<QString>("radio");
        QTest::addColumn<SandboxStatus>("status");
        QTest::newRow("let go") << u"letGoRadio"_s << SandboxStatus::Released;
        QTest::newRow("remove") << u"removeRadio"_s << SandboxStatus::Terminating;
    }
    void anAdoptedSandboxEndsAsWasChosen()
    {
        QFETCH(QString, radio);
        ConsoleRig rig;
        const SandboxId id = fill(rig);
        const auto window = rig.openWindow();
        window->sandboxesPage().select(id.text());
        auto *dialog =
            qobject_cast<TerminateSandboxDialog *>(window->sandboxesPage().askToTerminate());
        QVERIFY(dialog);
        child<QRadioButton>(*dialog, radio).setChecked(true);
        verb(*dialog).click();
        QVERIFY(waitFor([&rig, &id, before = SandboxStatus::Running] {
            return rig.useCases().sandboxes.find(id).value().status != before;
        }));
        QTEST(rig.useCases().sandboxes.find(id).value().status, "status");
        QVERIFY(!window->sandboxesPage().messages().isVisible());
    }

    void lettingGoTakesTheRowFromTheList()
    {
        ConsoleRig rig;
        const SandboxId id = fill(rig);
        const auto window = rig.openWindow();
        window->sandboxesPage().select(id.text());
        auto &letGo = child<QAction>(*window, u"letGoAction"_s);
        QVERIFY(waitFor([&letGo] { return letGo.isEnabled(); }));
        letGo.trigger();
        verb(child<ConsoleDialog>(*window, u"letGoDialog"_s)).click();
        QVERIFY(waitFor([&window] { return window->data().sandboxes().rowCount() == 0; }));
    }

private:
    static SandboxId fill(ConsoleRig &rig)
    {
        const Sandbox sandbox = adopted(u"web"_s);
        rig.write([&sandbox](Session &session) -> Done {
            SANDGLASS_CHECK(EngineRepository(session).insert(sample::engine(u"local"_s)));
            return SandboxRepository(session).insert(sandbox);
        });
        return sandbox.id;
    }
};

QTEST_MAIN(AdoptingTest)
#include "tst_adopting.moc"
