#pragma once

#include "services/net/httptransport.h"

#include <QTest>

namespace sandglass {

using Scheme = EngineAddress::Scheme;

inline HttpRequest get(const QString &path)
{
    HttpRequest request;
    request.path = path;
    return request;
}

inline HttpRequest post(const QString &path, const QByteArray &body = "{}")
{
    HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    return request;
}

/// Data rows for a test that runs over both.
inline void schemes()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::newRow("unix") << Scheme::Unix;
    QTest::newRow("tcp") << Scheme::Tcp;
}

} // namespace sandglass
