#pragma once

#include "services/core/error.h"

namespace sandglass {

/// An error in words for people (design, section 10). Translated; plain text, no markup.
struct ErrorSentence
{
    QString whatHappened;
    QString whatItMeans; ///< may be empty
    QString whatToDo; ///< may be empty
    QString engineWords; ///< the remote's message verbatim; empty when it said nothing
    Remote remote = Remote::Engine; ///< whose words these are

    bool operator==(const ErrorSentence &) const = default;

    /// All parts as one paragraph, for the API, the log and the clipboard.
    [[nodiscard]] QString text() const;
};

/// The one place that turns errors into sentences. Pure; any thread.
[[nodiscard]] ErrorSentence sentenceFor(const Error &error);

/// What an operator must know of an engine that speaks plain TCP. Pure; any thread.
[[nodiscard]] QString exposedEngineSentence(const QString &address);

/// What an operator must know of a registry that speaks plain HTTP. Pure; any thread.
[[nodiscard]] QString exposedRegistrySentence(const QString &host);

} // namespace sandglass
