#pragma once

#include "services/api/apimessage.h"
#include "services/api/jsonbody.h"
#include "services/core/result.h"
#include "services/domain/caller.h"

#include <QHash>
#include <QStringList>

#include <functional>
#include <optional>

namespace sandglass {

/// A request whose path and query were understood, as a route gets it.
struct RouteRequest
{
    QHash<QString, QString>
        captured; ///< what stands in the path for "{name}"; decoded, not checked
    QHash<QString, QString> query; ///< decoded; only names that the route knows
    QByteArray body;
    QString idempotencyKey; ///< of the header Idempotency-Key; empty: none
    Caller caller;

    /// The id or name that stands in the path for "{name}". InvalidArgument when it is none.
    template <class Identifier> [[nodiscard]] Result<Identifier> id(const QString &name) const
    {
        return Identifier::parse(captured.value(name));
    }

    /// The parameter "limit" of a list by pages; 100 when it is not given. InvalidArgument.
    [[nodiscard]] Result<int> pageLimit() const;

    /// A parameter of the query that is a whole number; nothing when it is not given.
    /// InvalidArgument.
    [[nodiscard]] Result<std::optional<qint64>> number(const QString &name) const;

    /// A parameter of the query that is "true" or "false"; false when it is not given.
    /// InvalidArgument for any other text.
    [[nodiscard]] Result<bool> flag(const QString &name) const;
};

/// One call of the API.
struct Route
{
    QByteArray method; ///< a GET also answers HEAD
    QString pattern; ///< "/v1/engines/{name}"
    QStringList queryNames; ///< other names in the query are refused: they may be typos
    std::function<Result<ApiResponse>(const RouteRequest &)> handle;
};

/// Finds the route of a request by the segments of its path. Immutable once it answers, so any
/// thread.
class Router
{
public:
    void add(Route route);
    [[nodiscard]] const QList<Route> &routes() const { return m_routes; }

    /// What the route answers, or: 404 for an unknown path, 405 with Allow for another method, 400
    /// for a path, a query or an Idempotency-Key that is not well-formed; a route's error by its
    /// kind.
    [[nodiscard]] ApiResponse answer(const ApiRequest &request) const;

private:
    QList<Route> m_routes;
};

} // namespace sandglass
