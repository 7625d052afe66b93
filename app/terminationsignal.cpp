#include "app/terminationsignal.h"

#include <QSocketNotifier>

#include <array>
#include <csignal>

#include <sys/socket.h>
#include <unistd.h>

namespace sandglass {

namespace {

constexpr std::array handledSignals{SIGTERM, SIGINT, SIGHUP};

/// Written by the signal handler, which may do little else.
std::array<int, 2> signalSockets{-1, -1};

void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalSockets[0], &byte, sizeof byte);
}

void setHandlers(void (*handler)(int))
{
    for (const int signal : handledSignals) {
        struct sigaction action = {};
        action.sa_handler = handler;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        ::sigaction(signal, &action, nullptr);
    }
}

} // namespace

TerminationSignal::TerminationSignal(QObject *parent)
    : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, signalSockets.data())
        != 0)
        qFatal("socketpair failed");
    auto *notifier = new QSocketNotifier(signalSockets[1], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this] {
        char byte = 0;
        [[maybe_unused]] const ssize_t got = ::read(signalSockets[1], &byte, sizeof byte);
        Q_EMIT
        requested();
    });
    setHandlers(onSignal);
}

TerminationSignal::~TerminationSignal()
{
    setHandlers(SIG_DFL);
    for (int &socket : signalSockets)
        ::close(std::exchange(socket, -1));
}

} // namespace sandglass
