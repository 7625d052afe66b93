#pragma once

#include "services/net/httptransport.h"

#include <QNetworkReply>
#include <QTimer>

#include <memory>

namespace sandglass {

/// Asks an engine again and again whether it lives, while a long request waits for it; see
/// Liveness. Lives on the thread of the network access manager, which must outlive it.
class LivenessWatch final : public QObject
{
    Q_OBJECT
public:
    LivenessWatch(QNetworkAccessManager &network, const QUrl &url, const Liveness &liveness);

Q_SIGNALS:
    void lost(); ///< at most once

private:
    void ask();
    void answered();

    QNetworkAccessManager &m_network;
    QUrl m_url;
    Liveness m_liveness;
    QTimer m_next;
    QTimer m_limit;
    std::unique_ptr<QNetworkReply> m_question;
    int m_failures = 0;
};

} // namespace sandglass
