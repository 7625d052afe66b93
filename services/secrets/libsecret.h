#pragma once

#include <mutex>

struct _GDBusConnection;

namespace sandglass {

/// What libsecret, which QtKeychain loads, has to be told (seen with libsecret 0.20.5).
/// Thread-safe.
class Libsecret
{
public:
    Libsecret() = default;
    ~Libsecret();
    Libsecret(const Libsecret &) = delete;
    Libsecret &operator=(const Libsecret &) = delete;

    /// Call it before each use, when the bus is known to answer.
    ///
    /// It keeps the program alive when its D-Bus session ends: libsecret uses GLib's shared
    /// connection, which ends the process along with the bus (exit-on-close). And it has libsecret
    /// forget the keychain that it knew: one that was started anew since would refuse it for ever
    /// ("The session does not exist").
    void prepare();

private:
    std::mutex m_mutex;
    _GDBusConnection *m_connection = nullptr; ///< held: GLib would forget what it was told
};

} // namespace sandglass
