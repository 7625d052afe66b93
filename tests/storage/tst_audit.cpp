#include "services/storage/auditlog.h"
#include "services/storage/auditverification.h"
#include "services/storage/database.h"
#include "services/storage/migrations.h"
#include "tests/support/fakeclock.h"

#include <QRandomGenerator>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 recordCount = 40;

AuditEntry someEntry(qint64 number)
{
    return {
        {u"ann"_s, u"sandglassd"_s, u"192.0.2.%1"_s.arg(number)},
        u"create_snapshot"_s,
        u"snap-%1"_s.arg(number % 7),
        number % 2 ? u"requested"_s : u"failed: 5:hello, “ünïcode”\n"_s,
        number % 3 ? QString() : u"because"_s,
    };
}

} // namespace

/// The audit, and whoever edits it with a tool for databases.
class AuditTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_database = std::move(*Database::open(m_folder.filePath(u"data/sandglass.db"_s), m_clock));
        QVERIFY(m_database->write([](Session &session) -> Done {
            for (qint64 number = 1; number <= recordCount; ++number)
                SANDGLASS_CHECK(appendAudit(session, someEntry(number)));
            return {};
        }));
        m_plain = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"plain"_s);
        m_plain.setDatabaseName(m_database->file());
        QVERIFY(m_plain.open());
    }

    void cleanupTestCase()
    {
        m_plain = {};
        QSqlDatabase::removeDatabase(u"plain"_s);
    }

    void init() { sql(u"BEGIN"_s); }
    void cleanup() { sql(u"ROLLBACK"_s); }

    void whatWasWrittenIsWhole()
    {
        const AuditReport report = verify();
        QCOMPARE(report.findings, QList<AuditFinding>());
        QCOMPARE(report.records, recordCount);
        QCOMPARE(report.lastSeq, recordCount);
        AuditFilter newest;
        newest.limit = 1;
        const AuditRecord last = list(newest).first();
        QCOMPARE(last.entry, someEntry(recordCount));
        QCOMPARE(last.hash, report.lastHash);
        QCOMPARE(last.hash, auditHash(last));
    }

    /// The encoding is a promise to whoever checks it with another tool.
    void hashIsThatOfTheDocumentedEncoding()
    {
        AuditRecord record;
        record.at = fromMilliseconds(1'700'000'000'000);
        record.entry = {{u"ann"_s, u"sandglass"_s, {}}, u"x"_s, u"é"_s, u"5:a,"_s, {}};
        // printf '0:,13:1700000000000,3:ann,9:sandglass,0:,1:x,2:é,4:5:a,,0:,' | sha256sum
        QCOMPARE(
            auditHash(record),
            u"1d8ceeb2d2de5d0662c34add8d4000a10c7a8b508cf241195dc1c8fe04f5d1ff"_s);
    }

    void recordsCannotBeChangedOrRemoved()
    {
        QSqlQuery query(m_plain);
        QVERIFY(!query.exec(u"UPDATE audit SET result = '' WHERE seq = 3"_s));
        QVERIFY(query.lastError().text().contains(u"append-only"_s));
        QVERIFY(!query.exec(u"DELETE FROM audit WHERE seq = 3"_s));
        QVERIFY(query.lastError().text().contains(u"append-only"_s));
    }

    void everyColumnIsProtected_data()
    {
        QTest::addColumn<QString>("change");
        for (const QString &column :
             {u"who_user"_s,
              u"who_program"_s,
              u"who_address"_s,
              u"action"_s,
              u"object"_s,
              u"result"_s,
              u"reason"_s,
              u"previous_hash"_s,
              u"hash"_s})
            QTest::newRow(qPrintable(column)) << column + u" = "_s + column + u" || 'x'"_s;
        QTest::newRow("at") << u"at = at + 1"_s;
        QTest::newRow("between fields")
            << u"result = '', reason = result, who_user = who_user || who_program, who_program = ''"_s;
    }

    void everyColumnIsProtected()
    {
        QFETCH(QString, change);
        for (const qint64 seq : {1LL, 17LL, recordCount}) {
            sql(u"SAVEPOINT one"_s);
            tamper(u"UPDATE audit SET %1 WHERE seq = %2"_s.arg(change).arg(seq));
            QVERIFY2(finds(seq, u"changed: record %1"_s.arg(seq)), qPrintable(found()));
            sql(u"ROLLBACK TO one"_s);
        }
    }

    /// Anything that can be done to rows, anywhere; numbers are made to fit again where one can.
    void tamperingIsFoundWhereItWasDone()
    {
        QRandomGenerator random(20'231'123);
        const auto pick = [&random](qint64 least, qint64 most) {
            return least + qint64(random.bounded(int(most - least + 1)));
        };
        for (int round = 0; round < 400; ++round) {
            sql(u"SAVEPOINT one"_s);
            const qint64 first = pick(2, recordCount - 6);
            const qint64 last = first + pick(0, 4);
            const qint64 count = last - first + 1;
            bool isFound = false;
            switch (round % 6) {
            case 0: // removed
                tamper(u"DELETE FROM audit WHERE seq BETWEEN %1 AND %2"_s.arg(first).arg(last));
                isFound = finds(first, u"removed: record"_s);
                break;
            case 1: // removed, and the hole closed
                tamper(u"DELETE FROM audit WHERE seq BETWEEN %1 AND %2"_s.arg(first).arg(last));
                renumber(last + 1, -count);
                sql(u"UPDATE audit_head SET seq = seq - %1"_s.arg(count));
                isFound = finds(first, u"removed: what was between"_s);
                break;
            case 2: // the last ones
                tamper(u"DELETE FROM audit WHERE seq >= %1"_s.arg(first));
                isFound = finds(recordCount, u"removed at the end: records %1 to"_s.arg(first));
                break;
            case 3: // a record that fits to the one before
                renumber(first, 1);
                forge(first);
                sql(u"UPDATE audit_head SET seq = seq + 1"_s);
                isFound = finds(first + 1, u"inserted or moved: record %1;"_s.arg(first));
                break;
            case 4: // one that fits to the last
                forge(recordCount + 1);
                isFound = finds(recordCount + 1, u"inserted at the end: record"_s);
                break;
            case 5: // another order
                tamper(u"UPDATE audit SET seq = -seq WHERE seq IN (%1, %2)"_s.arg(first).arg(
                    last + 1));
                sql(u"UPDATE audit SET seq = %1 + %2 + seq WHERE seq < 0"_s.arg(first).arg(
                    last + 1));
                isFound = finds(first, u"moved: record %1,"_s.arg(first));
                break;
            }
            QVERIFY2(isFound, qPrintable(u"round %1: %2"_s.arg(round).arg(found())));
            sql(u"ROLLBACK TO one"_s);
            QVERIFY(verify().isWhole());
        }
    }

    void theHeadIsProtected()
    {
        for (const QString &change :
             {u"UPDATE audit_head SET seq = seq - 1"_s,
              u"UPDATE audit_head SET hash = ''"_s,
              u"DELETE FROM audit_head"_s}) {
            sql(u"SAVEPOINT one"_s);
            sql(change);
            QVERIFY2(!verify().isWhole(), qPrintable(change));
            sql(u"ROLLBACK TO one"_s);
        }
    }

    void anEmptiedAuditIsFound()
    {
        tamper(u"DELETE FROM audit"_s);
        QVERIFY(finds(recordCount, u"removed at the end: records 1 to 40"_s));
    }

    void filters()
    {
        const auto count = [this](auto change) {
            AuditFilter filter;
            change(filter);
            return list(filter).size();
        };
        QCOMPARE(count([](AuditFilter &f) { f.object = u"snap-3"_s; }), 6);
        QCOMPARE(count([](AuditFilter &f) { f.object = u"snap-"_s; }), 0);
        QCOMPARE(count([](AuditFilter &f) { f.action = u"create_snapshot"_s; }), 40);
        QCOMPARE(count([](AuditFilter &f) { f.who = u"192.0.2.4"_s; }), 2); // .4 and .40
        QCOMPARE(count([](AuditFilter &f) { f.who = u"%"_s; }), 0);
        QCOMPARE(count([](AuditFilter &f) { f.who = u"ANN"_s; }), 40);
        QCOMPARE(count([](AuditFilter &f) { f.before = 3; }), 2);
        QCOMPARE(count([](AuditFilter &f) { f.after = 38; }), 2);
        QCOMPARE(count([this](AuditFilter &f) { f.since = m_clock.now(); }), 40);
        QCOMPARE(count([this](AuditFilter &f) { f.until = m_clock.now(); }), 0);
    }

    void anOlderAuditIsTakenOver()
    {
        QSqlDatabase old = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"old"_s);
        old.setDatabaseName(u":memory:"_s);
        QVERIFY(old.open());
        const QList<Migration> migrations = bundledMigrations().value();
        QVERIFY(migrate(old, migrations.mid(0, 1)));
        for (const QString &who :
             {u"ann (sandglass)"_s, u"api (sandglassd) from ::1"_s, u"odd"_s}) {
            QSqlQuery query(old);
            query.prepare(u"INSERT INTO audit (at, who, action, subject, result, reason) "
                          "VALUES (5, ?, 'create_sandbox', 'sb-1', 'requested', 'why')"_s);
            query.addBindValue(who);
            QVERIFY(query.exec());
        }
        QVERIFY(migrate(old, migrations));
        Session session(old, {});
        QVERIFY(verifyAudit(session)->isWhole());
        const QList<AuditRecord> records = listAudit(session, {}).value();
        QCOMPARE(records.size(), 3);
        QCOMPARE(records.at(0).entry.who, (Caller{u"odd"_s, {}, {}}));
        QCOMPARE(records.at(1).entry.who, (Caller{u"api"_s, u"sandglassd"_s, u"::1"_s}));
        QCOMPARE(records.at(2).entry.who, (Caller{u"ann"_s, u"sandglass"_s, {}}));
        QCOMPARE(toMilliseconds(records.at(2).at), 5);
    }

