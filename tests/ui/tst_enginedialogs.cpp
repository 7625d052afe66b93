#include "services/storage/enginerepository.h"
#include "services/storage/session.h"
#include "tests/models/samples.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/pictures.h"
#include "tests/ui/widgets.h"
#include "ui/dialogs/addenginedialog.h"
#include "ui/dialogs/changeenginedialog.h"
#include "ui/enginespage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

EngineName local()
{
    return EngineName::trusted(u"local"_s);
}

Engine labWithTls()
{
    Engine lab = sample::engine(u"lab"_s);
    lab.address = u"tcp://lab:2376"_s;
    lab.tls = TlsFiles{u"/certs/ca.pem"_s, u"/certs/cert.pem"_s, u"/certs/key.pem"_s};
    return lab;
}

} // namespace

/// Adding an engine and changing where one is.
class EngineDialogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyLook(*qApp, ColorScheme::Light);
    }

    void addEngineTestsAnAddressAndTellsWhatAnswered()
    {
        auto dialog = shown(std::make_unique<AddEngineDialog>(QList<EngineName>{local()}));
        dialog->showImportable({});
        QSignalSpy asked(dialog.get(), &AddEngineDialog::probeWanted);
        QTest::keyClicks(&child<QLineEdit>(*dialog, u"nameEdit"_s), u"lab"_s);
        auto &address = child<QLineEdit>(*dialog, u"addressEdit"_s);
        address.setText(u"tcp://10.0.0.7:2375"_s);
        QVERIFY(child<Callout>(*dialog, u"exposedCallout"_s).isVisible());
        QTest::mouseClick(&child<QPushButton>(*dialog, u"testButton"_s), Qt::LeftButton);
        QCOMPARE(asked.count(), 1);
        const auto probed = asked.at(0).at(0).value<EngineAddress>();
        QCOMPARE(probed.host, u"10.0.0.7"_s);
        QVERIFY(!dialog->isSettled());
        dialog->showProbe(probed, sample::engine(u"lab"_s));
        QVERIFY(child<FactList>(*dialog, u"probeResult"_s).text().contains(u"20.10.24"_s));
        QVERIFY(takePictures(*dialog, u"dialog-add-engine"_s));

        address.setText(u"unix:///run/other.sock"_s);
        QVERIFY(!child<Callout>(*dialog, u"exposedCallout"_s).isVisible());
        QCOMPARE(child<FactList>(*dialog, u"probeResult"_s).text(), QString());
        QTest::mouseClick(&child<QPushButton>(*dialog, u"testButton"_s), Qt::LeftButton);
        dialog->showProbe(
            asked.at(1).at(0).value<EngineAddress>(),
            failure(ErrorKind::PermissionDenied, u"connect"_s));
        QVERIFY(child<FactList>(*dialog, u"probeResult"_s).text().contains(u"docker"_s));
        QTest::mouseClick(&verb(*dialog), Qt::LeftButton);
        QCOMPARE(dialog->request().name.text(), u"lab"_s);
        QCOMPARE(dialog->request().address.socketPath, u"/run/other.sock"_s);
    }

    void addEngineRefusesBadNamesAndAddresses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("accepted");
        const QString good = u"unix:///run/docker.sock"_s;
        QTest::newRow("good") << u"lab"_s << good << true;
        QTest::newRow("no name") << u""_s << good << false;
        QTest::newRow("taken") << u"local"_s << good << false;
        QTest::newRow("capitals") << u"Lab"_s << good << false;
        QTest::newRow("no scheme") << u"lab"_s << u"/run/docker.sock"_s << false;
        QTest::newRow("web address") << u"lab"_s << u"http://host"_s << false;
        QTest::newRow("ssh") << u"lab"_s << u"ssh://ann@lab"_s << true;
        QTest::newRow("ssh with a password") << u"lab"_s << u"ssh://ann:pw@lab"_s << false;
        QTest::newRow("no address") << u"lab"_s << u""_s << false;
    }
    void addEngineRefusesBadNamesAndAddresses()
    {
        QFETCH(QString, name);
        QFETCH(QString, address);
        const AddEngineDialog dialog(QList<EngineName>{local()});
        child<QLineEdit>(dialog, u"nameEdit"_s).setText(name);
        child<QLineEdit>(dialog, u"addressEdit"_s).setText(address);
        QTEST(dialog.hindrance().isEmpty(), "accepted");
    }

    void filesForTlsAreAskedForWhereTlsCanBe()
    {
        auto dialog = shown(std::make_unique<AddEngineDialog>(QList<EngineName>()));
        dialog->showImportable({});
        auto &useTls = child<QCheckBox>(*dialog, u"tlsCheck"_s);
        auto &authorities = child<QLineEdit>(*dialog, u"authoritiesEdit"_s);
        auto &certificate = child<QLineEdit>(*dialog, u"certificateEdit"_s);
        auto &key = child<QLineEdit>(*dialog, u"keyEdit"_s);
        QVERIFY(child<QLabel>(*dialog, u"addressHint"_s).text().contains(u"ssh://"_s));
        QVERIFY(!useTls.isVisible() && !key.isVisible());
        child<QLineEdit>(*dialog, u"nameEdit"_s).setText(u"lab"_s);
        child<QLineEdit>(*dialog, u"addressEdit"_s).setText(u"tcp://lab"_s);
        QVERIFY(useTls.isVisible() && !key.isVisible());
        QVERIFY(child<Callout>(*dialog, u"exposedCallout"_s).isVisible());
        QTest::mouseClick(&useTls, Qt::LeftButton, {}, QPoint(8, useTls.height() / 2));
        QVERIFY(key.isVisible());
        QVERIFY(!child<Callout>(*dialog, u"exposedCallout"_s).isVisible());
        QCOMPARE(dialog->hindrance(), QString());
        QCOMPARE(dialog->request().address.text(), u"tcp://lab:2376"_s);
        certificate.setText(u"/certs/cert.pem"_s);
        QVERIFY(dialog->hindrance().contains(u"belong together"_s));
        key.setText(u"key.pem"_s);
        QVERIFY(dialog->hindrance().contains(u"whole path"_s));
        key.setText(u"/certs/key.pem"_s);
        authorities.setText(u"/certs/ca.pem"_s);
        QCOMPARE(dialog->hindrance(), QString());
        QCOMPARE(dialog->request().address.tls, labWithTls().tls);
        QVERIFY(takePictures(*dialog, u"dialog-add-engine-tls"_s));
        child<QLineEdit>(*dialog, u"addressEdit"_s).setText(u"ssh://ann@lab"_s);
        QVERIFY(!useTls.isVisible() && !key.isVisible());
        QVERIFY(!dialog->request().address.tls);
    }

    void enginesOfDockersClientAreTakenOver()
    {
        auto dialog = shown(std::make_unique<AddEngineDialog>(QList<EngineName>{local()}));
        auto &import = child<QComboBox>(*dialog, u"importCombo"_s);
        auto &name = child<QLineEdit>(*dialog, u"nameEdit"_s);
        QVERIFY(!import.isEnabled());
        QVERIFY(!dialog->isSettled());
        dialog->showImportable(
            {{u"DOCKER_HOST"_s,
              DockerEngine{u"local"_s, *EngineAddress::parse(u"ssh://ann@far"_s)}},
             {u"/home/ann/.docker/contexts/meta/1/meta.json"_s,
              failure(ErrorKind::InvalidArgument, u"not a context"_s)},
             {u"/home/ann/.docker/contexts/meta/2/meta.json"_s,
              DockerEngine{u"Lab"_s, *labWithTls().parsedAddress()}}});
        QVERIFY(dialog->isSettled());
        QCOMPARE(import.count(), 3);
        QVERIFY(child<FactList>(*dialog, u"unusableList"_s).text().contains(u"meta/1/meta.json"_s));
        QVERIFY(takePictures(*dialog, u"dialog-add-engine-import"_s));

        const auto choose = [&import](int index) {
            import.setCurrentIndex(index);
            Q_EMIT
            import.activated(index);
        };
        choose(1);
        QVERIFY(dialog->hindrance().contains(u"already an engine"_s));
        choose(2);
        QCOMPARE(dialog->hindrance(), QString());
        QCOMPARE(dialog->request().name.text(), u"lab"_s);
        QCOMPARE(dialog->request().address, *labWithTls().parsedAddress());
        name.setText(u"mine"_s);
        choose(1);
        QCOMPARE(dialog->request().name.text(), u"mine"_s);
        QCOMPARE(dialog->request().address.text(), u"ssh://ann@far"_s);
    }

    void aFileIsChosenWithoutHoldingUpTheWindow()
    {
        auto dialog = shown(std::make_unique<ChangeEngineDialog>(labWithTls()));
        auto &key = child<QLineEdit>(*dialog, u"keyEdit"_s);
        const auto buttons = dialog->findChildren<QToolButton *>();
        const auto button = std::find_if(buttons.begin(), buttons.end(), [](QToolButton *each) {
            return each->accessibleName().contains(u"Key"_s);
        });
        QVERIFY(button != buttons.end());
        (*button)->click();
        auto *files = dialog->findChild<QFileDialog *>();
        QVERIFY(files);
        Q_EMIT
        files->fileSelected(u"/certs/other.pem"_s);
        QCOMPARE(key.text(), u"/certs/other.pem"_s);
        files->reject();
    }

    void onlyAnotherAddressIsAChange()
    {
        auto dialog = shown(std::make_unique<ChangeEngineDialog>(labWithTls()));
        auto &address = child<QLineEdit>(*dialog, u"addressEdit"_s);
        QCOMPARE(address.text(), u"tcp://lab:2376"_s);
        QVERIFY(child<QCheckBox>(*dialog, u"tlsCheck"_s).isChecked());
        QVERIFY(dialog->hindrance().contains(u"already"_s));
        address.setText(u"tcp://lab:2377"_s);
        QCOMPARE(dialog->hindrance(), QString());
        QCOMPARE(dialog->request().port, 2377);
        QCOMPARE(dialog->request().tls, labWithTls().tls);
        QVERIFY(takePictures(*dialog, u"dialog-change-engine"_s));
        address.setText(u"tcp://lab:2376"_s);
        child<QLineEdit>(*dialog, u"authoritiesEdit"_s).clear();
        QCOMPARE(dialog->hindrance(), QString());
    }

    void theAddressOfAnEngineIsChanged()
    {
        ConsoleRig rig;
        rig.write([](Session &session) {
            return EngineRepository(session).insert(sample::engine(u"local"_s));
        });
        const auto window = rig.openWindow();
        EnginesPage &page = window->enginesPage();
        window->showPage(page);
        page.select(u"local"_s);
        auto &change = child<QAction>(*window, u"changeEngineAction"_s);
        QVERIFY(waitFor([&change] { return change.isEnabled(); }));
        change.trigger();
        auto &dialog = child<ConsoleDialog>(*window, u"changeEngineDialog"_s);
        child<QLineEdit>(dialog, u"addressEdit"_s).setText(u"unix:///run/other.sock"_s);
        verb(dialog).click();
        const EngineTableModel &engines = window->data().engines();
        QVERIFY(waitFor(
            [&engines] { return engines.find(local())->address == u"unix:///run/other.sock"_s; }));
    }
};

QTEST_MAIN(EngineDialogsTest)
#include "tst_enginedialogs.moc"
