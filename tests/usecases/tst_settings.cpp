#include "services/storage/changefeed.h"
#include "services/storage/enginerepository.h"
#include "services/storage/sandboxrepository.h"
#include "tests/support/auditrule.h"
#include "tests/support/fakeclock.h"
#include "tests/support/waitfor.h"
#include "tests/usecases/program.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Caller tester{u"ann"_s, u"test"_s, {}};
const NamespaceName team = NamespaceName::trusted(u"team"_s);

} // namespace

class SettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString file = m_folder->path() + u"/data/sandglass.db"_s;
        m_one = std::make_unique<Program>(file, m_clock);
        m_other = std::make_unique<Program>(file, m_clock);
        QVERIFY(m_one->database->write([](Session &session) -> Done {
            Engine engine;
            engine.name = EngineName::trusted(u"a"_s);
            engine.address = u"unix:///nonexistent/engine.sock"_s;
            SANDGLASS_CHECK(EngineRepository(session).insert(engine));
            Sandbox sandbox;
            sandbox.id = SandboxId::trusted(u"sb-1"_s);
            sandbox.namespaceName = team;
            sandbox.engine = engine.name;
            sandbox.status = SandboxStatus::Running;
            return SandboxRepository(session).insert(sandbox);
        }));
        refuseUnauditedChanges(file);
    }

    void cleanup()
    {
        m_other.reset();
        m_one.reset();
    }

    void boundsByTable()
    {
        for (const SettingDefinition &definition : settingDefinitions()) {
            const auto isValid = [&definition](qint64 value) {
                return validateSetting(definition.setting, value).has_value();
            };
            QVERIFY2(
                isValid(definition.defaultValue) || definition.defaultValue < definition.least,
                qPrintable(definition.name));
            QVERIFY(isValid(definition.least));
            QVERIFY(isValid(definition.most));
            QVERIFY(!isValid(definition.least - 1));
            QVERIFY(!isValid(definition.most + 1));
            QVERIFY(!isValid(std::numeric_limits<qint64>::min()));
            QVERIFY(!isValid(std::numeric_limits<qint64>::max()));
            QVERIFY(!definition.title.isEmpty());
            QVERIFY(definition.words.endsWith(u'.'));
        }
    }

    void allAreListedForEachNamespace()
    {
        const NamespaceName fresh = NamespaceName::trusted(u"fresh"_s);
        QVERIFY(m_one->settings.change(fresh, {{Setting::LargestSnapshotCount, 1}}, tester));
        const QList<SettingValue> all = m_other->settings.listAll().value();
        QCOMPARE(all.size(), 3 * settingDefinitions().size());
        QVERIFY(all.first().namespaceName.isEmpty());
        QVERIFY(all.contains({Setting::LargestSnapshotCount, fresh, 1, SettingSource::Namespace}));
        QVERIFY(all.contains({Setting::LargestSnapshotCount, team, 100, SettingSource::Default}));
    }

    void changesAreToldToOtherPrograms()
    {
        ChangeFeed feed(*m_other->database);
        QStringList told;
        connect(&feed, &ChangeFeed::changed, this, [&told](const QList<Change> &changes) {
            for (const Change &change : changes) {
                if (change.subject == Change::Subject::Setting)
                    told.append(change.id);
            }
        });
        QVERIFY(m_one->settings.change(team, {{Setting::DefaultSnapshotTtl, 5}}, tester));
        QVERIFY(waitFor([&told] { return !told.isEmpty(); }, 2s));
        QCOMPARE(told, QStringList{u"team/default_snapshot_ttl_secs"_s});
    }

    /// The limit is looked at in the transaction that reserves, so that two programs cannot pass it
    /// together.
    void twoProgramsTogetherKeepTheLimit()
    {
        QVERIFY(m_one->settings.change(team, {{Setting::LargestSnapshotCount, 10}}, tester));
        std::atomic<int> accepted = 0;
        std::atomic<int> refused = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 50; ++i) {
            threads.emplace_back([&, program = i % 2 ? m_one.get() : m_other.get()] {
                CreateSnapshotRequest request;
                request.namespaceName = team;
                request.sandbox = SandboxId::trusted(u"sb-1"_s);
                request.caller = tester;
                const auto started = program->snapshots.create(request);
                accepted += started.has_value();
                refused += !started && started.error().kind == ErrorKind::LimitReached;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(accepted.load(), 10);
        QCOMPARE(refused.load(), 40);

        QVERIFY(m_other->settings.change(team, {{Setting::LargestSnapshotCount, 11}}, tester));
        CreateSnapshotRequest oneMore;
        oneMore.namespaceName = team;
        oneMore.sandbox = SandboxId::trusted(u"sb-1"_s);
        QVERIFY(m_one->snapshots.create(oneMore));
        QCOMPARE(m_one->snapshots.create(oneMore).error().kind, ErrorKind::LimitReached);
    }

private:
    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Program> m_one;
    std::unique_ptr<Program> m_other;
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"
