#pragma once

#include "services/net/httptransport.h"

#include <QSslConfiguration>
#include <QUrl>

namespace sandglass {

/// A request to a web host.
struct WebRequest : HttpMessage
{
    QUrl url; ///< "https://host[:port]/path?query" or http; goes on the wire as it stands here
};

/// Who may vouch for a web host.
struct WebAuthorities
{
    QString file; ///< PEM, read once by each transport; empty: those whom the system trusts
    bool besidesSystem = false; ///< the file's add to the system's; otherwise they replace them

    bool operator==(const WebAuthorities &) const = default;
};

/// The one HTTP seam to hosts of the web, such as registries: values in, values out. Uses the
/// system's proxies (WebProxies); neither cookies nor a cache; follows no redirect; answers no
/// challenge; takes a body as it was sent, not decompressed; accepts no certificate with anything
/// wrong about it. Used by one thread at a time, any thread but the main thread: send() blocks
/// until the answer is complete.
class WebTransport
{
public:
    /// `owner` is whose certificate errors tell of: "the registry".
    WebTransport(QString owner, WebAuthorities authorities);
    ~WebTransport();
    WebTransport(const WebTransport &) = delete;
    WebTransport &operator=(const WebTransport &) = delete;

    /// Sends and waits. An answer with any status is a value; errors: Unreachable, Untrusted,
    /// TimedOut, Cancelled, Protocol, InvalidArgument when the URL is neither http nor https, each
    /// with origin "https://host[:port] METHOD path". No error has anything of the query, a header
    /// or the body in it. What is not GET, HEAD or DELETE is never sent twice.
    [[nodiscard]] Result<HttpResponse>
    send(const WebRequest &request, const CancelToken &cancel = {});

private:
    [[nodiscard]] Done readAuthorities();

    QString m_owner;
    WebAuthorities m_authorities;
    std::unique_ptr<QNetworkAccessManager> m_network; // null before the first request
    QSslConfiguration m_tls;
};

/// "https://host[:port]": two URLs with the same one belong together, and a login given to one may
/// be shown to the other. Pure.
[[nodiscard]] QString webOriginOf(const QUrl &url);

} // namespace sandglass
