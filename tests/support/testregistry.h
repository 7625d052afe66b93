#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace sandglass {

/// A real registry on loopback, as registry.sh makes them; gone with this object. Ends the test
/// program when the rig cannot do what it is asked: a test without its registry must fail.
class TestRegistry
{
public:
    inline static const QString user = QStringLiteral("alice"); ///< may do everything
    inline static const QString password = QStringLiteral("a pass>word?"); ///< of both users
    inline static const QString reader = QStringLiteral("robot"); ///< may only pull, with tokens

    /// The variant and the options of start_registry: {"login", "listen=[::1]", "delete=off"}.
    explicit TestRegistry(const QStringList &description = {QStringLiteral("plain")});
    ~TestRegistry();
    Q_DISABLE_COPY_MOVE(TestRegistry)

    [[nodiscard]] QString address() const; ///< "host:port", as in references of images
    [[nodiscard]] QString authoritiesFile() const; ///< ca.crt, when it speaks TLS
    [[nodiscard]] QString log() const; ///< what it wrote so far, with every request
    [[nodiscard]] bool hasTag(const QString &repository, const QString &tag) const; ///< in storage

    void stop(); ///< in order; its data stays
    void kill();
    void start(); ///< again, at the same address
    void freeze(); ///< takes connections and stays silent, until thaw()
    void thaw();

    /// Starts the fault proxy of a registry that speaks HTTP. Its address stands for the registry.
    [[nodiscard]] QString startFaultProxy();
    void setFaults(const QString &json); ///< see faultproxy.py

    /// Whether a shared engine believes this registry; `engine` is its folder.
    void trustAt(const QString &engine);
    void distrustAt(const QString &engine);

private:
    void run(const QString &function, const QStringList &arguments = {});
    [[nodiscard]] QString content(const QString &name) const;

    QTemporaryDir m_folder;
};

} // namespace sandglass
