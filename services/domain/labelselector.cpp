#include "services/domain/labelselector.h"

#include <algorithm>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype longestSelector = 1024;

tl::unexpected<Error> wrongSelector(const QString &why)
{
    return failure(ErrorKind::InvalidArgument, u"the label selector: "_s + why);
}

} // namespace

Result<LabelSelector> LabelSelector::parse(const QString &text)
{
    if (text.size() > longestSelector)
        return wrongSelector(u"it is longer than %1 characters"_s.arg(longestSelector));
    LabelSelector selector;
    for (const QString &part : text.split(u',')) {
        Term term;
        term.name = part.section(u'=', 0, 0);
        if (part.contains(u'='))
            term.value = part.section(u'=', 1);
        if (term.name.isEmpty() || term.name != term.name.trimmed()) {
            return wrongSelector(
                u"\"%1\" is not name=value or name; parts are separated by a comma alone"_s.arg(
                    part.left(80)));
        }
        if (term.name.startsWith(label::prefix))
            return wrongSelector(u"\"%1\" is a label of Sandglass's own"_s.arg(term.name.left(80)));
        const bool isTwice =
            std::any_of(selector.m_terms.begin(), selector.m_terms.end(), [&](const Term &other) {
                return other.name == term.name;
            });
        if (isTwice)
            return wrongSelector(u"\"%1\" is in it twice"_s.arg(term.name.left(80)));
        selector.m_terms.append(term);
    }
    return selector;
}

bool LabelSelector::matches(const Labels &labels) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&labels](const Term &term) {
        const auto it = labels.constFind(term.name);
        return it != labels.constEnd() && (!term.value || *it == *term.value);
    });
}

} // namespace sandglass
