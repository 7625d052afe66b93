#pragma once

#include "services/domain/labels.h"

#include <QList>

#include <optional>

namespace sandglass {

/// What the labels of a container must be: "team=web,keep" selects those whose label "team" is
/// "web" and that have a label "keep", whatever its value.
class LabelSelector
{
public:
    /// InvalidArgument, with the part that is wrong: an empty one, spaces around a name, two parts
    /// about one name, labels of ours.
    [[nodiscard]] static Result<LabelSelector> parse(const QString &text);

    [[nodiscard]] bool matches(const Labels &labels) const;

private:
    struct Term
    {
        QString name;
        std::optional<QString> value; ///< nothing: any
    };
    QList<Term> m_terms; ///< all must hold; one at least
};

} // namespace sandglass
