#include "services/registry/contentdigest.h"
#include "services/registry/registryclient.h"
#include "tests/registry/registryrig.h"

#include <QTest>

using namespace sandglass;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr const char *ociIndexType = "application/vnd.oci.image.index.v1+json";
constexpr const char *ociImageType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char *dockerListType = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char *dockerImageType = "application/vnd.docker.distribution.manifest.v2+json";

const QString unknownDigest = digestOf("nobody has this");

QByteArray words(const Done &done)
{
    return done ? QByteArray("it worked") : done.error().summary().toUtf8();
}

template <class T> QByteArray words(const Result<T> &result)
{
    return result ? QByteArray("it worked") : result.error().summary().toUtf8();
}

QByteArray
refers(const QByteArray &schema, const QString &digest, qsizetype size, const QByteArray &mediaType)
{
    QByteArray text = schema;
    return text.replace("DIGEST", digest.toUtf8())
        .replace("SIZE", QByteArray::number(size))
        .replace("TYPE", mediaType);
}

} // namespace

class RegistryClientTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aManifestIsFoundByTagAndByDigest()
    {
        RegistryRig registry({u"plain"_s});
        const QByteArray bytes = registry.putImage(u"v1"_s, "layer");
        RegistryClient client(registry.description(), {});
        QVERIFY(client.ping());
        for (const QString &reference : {u"v1"_s, digestOf(bytes)}) {
            const auto found = client.findManifest(reference);
            QVERIFY2(found, words(found));
            QCOMPARE(
                **found,
                (ManifestDescriptor{
                    digestOf(bytes), bytes.size(), QString::fromLatin1(dockerImageType)}));
            const auto manifest = client.manifest(reference);
            QVERIFY2(manifest, words(manifest));
            QCOMPARE(manifest->bytes, bytes);
            QCOMPARE(manifest->digest, digestOf(bytes));
            QCOMPARE(manifest->layers.first().digest, digestOf("layer"));
            QVERIFY(!manifest->isList());
        }
    }

    void whatIsNotThereIsNoErrorButToBeRead()
    {
        RegistryRig registry({u"plain"_s});
        registry.putImage(u"v1"_s, "layer");
        RegistryClient client(registry.description(), {});
        for (const QString &reference : {u"v2"_s, unknownDigest}) {
            const auto found = client.findManifest(reference);
            QVERIFY2(found, words(found));
            QVERIFY(!*found);
            const auto manifest = client.manifest(reference);
            QVERIFY(!manifest);
            QCOMPARE(manifest.error().kind, ErrorKind::NotFound);
            QVERIFY(manifest.error().remoteMessage.startsWith("MANIFEST_UNKNOWN: "_L1));
        }
        const auto blob = client.hasBlob(unknownDigest);
        QVERIFY2(blob, words(blob));
        QVERIFY(!*blob);
        QCOMPARE(
            client.readBlob(unknownDigest, [](QByteArrayView) { return Done(); }).error().kind,
            ErrorKind::NotFound);
    }

    void everyKindOfManifestIsServedAsItWasPut_data()
    {
        QTest::addColumn<QByteArray>("mediaType");
        QTest::addColumn<QByteArray>("childType");
        QTest::newRow("an image of Docker") << QByteArray(dockerImageType) << QByteArray();
        QTest::newRow("an OCI image") << QByteArray(ociImageType) << QByteArray();
        QTest::newRow("a list of Docker")
            << QByteArray(dockerListType) << QByteArray(dockerImageType);
        QTest::newRow("an OCI index") << QByteArray(ociIndexType) << QByteArray(ociImageType);
    }
    void everyKindOfManifestIsServedAsItWasPut()
    {
        QFETCH(const QByteArray, mediaType);
        QFETCH(const QByteArray, childType);
        RegistryRig registry({u"plain"_s});
        const QString blob = registry.putBlob("{}");
        const QByteArray image = refers(
            R"({"schemaVersion":2,"mediaType":"TYPE","config":{"mediaType":"application/octet-stream","size":SIZE,"digest":"DIGEST"},)"
            R"("layers":[{"mediaType":"application/octet-stream","size":SIZE,"digest":"DIGEST"}]})",
            blob,
            2,
            childType.isEmpty() ? mediaType : childType);
        const QString child =
            registry.putManifest(u"child"_s, image, childType.isEmpty() ? mediaType : childType);
        QByteArray bytes = image;
        if (!childType.isEmpty()) {
            bytes = refers(
                R"({"schemaVersion":2,"mediaType":"LIST","manifests":[{"mediaType":"TYPE","size":SIZE,"digest":"DIGEST",)"
                R"("platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]})",
                child,
                image.size(),
                childType);
            bytes.replace("LIST", mediaType);
        }
        registry.putManifest(u"v1"_s, bytes, mediaType);

        RegistryClient client(registry.description(), {});
        const auto found = client.findManifest(u"v1"_s);
        QVERIFY2(found, words(found));
        QCOMPARE((*found)->mediaType, QString::fromLatin1(mediaType));
        QCOMPARE((*found)->digest, digestOf(bytes));
        const auto manifest = client.manifest(u"v1"_s);
        QVERIFY2(manifest, words(manifest));
        QCOMPARE(manifest->bytes, bytes);
        QCOMPARE(manifest->isList(), !childType.isEmpty());
        if (manifest->isList()) {
            QCOMPARE(
                manifest->children,
                (QList<ContentDescriptor>{
                    {child, image.size(), QString::fromLatin1(childType), u"linux/arm64/v8"_s}}));
        } else {
            QCOMPARE(manifest->config->digest, blob);
        }
    }

    void aBlobIsReadInPieces()
    {
        RegistryRig registry({u"plain"_s});
        const QByteArray content(5 * 1024 * 1024, 'x');
        const QString digest = registry.putBlob(content);
        RegistryClient client(registry.description(), {});
        const auto has = client.hasBlob(digest);
        QVERIFY2(has, words(has));
        QVERIFY(*has);
        QByteArray got;
        int pieces = 0;
        const Done read = client.readBlob(digest, [&](QByteArrayView part) -> Done {
            got.append(part);
            ++pieces;
            return {};
        });
        QVERIFY2(read, words(read));
        QVERIFY(got == content);
        QVERIFY(pieces > 1);
    }

    void tagsAreListed()
    {
        RegistryRig registry({u"plain"_s});
        RegistryClient client(registry.description(), {});
        auto tags = client.tags();
        QVERIFY2(tags, words(tags)); // of a repository that nobody knows
        QCOMPARE(*tags, QStringList());
        const QByteArray bytes = registry.putImage(u"one"_s, "layer");
        registry.putManifest(u"two"_s, bytes, dockerImageType);
        tags = client.tags();
        QVERIFY2(tags, words(tags));
        tags->sort();
        QCOMPARE(*tags, (QStringList{u"one"_s, u"two"_s}));
        QVERIFY(client.deleteManifest(digestOf(bytes)));
        tags = client.tags(); // of one that lost its last manifest
        QVERIFY2(tags, words(tags));
        QCOMPARE(*tags, QStringList());
    }

    void deletingTakesEveryTagAway()
    {
        RegistryRig registry({u"plain"_s});
        const QByteArray bytes = registry.putImage(u"one"_s, "layer");
        registry.putManifest(u"two"_s, bytes, dockerImageType);
        RegistryClient client(registry.description(), {});
        for (int round = 0; round < 2; ++round) {
            const Done deleted = client.deleteManifest(digestOf(bytes));
            QVERIFY2(deleted, words(deleted));
            for (const QString &reference : {u"one"_s, u"two"_s, digestOf(bytes)}) {
                const auto found = client.findManifest(reference);
                QVERIFY2(found, words(found));
                QVERIFY(!*found);
            }
        }
    }

    void deletionMayBeDisabled()
    {
        RegistryRig registry({u"plain"_s, u"delete=off"_s});
        const QByteArray bytes = registry.putImage(u"v1"_s, "layer");
        RegistryClient client(registry.description(), {});
        const Done deleted = client.deleteManifest(digestOf(bytes));
        QVERIFY(!deleted);
        QCOMPARE(deleted.error().kind, ErrorKind::Unsupported);
        QCOMPARE(deleted.error().detail, u"deletion is disabled at this registry"_s);
        QVERIFY(*client.findManifest(u"v1"_s));
    }

    void aPasswordOverTlsWithAnOwnAuthority()
    {
        RegistryRig registry({u"login"_s});
        const QByteArray bytes = registry.putImage(u"v1"_s, "layer");
        RegistryClient client(registry.description(), alice());
        QVERIFY2(client.ping(), words(client.ping()));
        const auto found = client.findManifest(u"v1"_s);
        QVERIFY2(found, words(found));
        QCOMPARE((*found)->digest, digestOf(bytes));
        QVERIFY(client.deleteManifest(digestOf(bytes)));

        RegistryClient nobody(registry.description(), {});
        QCOMPARE(nobody.ping().error().kind, ErrorKind::Unauthorized);
        RegistryClient stranger(
            registry.description(), Credential{u"alice"_s, Secret("wrong-password"), {}});
        const Error refused = stranger.ping().error();
        QCOMPARE(refused.kind, ErrorKind::Unauthorized);
        QVERIFY(refused.remoteMessage.startsWith("UNAUTHORIZED: "_L1));
        QVERIFY(!refused.summary().contains("wrong-password"_L1));
    }

    void aCertificateThatNobodyVouchesForIsRefused()
    {
        RegistryRig registry({u"login"_s});
        Registry description = registry.description();
        description.authoritiesFile.clear();
        const Error error = RegistryClient(description, alice()).ping().error();
        QCOMPARE(error.kind, ErrorKind::Untrusted);
        QCOMPARE(
            error.detail,
            u"log in: nobody in this system's list of authorities vouches for the registry's "
            "certificate"_s);
    }

    void tokensAllowWhatTheUserMay()
    {
        RegistryRig registry({u"token"_s});
        RegistryClient all(registry.description(), alice());
        RegistryClient reader(registry.description(), robot());
        QVERIFY2(all.ping(), words(all.ping()));
        const auto found = all.findManifest(u"v1"_s);
        QVERIFY2(found, words(found));
        QVERIFY2(all.deleteManifest(unknownDigest), words(all.deleteManifest(unknownDigest)));

        QVERIFY2(reader.ping(), words(reader.ping()));
        QVERIFY2(reader.findManifest(u"v1"_s), words(reader.findManifest(u"v1"_s)));
        const Done deleted = reader.deleteManifest(unknownDigest);
        QCOMPARE(deleted.error().kind, ErrorKind::PermissionDenied);
        const auto begun = reader.tryUpload();
        QCOMPARE(begun.error().kind, ErrorKind::PermissionDenied);

        RegistryClient stranger(
            registry.description(), Credential{u"alice"_s, Secret("wrong"), {}});
        QCOMPARE(stranger.ping().error().kind, ErrorKind::Unauthorized);
        RegistryClient nobody(registry.description(), {});
        QCOMPARE(nobody.findManifest(u"v1"_s).error().kind, ErrorKind::Unauthorized);
    }

    void anIdentityTokenIsTakenWhereOnlyGetIsKnown()
    {
        RegistryRig registry({u"token"_s});
        const Credential credential{u"alice"_s, {}, alice().password};
        RegistryClient client(registry.description(), credential);
        QVERIFY2(client.ping(), words(client.ping()));
        QVERIFY2(client.findManifest(u"v1"_s), words(client.findManifest(u"v1"_s)));
    }

    void tokensOverTls()
    {
        RegistryRig registry({u"token"_s, u"tls=on"_s});
        RegistryClient client(registry.description(), alice());
        QVERIFY2(client.ping(), words(client.ping()));
        QVERIFY2(client.findManifest(u"v1"_s), words(client.findManifest(u"v1"_s)));
    }

    void whatWouldReachAnotherPathIsRefused_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::newRow("empty") << u""_s;
        QTest::newRow("up") << u"../../_catalog"_s;
        QTest::newRow("a digest that is none") << u"sha256:abc"_s;
        QTest::newRow("a query") << u"v1?x=1"_s;
    }
    void whatWouldReachAnotherPathIsRefused()
    {
        QFETCH(const QString, reference);
        Registry registry;
        registry.host = u"127.0.0.1:1"_s;
        registry.repository = u"x"_s;
        RegistryClient client(registry, {});
        QCOMPARE(client.findManifest(reference).error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(client.manifest(reference).error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(client.deleteManifest(reference).error().kind, ErrorKind::InvalidArgument);
        QCOMPARE(client.hasBlob(reference).error().kind, ErrorKind::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(RegistryClientTest)
#include "tst_registryclient.moc"
