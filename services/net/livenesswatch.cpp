#include "services/net/livenesswatch.h"

#include <QNetworkAccessManager>

namespace sandglass {

namespace {

constexpr int failuresThatMeanLost = 2;

} // namespace

LivenessWatch::LivenessWatch(
    QNetworkAccessManager &network, const QUrl &url, const Liveness &liveness)
    : m_network(network)
    , m_url(url)
    , m_liveness(liveness)
{
    m_next.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &LivenessWatch::ask);
    connect(&m_limit, &QTimer::timeout, this, [this] { m_question->abort(); });
    m_next.start(m_liveness.interval);
}

void LivenessWatch::ask()
{
    m_question.reset(m_network.get(QNetworkRequest(m_url)));
    connect(m_question.get(), &QNetworkReply::finished, this, &LivenessWatch::answered);
    m_limit.start(m_liveness.limit);
}

void LivenessWatch::answered()
{
    m_limit.stop();
    const int status = m_question->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool lives = m_question->error() == QNetworkReply::NoError && status == 200;
    m_failures = lives ? 0 : m_failures + 1;
    if (m_failures == failuresThatMeanLost)
        Q_EMIT
    lost();
    else m_next.start(m_liveness.interval);
}

} // namespace sandglass
