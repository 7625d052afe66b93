#pragma once

#include "services/core/secret.h"

#include <QString>

namespace sandglass {

/// With what a registry lets somebody in.
struct Credential
{
    QString username; ///< not secret; empty when the identity token says all
    Secret password;
    /// Docker's "<token>" login: an OAuth2 refresh token; empty otherwise.
    Secret identityToken;
};

} // namespace sandglass
