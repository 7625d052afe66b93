#include "services/secrets/libsecret.h"

#include <QLibrary>

#include <gio/gio.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int libraryVersion = 0; // libsecret-1.so.0

} // namespace

Libsecret::~Libsecret()
{
    if (m_connection != nullptr)
        g_object_unref(m_connection);
}

void Libsecret::prepare()
{
    const std::lock_guard lock(m_mutex);
    if (m_connection == nullptr) {
        m_connection = g_bus_get_sync(G_BUS_TYPE_SESSION, nullptr, nullptr);
        if (m_connection != nullptr)
            g_dbus_connection_set_exit_on_close(m_connection, FALSE);
    }
    const auto disconnect = reinterpret_cast<void (*)()>(
        QLibrary::resolve(u"secret-1"_s, libraryVersion, "secret_service_disconnect"));
    if (disconnect != nullptr)
        disconnect();
}

} // namespace sandglass
