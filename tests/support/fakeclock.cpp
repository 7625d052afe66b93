#include "tests/support/fakeclock.h"

namespace sandglass {

FakeClock::FakeClock(Timestamp start)
    : m_milliseconds(toMilliseconds(start))
{ }

Timestamp FakeClock::now() const
{
    return fromMilliseconds(m_milliseconds);
}
void FakeClock::set(Timestamp time)
{
    m_milliseconds = toMilliseconds(time);
}
void FakeClock::advance(std::chrono::milliseconds by)
{
    m_milliseconds += by.count();
}

} // namespace sandglass
