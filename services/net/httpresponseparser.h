#pragma once

#include "services/core/result.h"

#include <QByteArray>
#include <QList>
#include <QPair>

#include <memory>

namespace sandglass {

struct HttpResponseHead
{
    int status = 0;
    QByteArray reason;
    QList<QPair<QByteArray, QByteArray>> headers;
};

/// Reads one HTTP/1.x answer from bytes as they come, in pieces of any size. Answers of the 1xx
/// class before it are skipped. A head, and a line between chunks, may have at most largestHead
/// bytes; a body any length.
class HttpResponseParser
{
public:
    static constexpr qsizetype largestHead = 64 * 1024;

    /// `bodiless`: the answer to a HEAD request, which has no body whatever its head says.
    explicit HttpResponseParser(bool bodiless);
    ~HttpResponseParser();
    HttpResponseParser(const HttpResponseParser &) = delete;
    HttpResponseParser &operator=(const HttpResponseParser &) = delete;

    /// Takes the next bytes and appends what belongs to the body to `body`. Protocol error when it
    /// is no HTTP answer.
    [[nodiscard]] Done feed(QByteArrayView bytes, QByteArray &body);
    /// The connection was closed; whether that ends the answer is told by isComplete().
    void endOfStream();

    [[nodiscard]] bool hasHead() const; ///< of the final answer
    [[nodiscard]] const HttpResponseHead &head() const;
    [[nodiscard]] bool isComplete() const;
    /// Whether the connection can carry another request: complete, announced so, and nothing came
    /// after it.
    [[nodiscard]] bool keepsConnection() const;

private:
    class Core;
    [[nodiscard]] Done parse(QByteArrayView bytes, QByteArray &body, qsizetype &used);

    std::unique_ptr<Core> m_core;
    QByteArray m_rest; // what the core could not use without more bytes
    bool m_bodiless;
    bool m_surplus = false;
    int m_interim = 0;
};

} // namespace sandglass
