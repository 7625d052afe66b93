#include "services/storage/registryrepository.h"
#include "services/storage/session.h"
#include "services/storage/snapshotrepository.h"
#include "tests/models/samples.h"
#include "tests/registry/registryrig.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/details.h"
#include "ui/dialogs/forgetregistrydialog.h"
#include "ui/dialogs/registrydialog.h"
#include "ui/dialogs/restoredialog.h"
#include "ui/operationspage.h"
#include "ui/registriespage.h"
#include "ui/registryavailability.h"
#include "ui/snapshotspage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace sandglass;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

const SnapshotId tagged = SnapshotId::trusted(u"snap-k3v9q2xw81mz0a4c"_s);

RegistryName named(const QString &name)
{
    return RegistryName::trusted(name);
}

void choose(QComboBox &combo, int value)
{
    combo.setCurrentIndex(combo.findData(value));
}

/// Fills in a registry that needs no login.
void fillIn(RegistryDialog &dialog, const Registry &registry)
{
    child<QLineEdit>(dialog, u"nameEdit"_s).setText(u"real"_s);
    child<QLineEdit>(dialog, u"hostEdit"_s).setText(registry.host);
    child<QLineEdit>(dialog, u"repositoryEdit"_s).setText(registry.repository);
    if (registry.insecure)
        child<QComboBox>(dialog, u"trustCombo"_s).setCurrentIndex(2);
}

QString detailsTitle(const TablePage &page)
{
    return child<QLabel>(page, u"detailsTitle"_s).text();
}

QString facts(const QObject &dialog)
{
    return child<FactList>(dialog, u"probeResult"_s).text();
}

} // namespace

