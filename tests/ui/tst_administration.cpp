#include "services/storage/session.h"
#include "tests/support/waitfor.h"
#include "tests/ui/consolerig.h"
#include "tests/ui/widgets.h"
#include "ui/auditlogpage.h"
#include "ui/dialogs/changesettingdialog.h"
#include "ui/dialogs/createsnapshotdialog.h"
#include "ui/durationedit.h"
#include "ui/sandboxespage.h"
#include "ui/settingspage.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QSpinBox>
#include <QTest>
#include <QTreeView>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

const Caller ann{u"ann"_s, u"test"_s, {}};
const NamespaceName space = NamespaceName::trusted(u"default"_s);

} // namespace

/// The pages of what operators administer: settings and the audit.
class AdministrationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<ConsoleRig>();
        m_rig->fillWithADayAtWork();
        QVERIFY(
            m_rig->useCases().settings.change(space, {{Setting::LargestSnapshotCount, 7}}, ann));
        m_window = m_rig->openWindow();
    }

    void cleanup()
    {
        m_window.reset();
        m_rig.reset();
    }

    void auditIsFollowedFilteredAndCopied()
    {
        auto &page = child<AuditLogPage>(*m_window, u"auditPage"_s);
        m_window->showPage(page);
        QCOMPARE(rows(page), 1);
        QVERIFY(m_rig->useCases().settings.change({}, {{Setting::DefaultSnapshotTtl, 60}}, ann));
        QVERIFY(waitFor([&] { return rows(page) == 2; }));
        page.setFilterText(u"default/"_s);
        QVERIFY(waitFor([&] { return rows(page) == 1; }));
        page.selectFirst();
        auto &copy = child<QAction>(page, u"copyAuditAction"_s);
        QVERIFY(waitFor([&copy] { return copy.isEnabled(); }));
        copy.trigger();
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(
            copied.contains(u"ann (test)\tchange setting\tdefault/max_snapshots_per_namespace\t"_s),
            qPrintable(copied));
    }

    void auditIsVerified()
    {
        auto &page = child<AuditLogPage>(*m_window, u"auditPage"_s);
        m_window->showPage(page);
        auto &verify = child<QAction>(page, u"verifyAuditAction"_s);
        verify.trigger();
        QVERIFY(!verify.isEnabled());
        QVERIFY(waitFor(
            [&page] { return page.messages().wholeText().contains(u"The audit is whole"_s); }));
        QVERIFY(waitFor([&verify] { return verify.isEnabled(); }));

        m_rig->write([](Session &session) -> Done {
            SANDGLASS_CHECK(session.run(u"DROP TRIGGER audit_is_not_changed"_s));
            SANDGLASS_CHECK(session.run(u"UPDATE audit SET who_user = 'bob'"_s));
            return {};
        });
        verify.trigger();
        QVERIFY(waitFor(
            [&page] { return page.messages().wholeText().contains(u"changed: record 1"_s); }));
    }

    void newSnapshotsBeginWithTheTtlOfTheirNamespace_data()
    {
        QTest::addColumn<std::optional<qint64>>("forAll");
        QTest::addColumn<std::optional<qint64>>("ofIts");
        QTest::addColumn<qint64>("ttl");
        using Value = std::optional<qint64>;
        QTest::newRow("nobody set one") << Value() << Value() << qint64(1'209'600);
        QTest::newRow("for all namespaces") << Value(7'200) << Value() << qint64(7'200);
        QTest::newRow("its own") << Value(7'200) << Value(300) << qint64(300);
        QTest::newRow("its own: never") << Value(7'200) << Value(0) << qint64(0);
    }
    void newSnapshotsBeginWithTheTtlOfTheirNamespace()
    {
        QFETCH(std::optional<qint64>, forAll);
        QFETCH(std::optional<qint64>, ofIts);
        QFETCH(qint64, ttl);
        SettingsService &settings = m_rig->useCases().settings;
        QVERIFY(settings.change({}, {{Setting::DefaultSnapshotTtl, forAll}}, ann));
        QVERIFY(settings.change(space, {{Setting::DefaultSnapshotTtl, ofIts}}, ann));
        const SettingTableModel &model = m_window->data().settings();
        QVERIFY(waitFor([&] { return model.inForce(Setting::DefaultSnapshotTtl, space) == ttl; }));
        SandboxesPage &page = m_window->sandboxesPage();
        m_window->showPage(page);
        page.select(u"sb-web"_s);
        auto *dialog = qobject_cast<CreateSnapshotDialog *>(page.askForSnapshot());
        QVERIFY(dialog);
        QCOMPARE(dialog->request().ttlSeconds, ttl);
    }

    void settingsAreChangedAndTakenAway()
    {
        SettingsPage &page = m_window->settingsPage();
        m_window->showPage(page);
        const QString id = u"default/max_snapshots_per_namespace"_s;
        page.select(id);
        QCOMPARE(value(id).value, 7);
        auto dialog = shown(std::make_unique<ChangeSettingDialog>(value(id)));
        child<QSpinBox>(*dialog, u"numberSpin"_s).setValue(9);
        QCOMPARE(dialog->value(), 9);
        dialog->reject();

        auto *asked = qobject_cast<ChangeSettingDialog *>(page.askForValue());
        QVERIFY(asked);
        child<QSpinBox>(*asked, u"numberSpin"_s).setValue(5);
        verb(*asked).click();
        QVERIFY(waitFor([&] { return value(id).value == 5; }));

        auto &takeBack = child<QAction>(page, u"takeBackSettingAction"_s);
        QVERIFY(waitFor([&takeBack] { return takeBack.isEnabled(); }));
        takeBack.trigger();
        QVERIFY(waitFor([&] { return value(id).source == SettingSource::Default; }));
        QCOMPARE(value(id).value, 100);
        QVERIFY(waitFor([&takeBack] { return !takeBack.isEnabled(); }));
    }

    void valuesOutOfBoundsAreHindered()
    {
        const SettingValue interval{
            Setting::RegistryCheckInterval, {}, 3'600, SettingSource::Default};
        auto dialog = shown(std::make_unique<ChangeSettingDialog>(interval));
        QCOMPARE(dialog->value(), 3'600);
        QCOMPARE(dialog->hindrance(), QString());
        auto &preset = child<QComboBox>(*dialog, u"presetCombo"_s);
        preset.setCurrentIndex(preset.count() - 1);
        child<QSpinBox>(*dialog, u"numberSpin"_s).setValue(9);
        auto &unit = child<QComboBox>(*dialog, u"unitCombo"_s);
        unit.setCurrentIndex(0);
        QCOMPARE(dialog->value(), 9);
        QVERIFY(dialog->hindrance().contains(u"between 10 and"_s));
        QVERIFY(!verb(*dialog).isEnabled());
    }

private:
    static int rows(TablePage &page) { return page.table().model()->rowCount(); }

    SettingValue value(const QString &id)
    {
        const SettingValue *found = m_window->data().settings().find(id);
        return found ? *found : SettingValue{};
    }

    std::unique_ptr<ConsoleRig> m_rig;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(AdministrationTest)
#include "tst_administration.moc"
