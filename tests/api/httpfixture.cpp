#include "tests/api/httpfixture.h"

#include "tests/api/rawclient.h"

#include <QTest>

namespace sandglass {

ApiResponse echo(const ApiRequest &request)
{
    return {
        200,
        "text/plain",
        {},
        request.method + ' ' + request.path + '?' + request.query + ' ' + request.body};
}

std::optional<ApiResponse> admitAll(const ApiRequest &)
{
    return std::nullopt;
}

void HttpFixture::startServer(
    HttpServer::Handler handler, HttpServerOptions options, HttpServer::Admission admission)
{
    m_server =
        std::make_unique<HttpServer>(std::move(options), std::move(admission), std::move(handler));
    const auto port = m_server->start();
    QVERIFY2(port, port ? "" : qPrintable(port.error().summary()));
    m_port = *port;
    QVERIFY(m_port != 0);
}

bool HttpFixture::answersAgain() const
{
    const auto answer = RawClient(m_port).ask(rawRequest("GET", "/again", m_port));
    return answer && answer->status == 200;
}

} // namespace sandglass