/// Registries, places of snapshots and transfers in the window.
class RegistriesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void init()
    {
        m_rig = std::make_unique<ConsoleRig>();
        m_rig->fillWithRegistries();
        m_window = m_rig->openWindow();
    }

    void cleanup()
    {
        m_window.reset();
        m_rig.reset();
    }

    void thePageFollowsWhatIsFoundOut()
    {
        RegistriesPage &page = m_window->registriesPage();
        m_window->showPage(page);
        QCOMPARE(page.table().model()->rowCount(), 4);
        page.select(u"lab"_s);
        QVERIFY(waitFor([&page] { return detailsTitle(page) == "lab"_L1; }));
        QVERIFY(takePictures(*m_window, u"page-registriesPage"_s));
        page.select(u"hub"_s);
        m_rig->write([](Session &session) {
            return RegistryRepository(session).noteAnswer(named(u"hub"_s), u"Nobody answers."_s);
        });
        QVERIFY(waitFor([this] {
            const Registry *hub = m_window->data().registries().find(named(u"hub"_s));
            return hub && hub->error == "Nobody answers."_L1;
        }));
    }

    void detailsTellCapabilitiesAndDanger()
    {
        Registry lab = sample::registry(u"lab"_s);
        lab.insecure = true;
        lab.deletes = false;
        const Details details = detailsOf(lab, sample::now);
        QVERIFY(details.problem.contains(u"not encrypted"_s));
        const auto value = [&details](const QString &name) {
            for (const auto &[each, text] : details.rows) {
                if (each == name)
                    return text;
            }
            return QString();
        };
        QCOMPARE(value(u"Deletion"_s), u"refused; what expires stays there"_s);
        QCOMPARE(value(u"Catalog"_s), u"not listed"_s);
        QCOMPARE(value(u"Rate limit"_s), u"100;w=21600"_s);
    }

    void aRegistryIsAddedAndItsPasswordIsNeverShownAgain()
    {
        auto *dialog = qobject_cast<RegistryDialog *>(m_window->registriesPage().askForRegistry());
        QVERIFY(dialog);
        QVERIFY(!verb(*dialog).isEnabled());
        child<QLineEdit>(*dialog, u"nameEdit"_s).setText(u"new"_s);
        child<QLineEdit>(*dialog, u"hostEdit"_s).setText(u"new.example.com"_s);
        child<QLineEdit>(*dialog, u"repositoryEdit"_s).setText(u"team/new"_s);
        child<QLineEdit>(*dialog, u"namespacesEdit"_s).setText(u"default, lab"_s);
        QCOMPARE(dialog->hindrance(), QString());
        choose(child<QComboBox>(*dialog, u"sourceCombo"_s), int(CredentialSource::Keychain));
        child<QLineEdit>(*dialog, u"userEdit"_s).setText(u"ann"_s);
        QVERIFY(dialog->hindrance().contains(u"password"_s));
        child<QLineEdit>(*dialog, u"passwordEdit"_s).setText(u"open sesame"_s);
        QCOMPARE(dialog->hindrance(), QString());
        verb(*dialog).click();
        QVERIFY(waitFor([this] { return m_window->data().registries().rowCount() == 5; }));
        const Registry added = *m_window->data().registries().find(named(u"new"_s));
        QCOMPARE(added.namespaces.size(), 2);
        QCOMPARE(added.position, 4);
        QCOMPARE(credentialOf(added), QByteArray("open sesame"));

        auto changing = shown(std::make_unique<RegistryDialog>(added, QStringList()));
        QCOMPARE(child<QLineEdit>(*changing, u"passwordEdit"_s).text(), QString());
        QCOMPARE(changing->hindrance(), QString());
        QVERIFY(!changing->request().credential);
        choose(child<QComboBox>(*changing, u"trustCombo"_s), 2);
        QVERIFY(child<Callout>(*changing, u"exposedCallout"_s).isVisible());
        QVERIFY(takePictures(*changing, u"changeRegistryDialog-plain"_s));
        child<QLineEdit>(*changing, u"userEdit"_s).setText(u"bob"_s);
        QVERIFY(changing->hindrance().contains(u"password"_s));
    }

    void namesAndAddressesAreChecked_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("repository");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("good") << u"new"_s << u"new.example.com"_s << u"team/new"_s << true;
        QTest::newRow("no name") << u""_s << u"new.example.com"_s << u"team/new"_s << false;
        QTest::newRow("taken") << u"hub"_s << u"new.example.com"_s << u"team/new"_s << false;
        QTest::newRow("no host") << u"new"_s << u""_s << u"team/new"_s << false;
        QTest::newRow("a URL") << u"new"_s << u"https://example.com"_s << u"team/new"_s << false;
        QTest::newRow("large letters") << u"new"_s << u"a.example.com"_s << u"Team"_s << false;
    }
    void namesAndAddressesAreChecked()
    {
        QFETCH(QString, name);
        QFETCH(QString, host);
        QFETCH(QString, repository);
        RegistryDialog dialog(QList<Registry>{sample::registry(u"hub"_s)}, {});
        child<QLineEdit>(dialog, u"nameEdit"_s).setText(name);
        child<QLineEdit>(dialog, u"hostEdit"_s).setText(host);
        child<QLineEdit>(dialog, u"repositoryEdit"_s).setText(repository);
        QTEST(dialog.hindrance().isEmpty(), "accepted");
    }

    void aTestTellsEachStepOfARealRegistry()
    {
        const RegistryRig registry({u"plain"_s, u"delete=off"_s});
        auto *dialog = qobject_cast<RegistryDialog *>(m_window->registriesPage().askForRegistry());
        QVERIFY(dialog);
        fillIn(*dialog, registry.description());
        auto &test = child<QPushButton>(*dialog, u"testButton"_s);
        test.click();
        QVERIFY(!dialog->isSettled());
        QVERIFY(!test.isEnabled());
        QVERIFY(child<QLineEdit>(*dialog, u"hostEdit"_s).isEnabled());
        QVERIFY(waitFor([dialog] { return dialog->isSettled(); }, 30s));
        QVERIFY(test.isEnabled());
        for (const QString &part :
             {u"Images can be pulled."_s, u"Images can be pushed."_s, u"cannot be deleted"_s})
            QVERIFY2(facts(*dialog).contains(part), qPrintable(facts(*dialog)));
        QVERIFY(takePictures(*dialog, u"addRegistryDialog-tested"_s));
        dialog->reject();
    }

    void aTestThatFailsSaysWhatToDo()
    {
        auto *dialog = qobject_cast<RegistryDialog *>(m_window->registriesPage().askForRegistry());
        QVERIFY(dialog);
        Registry nobody = sample::registry(u"nobody"_s);
        nobody.host = u"127.0.0.1:1"_s;
        nobody.insecure = true;
        fillIn(*dialog, nobody);
        child<QPushButton>(*dialog, u"testButton"_s).click();
        QVERIFY(waitFor([dialog] { return dialog->isSettled(); }, 30s));
        QVERIFY2(facts(*dialog).contains(u"It cannot be reached."_s), qPrintable(facts(*dialog)));
        QVERIFY(takePictures(*dialog, u"addRegistryDialog-failed"_s));
        child<QLineEdit>(*dialog, u"hostEdit"_s).setText(u"127.0.0.1:2"_s);
        QCOMPARE(facts(*dialog), QString());
        dialog->reject();
    }

    void theAnswerToAnOlderQuestionIsNotShown()
    {
        RegistryDialog dialog(QList<Registry>(), {});
        fillIn(dialog, sample::registry(u"hub"_s));
        QSignalSpy asked(&dialog, &RegistryDialog::testWanted);
        child<QPushButton>(dialog, u"testButton"_s).click();
        QCOMPARE(asked.count(), 1);
        child<QLineEdit>(dialog, u"repositoryEdit"_s).setText(u"team/other"_s);
        dialog.showProbe(asked.at(0).at(0).toInt(), failure(ErrorKind::Unreachable, u"ask"_s));
        QVERIFY(dialog.isSettled());
        QCOMPARE(facts(dialog), QString());
    }

    void credentialsAreReplacedAndRemoved()
    {
        RegistriesPage &page = m_window->registriesPage();
        m_window->showPage(page);
        page.select(u"hub"_s);
        ConsoleDialog *replacing = page.askForCredential();
        QVERIFY(replacing);
        QVERIFY(!verb(*replacing).isEnabled());
        QVERIFY(takePictures(*replacing, u"replaceCredentialDialog"_s));
        child<QLineEdit>(*replacing, u"passwordEdit"_s).setText(u"second"_s);
        verb(*replacing).click();
        const Registry hub = *m_window->data().registries().find(named(u"hub"_s));
        QVERIFY(waitFor([&] { return credentialOf(hub) == "second"; }));

        ConsoleDialog *removing = page.askToRemoveCredential();
        QVERIFY(removing);
        QVERIFY(cancel(*removing).isDefault());
        QVERIFY(takePictures(*removing, u"removeCredentialDialog"_s));
        verb(*removing).click();
        QVERIFY(waitFor([this] {
            return m_window->data().registries().find(named(u"hub"_s))->credentialSource
                == CredentialSource::Anonymous;
        }));
        QVERIFY(credentialOf(hub).isEmpty());
        QVERIFY(!page.askToRemoveCredential());
    }

    void aLoginThatDockerDoesNotHaveIsNotImported()
    {
        RegistriesPage &page = m_window->registriesPage();
        page.select(u"hub"_s);
        ConsoleDialog *dialog = page.askToImport();
        QVERIFY(dialog);
        QVERIFY(waitFor([dialog] { return dialog->isSettled(); }));
        QVERIFY2(dialog->hindrance().contains(u"docker login"_s), qPrintable(dialog->hindrance()));
        QVERIFY(takePictures(*dialog, u"importLoginDialog"_s));
        dialog->reject();
    }

    void snapshotsAreLeftAtAForgottenRegistryOnlyWhenSaidSo()
    {
        RegistriesPage &page = m_window->registriesPage();
        m_window->showPage(page);
        page.select(u"archive"_s);
        ConsoleDialog *dialog = page.askToForget();
        QVERIFY(dialog);
        QVERIFY(cancel(*dialog).isDefault());
        QVERIFY(!verb(*dialog).isEnabled());
        QVERIFY(
            child<FactList>(*dialog, u"consequenceList"_s).text().contains(u"before-upgrade"_s));
        child<QCheckBox>(*dialog, u"leaveCheck"_s).setChecked(true);
        QVERIFY(verb(*dialog).isEnabled());
        QVERIFY(takePictures(*dialog, u"forgetRegistryDialog-leave"_s));
        verb(*dialog).click();
        QVERIFY(waitFor([this] { return m_window->data().registries().rowCount() == 3; }));

        ForgetRegistryDialog busy(sample::registry(u"hub"_s), {}, 1);
        QVERIFY(!verb(busy).isEnabled());
    }

    void aSnapshotTellsItsPlacesAndGoesToOthers()
    {
        SnapshotsPage &page = m_window->snapshotsPage();
        m_window->showPage(page);
        page.select(tagged.text());
        auto &places = child<FactList>(page, u"detailsPlaces"_s);
        QVERIFY(waitFor([&places] { return places.text().contains(u"engine local: present"_s); }));
        for (const QString &part :
             {u"registry hub: uploading, 50 %"_s,
              u"registry archive: unknown since"_s,
              u"registry public: failed: No space is left"_s,
              u"registry lab: not there"_s})
            QVERIFY2(places.text().contains(part), qPrintable(places.text()));
        QVERIFY(takePictures(*m_window, u"page-snapshotsPage-places"_s));

        const auto entry = [&page](const QString &menu, const QString &place) -> QAction & {
            return child<QAction>(page, menu + u'/' + place);
        };
        QVERIFY(!entry(u"pushMenu"_s, u"hub"_s).isEnabled());
        QVERIFY(entry(u"pushMenu"_s, u"hub"_s).toolTip().contains(u"on its way"_s));
        QVERIFY(entry(u"retryMenu"_s, u"public"_s).isEnabled());
        QVERIFY(!entry(u"pullMenu"_s, u"local"_s).isEnabled());
        entry(u"pushMenu"_s, u"lab"_s).trigger();
        QVERIFY(
            waitFor([&places] { return places.text().contains(u"registry lab: uploading"_s); }));
        QVERIFY(waitFor([this] { return m_window->data().operations().rowCount() == 6; }));
    }

    void aTransferShowsHowFarItIs()
    {
        auto &page = child<OperationsPage>(*m_window, u"operationsPage"_s);
        m_window->showPage(page);
        page.select(u"op-5"_s);
        QVERIFY(waitFor([&page] { return detailsTitle(page) == "Push snapshot"_L1; }));
        QVERIFY(takePictures(*m_window, u"page-operationsPage-transfer"_s));
        const Operation *push = m_window->data().operations().find(OperationId::trusted(u"op-5"_s));
        QVERIFY(push);
        const Details details = detailsOf(*push, u"snap"_s, sample::now);
        QStringList values;
        for (const auto &[name, value] : details.rows)
            values.append(name + u": "_s + value);
        QVERIFY(values.contains(u"Registry: hub"_s));
        QVERIFY(values.contains(
            u"Progress: 50 %, 60.0 MiB of 120.0 MiB, 10.0 MiB/s, 6 seconds left"_s));
    }

    void aRestoreSaysFromWhichRegistryItPulls()
    {
        Snapshot snapshot = sample::snapshot(u"far"_s);
        snapshot.locations = {sample::registryLocation(snapshot.id, u"hub"_s)};
        const QList<Engine> engines{sample::engine(u"local"_s)};
        auto dialog =
            shown(std::make_unique<RestoreDialog>(snapshot, u"web"_s, engines, sample::now));
        dialog->start();
        const RestoreWish wish = dialog->request().wish;
        const auto plan =
            planRestore(snapshot, sample::now, wish, engines, {sample::registry(u"hub"_s)});
        QVERIFY(plan);
        QCOMPARE(plan->pullFrom, named(u"hub"_s));
        dialog->showPlan(wish, plan);
        const QString text = child<FactList>(*dialog, u"planFacts"_s).text();
        QVERIFY2(text.contains(u"pulled from registry hub first"_s), qPrintable(text));
        QVERIFY(takePictures(*dialog, u"restoreDialog-pull"_s));
    }

    void placesHaveReasons_data()
    {
        QTest::addColumn<LocationState>("state");
        QTest::addColumn<bool>("push");
        QTest::addColumn<bool>("pull");
        QTest::addColumn<bool>("check");
        QTest::newRow("present") << LocationState::Present << false << true << true;
        QTest::newRow("uploading") << LocationState::Uploading << false << false << false;
        QTest::newRow("missing") << LocationState::Missing << true << false << true;
        QTest::newRow("drifted") << LocationState::Drifted << true << false << true;
        QTest::newRow("removing") << LocationState::Removing << false << false << false;
        QTest::newRow("failed") << LocationState::Failed << true << false << false;
    }
    void placesHaveReasons()
    {
        QFETCH(LocationState, state);
        Snapshot snapshot = sample::snapshot(u"one"_s);
        snapshot.locations.append(sample::registryLocation(snapshot.id, u"hub"_s));
        snapshot.locations.last().state = state;
        const auto lab = EngineName::trusted(u"lab"_s);
        QTEST(forPush(snapshot, named(u"hub"_s)).isAvailable(), "push");
        QTEST(forPull(snapshot, lab, {lab}).isAvailable(), "pull");
        QVERIFY(!forPull(snapshot, lab, {}).isAvailable());
        QTEST(forCheck(snapshot).isAvailable(), "check");
        snapshot.locations.removeFirst();
        QVERIFY(!forPush(snapshot, named(u"other"_s)).isAvailable());
        snapshot.status = SnapshotStatus::Deleting;
        QVERIFY(!forPlaces({snapshot}).isAvailable());
    }

private:
    /// What the keychain has of a registry's user; empty when it has nothing.
    QByteArray credentialOf(const Registry &registry)
    {
        const auto secret =
            m_rig->secrets().read(keychainKey(registry.host, registry.username), {});
        return secret && *secret ? (*secret)->reveal() : QByteArray();
    }

    std::unique_ptr<ConsoleRig> m_rig;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(RegistriesTest)
#include "tst_registries.moc"