private:
    void sql(const QString &statement)
    {
        QSqlQuery query(m_plain);
        QVERIFY2(query.exec(statement), qPrintable(statement + query.lastError().text()));
    }

    /// With the triggers out of the way.
    void tamper(const QString &statement)
    {
        sql(u"DROP TRIGGER IF EXISTS audit_is_not_changed"_s);
        sql(u"DROP TRIGGER IF EXISTS audit_is_not_shortened"_s);
        sql(statement);
    }

    /// Moves the records from this number on by so many places.
    void renumber(qint64 from, qint64 by)
    {
        tamper(u"UPDATE audit SET seq = -(seq + %1) WHERE seq >= %2"_s.arg(by).arg(from));
        sql(u"UPDATE audit SET seq = -seq WHERE seq < 0"_s);
    }

    /// Adds a record with a right hash, which names the one before it.
    void forge(qint64 seq)
    {
        AuditFilter before;
        before.before = seq;
        before.limit = 1;
        AuditRecord record = list(before).first();
        record.previousHash = record.hash;
        record.entry.who.user = u"bob"_s;
        QSqlQuery query(m_plain);
        QVERIFY(query.prepare(u"INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s));
        const AuditEntry &entry = record.entry;
        for (const QVariant &value : QVariantList{
                 seq,
                 toMilliseconds(record.at),
                 entry.who.user,
                 entry.who.program,
                 entry.who.address,
                 entry.action,
                 entry.object,
                 entry.result,
                 nonNull(entry.reason),
                 record.previousHash,
                 auditHash(record)})
            query.addBindValue(value);
        QVERIFY2(query.exec(), qPrintable(query.lastError().text()));
    }

    AuditReport verify()
    {
        Session session(m_plain, {});
        return verifyAudit(session).value();
    }

    QList<AuditRecord> list(const AuditFilter &filter)
    {
        Session session(m_plain, {});
        return listAudit(session, filter).value();
    }

    bool finds(qint64 seq, const QString &begin)
    {
        const QList<AuditFinding> findings = verify().findings;
        return std::any_of(findings.begin(), findings.end(), [&](const AuditFinding &finding) {
            return finding.seq == seq && finding.what.startsWith(begin);
        });
    }

    QString found()
    {
        QStringList lines;
        for (const AuditFinding &finding : verify().findings)
            lines.append(u"%1 %2"_s.arg(finding.seq).arg(finding.what));
        return lines.join(u'\n');
    }

    FakeClock m_clock;
    QTemporaryDir m_folder;
    std::unique_ptr<Database> m_database;
    QSqlDatabase m_plain;
};

QTEST_GUILESS_MAIN(AuditTest)
#include "tst_audit.moc"
