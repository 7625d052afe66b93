#include "tests/operations/servicerig.h"
#include "tests/support/waitfor.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>

using namespace sandglass;

namespace {

const QJsonObject ofIndexify{
    {u"Labels"_s, QJsonObject{{u"managed"_s, u"true"_s}, {u"team"_s, u"blue"_s}}},
    {u"Env"_s, QJsonArray{u"TOKEN=secret"_s, u"COLOUR=blue"_s}}};

AdoptRequest adoptRequest(const QString &container)
{
    AdoptRequest request;
    request.namespaceName = ServiceRig::space();
    request.engine = ServiceRig::engineName();
    request.container = container;
    request.caller = ServiceRig::caller();
    return request;
}

} // namespace

/// Containers that others made, on a real engine.
class AdoptionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_rig = std::make_unique<ServiceRig>(); }
    void cleanup() { m_rig.reset(); }

    void containersAreListedWithTheirMakers()
    {
        const Sandbox own = m_rig->makeSandbox();
        const QString theirs = m_rig->makeForeignContainer(u"indexify-sandbox-1"_s, ofIndexify);
        const QString other = m_rig->makeForeignContainer(u"a-database"_s);
        const auto all = m_rig->useCases().adoptions.containers(ServiceRig::engineName());
        QVERIFY(all);
        const auto find = [&all](const QString &id) {
            return *std::find_if(all->begin(), all->end(), [&id](const EngineContainer &each) {
                return each.id == id;
            });
        };
        QCOMPARE(find(own.containerId).maker, ContainerMaker::Sandglass);
        QCOMPARE(find(own.containerId).sandbox, own.id);
        QVERIFY(!find(own.containerId).isAdoptable());
        QCOMPARE(find(theirs).maker, ContainerMaker::Indexify);
        QVERIFY(find(theirs).isAdoptable());
        QCOMPARE(find(theirs).state, u"running"_s);
        QCOMPARE(find(other).maker, ContainerMaker::Other);
        QVERIFY(find(other).isAdoptable());
        QCOMPARE(all->first().id, theirs);
    }

    void adoptingAndLettingGoTouchesNothing()
    {
        const QString id = m_rig->makeForeignContainer(u"indexify-sandbox-2"_s, ofIndexify);
        const QJsonObject before = description(id);
        const Sandbox sandbox = adopted(u"indexify-sandbox-2"_s);
        QCOMPARE(sandbox.containerId, id);
        QCOMPARE(sandbox.origin, SandboxOrigin::Adopted);
        QCOMPARE(sandbox.status, SandboxStatus::Running);
        QCOMPARE(sandbox.displayName, u"indexify-sandbox-2"_s);
        QCOMPARE(sandbox.config.image, u"sandbox-base:busybox"_s);
        QCOMPARE(m_rig->sandbox(sandbox.id), sandbox);
        QCOMPARE(adopted(id).id, sandbox.id); // once more is no second sandbox
        AdoptRequest elsewhere = adoptRequest(id);
        elsewhere.namespaceName = NamespaceName::trusted(u"other"_s);
        AdoptionService &adoptions = m_rig->useCases().adoptions;
        QCOMPARE(adoptions.adopt(elsewhere).error().kind, ErrorKind::Conflict);

        QCOMPARE(
            adoptions.release(elsewhere.namespaceName, sandbox.id, {}).error().kind,
            ErrorKind::NotFound);
        QVERIFY(adoptions.release(ServiceRig::space(), sandbox.id, ServiceRig::caller()));
        QCOMPARE(m_rig->sandbox(sandbox.id).status, SandboxStatus::Released);
        QVERIFY(m_rig->useCases().sandboxes.list({})->isEmpty());
        QCOMPARE(
            adoptions.release(ServiceRig::space(), sandbox.id, {}).error().kind,
            ErrorKind::Conflict);
        QCOMPARE(description(id), before);
        QVERIFY(adopted(id).id != sandbox.id);
    }

    void whatCannotBeAdoptedIsRefused()
    {
        AdoptionService &adoptions = m_rig->useCases().adoptions;
        const Sandbox own = m_rig->makeSandbox();
        QCOMPARE(adoptions.adopt(adoptRequest(own.containerId)).error().kind, ErrorKind::Conflict);
        QCOMPARE(
            adoptions.release(ServiceRig::space(), own.id, {}).error().kind, ErrorKind::Conflict);
        QCOMPARE(adoptions.adopt(adoptRequest(u"nobody"_s)).error().kind, ErrorKind::NotFound);
        QCOMPARE(
            adoptions.adopt(adoptRequest(u"../images"_s)).error().kind, ErrorKind::InvalidArgument);
        AdoptRequest request = adoptRequest(u"nobody"_s);
        request.engine = EngineName::trusted(u"nowhere"_s);
        QCOMPARE(adoptions.adopt(request).error().kind, ErrorKind::NotFound);
        request.secretNames = {u"A B"_s};
        QCOMPARE(adoptions.adopt(request).error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(m_rig->useCases().sandboxes.list({})->size(), 1);
    }

    void adoptedContainersAreFollowed()
    {
        const QString id = m_rig->makeForeignContainer(u"followed"_s);
        const Sandbox sandbox = adopted(id);
        QVERIFY(m_rig->engine().pauseContainer(id));
        QVERIFY(
            waitFor([&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Paused; }));
        QVERIFY(m_rig->engine().unpauseContainer(id));
        QVERIFY(
            waitFor([&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Running; }));
        QVERIFY(m_rig->engine().removeContainer(id));
        QVERIFY(
            waitFor([&] { return m_rig->sandbox(sandbox.id).status == SandboxStatus::Missing; }));
        QVERIFY(m_rig->useCases().adoptions.release(
            ServiceRig::space(), sandbox.id, ServiceRig::caller()));
    }

    void snapshotOfAnAdoptedOneIsRestoredAsOurOwn()
    {
        const QString id = m_rig->makeForeignContainer(u"indexify-sandbox-3"_s, ofIndexify);
        QCOMPARE(m_rig->run(id, u"echo kept > /file"_s), QByteArray());
        AdoptRequest request = adoptRequest(id);
        request.secretNames = {u"TOKEN"_s};
        const auto sandbox = m_rig->useCases().adoptions.adopt(request);
        QVERIFY(sandbox);
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox->id, 0));
        const ContainerDetails original = m_rig->engine().inspectContainer(id).value();
        QVERIFY(original.running && !original.paused);
        QCOMPARE(original.labels.value(label::indexifyManaged), u"true"_s);

        const Sandbox restored = m_rig->restore(snapshot.id);
        QCOMPARE(restored.origin, SandboxOrigin::Created);
        QCOMPARE(m_rig->run(restored.containerId, u"cat /file"_s), QByteArray("kept\n"));
        QCOMPARE(m_rig->run(restored.containerId, u"echo $COLOUR $TOKEN"_s), QByteArray("blue\n"));
        const Labels labels = m_rig->engine().inspectContainer(restored.containerId)->labels;
        // Indexify must not take it for one of its own.
        QCOMPARE(labels.value(label::indexifyManaged), QString());
        QCOMPARE(labels.value(u"team"_s), u"blue"_s);
        QCOMPARE(labels.value(label::sandboxId), restored.id.text());

        // After the database is lost, nobody claims the container, but the snapshot is whole.
        m_rig->removeDatabase();
        m_rig->open();
        QVERIFY(m_rig->useCases().rebuild.rebuild(ServiceRig::caller()));
        QCOMPARE(m_rig->sandbox(sandbox->id).status, SandboxStatus::Released);
        QCOMPARE(m_rig->snapshot(snapshot.id).config, snapshot.config);
    }

    void aSnapshotInTheMakingHoldsOnToItsSandbox()
    {
        const QString id = m_rig->makeForeignContainer(u"busy"_s);
        const Sandbox sandbox = adopted(id);
        (void)m_rig->run(id, u"dd if=/dev/zero of=/big bs=1048576 count=200"_s);
        const auto started =
            m_rig->useCases().snapshots.create(ServiceRig::snapshotRequest(sandbox.id, 0));
        QVERIFY(started);
        const Done refused = m_rig->useCases().adoptions.release(
            ServiceRig::space(), sandbox.id, ServiceRig::caller());
        QVERIFY(m_rig->waitForEnd(started->operation));
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().detail.contains(started->operation.text()));
        QVERIFY(m_rig->useCases().adoptions.release(
            ServiceRig::space(), sandbox.id, ServiceRig::caller()));
        QVERIFY(!m_rig->engine().inspectContainer(id)->paused);
    }

    void onlyAnExplicitWordRemovesAnAdoptedContainer()
    {
        const QString id = m_rig->makeForeignContainer(u"precious"_s);
        const Sandbox sandbox = adopted(id);
        SandboxService &sandboxes = m_rig->useCases().sandboxes;
        const auto refused =
            sandboxes.terminate(ServiceRig::space(), sandbox.id, ServiceRig::caller());
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().detail.contains(u"precious"_s));
        QVERIFY(m_rig->engine().inspectContainer(id)->running);
        const auto terminated = sandboxes.terminate(
            ServiceRig::space(), sandbox.id, ServiceRig::caller(), AdoptedContainer::Remove);
        QVERIFY(terminated);
        QVERIFY(m_rig->waitForEnd(*terminated));
        QCOMPARE(m_rig->engine().inspectContainer(id).error().kind, ErrorKind::NotFound);
    }

    /// Whatever is done next to them, containers and images of others stay as they are.
    void othersAreNeverTouched()
    {
        const QString other = m_rig->makeForeignContainer(u"bystander"_s, ofIndexify);
        CommitRequest commit;
        commit.containerId = other;
        commit.repository = u"bystander"_s;
        commit.tag = u"1"_s;
        const auto image = m_rig->engine().commit(commit);
        QVERIFY(image);
        const QJsonObject before = description(other);
        const Sandbox sandbox = m_rig->makeSandbox();
        const Snapshot snapshot = m_rig->makeSnapshot(ServiceRig::snapshotRequest(sandbox.id, 0));
        const Sandbox restored = m_rig->restore(snapshot.id);
        m_rig->terminate(restored.id);
        m_rig->terminate(sandbox.id);
        const auto deleted = m_rig->useCases().snapshots.remove(
            {ServiceRig::space(), snapshot.id, ServiceRig::caller()});
        QVERIFY(deleted);
        QVERIFY(m_rig->waitForEnd(*deleted->operation));
        m_rig->removeDatabase();
        m_rig->open();
        QVERIFY(m_rig->useCases().rebuild.rebuild(ServiceRig::caller()));
        m_rig->close();
        QCOMPARE(description(other), before);
        QVERIFY(m_rig->engine().inspectImage(*image));
        QVERIFY(m_rig->engine().removeImage(u"bystander:1"_s));
    }

private:
    Sandbox adopted(const QString &container)
    {
        const auto sandbox = m_rig->useCases().adoptions.adopt(adoptRequest(container));
        if (!sandbox)
            qWarning() << sandbox.error().summary();
        return sandbox.value_or(Sandbox());
    }

    /// All that the engine says of what a container is, not of how it does.
    QJsonObject description(const QString &id)
    {
        const ContainerDetails container = m_rig->engine().inspectContainer(id).value();
        return {
            {u"name"_s, container.name},
            {u"state"_s, container.state},
            {u"config"_s, container.config},
            {u"host"_s, container.hostConfig}};
    }

    std::unique_ptr<ServiceRig> m_rig;
};

QTEST_GUILESS_MAIN(AdoptionTest)
#include "tst_adoption.moc"
