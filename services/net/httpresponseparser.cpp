#include "services/net/httpresponseparser.h"

#define BOOST_BEAST_USE_STD_STRING_VIEW
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace http = boost::beast::http;

namespace {

constexpr int mostInterimAnswers = 16;

QByteArray bytesOf(boost::beast::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

bool isInterim(const HttpResponseHead &head)
{
    return head.status >= 100 && head.status < 200;
}

} // namespace

class HttpResponseParser::Core final : public http::basic_parser<false>
{
public:
    explicit Core(bool bodiless)
    {
        eager(true);
        header_limit(std::uint32_t(largestHead));
        // Boost 1.74 refuses every body with a length when told boost::none.
        body_limit((std::numeric_limits<std::uint64_t>::max)());
        skip(bodiless);
    }

    HttpResponseHead head;
    QByteArray *body = nullptr; // where the bytes of the current feed() go

private:
    using error_code = boost::beast::error_code;
    using string_view = boost::beast::string_view;

    void on_request_impl(http::verb, string_view, string_view, int, error_code &) override { }
    void on_response_impl(int code, string_view reason, int, error_code &) override
    {
        head.status = code;
        head.reason = bytesOf(reason);
    }
    void on_field_impl(http::field, string_view name, string_view value, error_code &) override
    {
        head.headers.append({bytesOf(name), bytesOf(value)});
    }
    void on_header_impl(error_code &) override { }
    void on_body_init_impl(const boost::optional<std::uint64_t> &, error_code &) override { }
    std::size_t on_body_impl(string_view part, error_code &) override
    {
        body->append(part.data(), qsizetype(part.size()));
        return part.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code &) override { }
    std::size_t on_chunk_body_impl(std::uint64_t, string_view part, error_code &) override
    {
        body->append(part.data(), qsizetype(part.size()));
        return part.size();
    }
    void on_finish_impl(error_code &) override { }
};

HttpResponseParser::HttpResponseParser(bool bodiless)
    : m_core(std::make_unique<Core>(bodiless))
    , m_bodiless(bodiless)
{ }

HttpResponseParser::~HttpResponseParser() = default;

Done HttpResponseParser::feed(QByteArrayView bytes, QByteArray &body)
{
    qsizetype used = 0;
    if (m_rest.isEmpty()) {
        SANDGLASS_CHECK(parse(bytes, body, used));
        m_rest = bytes.sliced(used).toByteArray();
    } else {
        m_rest.append(bytes);
        SANDGLASS_CHECK(parse(m_rest, body, used));
        m_rest.remove(0, used);
    }
    if (m_core->is_done()) {
        m_surplus = !m_rest.isEmpty();
        m_rest.clear();
    } else if (m_rest.size() > largestHead) {
        return failure(ErrorKind::Protocol, u"a line of the HTTP answer is too long"_s);
    }
    return {};
}

Done HttpResponseParser::parse(QByteArrayView bytes, QByteArray &body, qsizetype &used)
{
    m_core->body = &body;
    while (used < bytes.size() && !m_core->is_done()) {
        boost::beast::error_code problem;
        const std::size_t count = m_core->put(
            boost::asio::const_buffer(bytes.data() + used, std::size_t(bytes.size() - used)),
            problem);
        used += qsizetype(count);
        if (problem == http::error::need_more)
            return {};
        if (problem) {
            return failure(
                ErrorKind::Protocol,
                u"not a valid HTTP answer: %1"_s.arg(QString::fromStdString(problem.message())));
        }
        if (m_core->is_header_done() && isInterim(m_core->head)) {
            if (m_core->head.status == 101 || ++m_interim > mostInterimAnswers)
                return failure(
                    ErrorKind::Protocol, u"an interim HTTP answer that was not asked for"_s);
            m_core = std::make_unique<Core>(m_bodiless);
            m_core->body = &body;
        } else if (count == 0) {
            return {};
        }
    }
    return {};
}

void HttpResponseParser::endOfStream()
{
    boost::beast::error_code problem; // an early end shows in isComplete()
    if (m_core->is_header_done())
        m_core->put_eof(problem);
}

bool HttpResponseParser::hasHead() const
{
    return m_core->is_header_done();
}
const HttpResponseHead &HttpResponseParser::head() const
{
    return m_core->head;
}
bool HttpResponseParser::isComplete() const
{
    return m_core->is_done();
}

bool HttpResponseParser::keepsConnection() const
{
    return m_core->is_done() && m_core->keep_alive() && !m_surplus;
}

} // namespace sandglass
