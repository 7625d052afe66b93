#include "services/storage/database.h"
#include "tests/support/fakeclock.h"

#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

class QueryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = Database::open(m_folder->filePath(u"data/sandglass.db"_s), m_clock);
        QVERIFY(opened);
        m_database = std::move(*opened);
        QVERIFY(m_database->write([](Session &session) {
            return session.recordChange(Change::Subject::Setting, u"a"_s);
        }));
    }

    void cleanup()
    {
        m_database.reset();
        m_folder.reset();
    }

    void aQueryMayRunInsideItself()
    {
        const QString sql = u"SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT ?"_s;
        const auto numbers = m_database->read([&sql](Session &session) -> Result<QList<int>> {
            QList<int> seen;
            SANDGLASS_TRY(Query outer, session.run(sql, {30}));
            while (outer.next()) {
                seen.append(outer.value(0).toInt());
                SANDGLASS_TRY(Query inner, session.run(sql, {40}));
                while (inner.next())
                    seen.append(inner.value(0).toInt());
            }
            return seen;
        });
        QCOMPARE(*numbers, (QList<int>{1, 1, 2, 40, 2, 1, 2, 40, 30, 1, 2, 40}));
    }

    void aQueryThatWasNotReadToItsEndKeepsNothingOpen()
    {
        const auto first = [](Session &session) -> Result<int> {
            SANDGLASS_TRY(Query query, session.run(u"SELECT seq FROM changes ORDER BY seq"_s));
            return query.next() ? query.value(0).toInt() : 0;
        };
        QCOMPARE(*m_database->read(first), 1);
        const auto truncated = m_database->read([](Session &session) -> Result<int> {
            SANDGLASS_TRY(Query query, session.run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
            return query.next() ? query.value(0).toInt() : -1; // 1: a reader is in the way
        });
        QCOMPARE(*truncated, 0);
        QCOMPARE(*m_database->read(first), 1);
    }

    /// A pool is done before its threads have cleaned up after themselves.
    void nothingIsOpenAfterADatabase()
    {
        cleanup();
        for (int i = 0; i < 50; ++i) {
            init();
            QThreadPool pool;
            for (int thread = 0; thread < 4; ++thread) {
                pool.start([this] {
                    QVERIFY(m_database->read([](Session &session) -> Done {
                        SANDGLASS_CHECK(session.run(u"SELECT 1"_s));
                        return {};
                    }));
                });
            }
            QVERIFY(pool.waitForDone(10'000));
            cleanup();
            QCOMPARE(QSqlDatabase::connectionNames(), QStringList());
        }
    }

private:
    FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(QueryTest)
#include "tst_query.moc"
