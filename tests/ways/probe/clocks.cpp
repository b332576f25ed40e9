// The clock is set to the time that it has, and slewed as it is: the machine is not this test's alone.
#include <sys/time.h>
#include <sys/timex.h>

#include <ctime>

#include "probe.hpp"

namespace ways {
namespace {

long set_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return call(SYS_clock_settime, CLOCK_REALTIME, &now);
}
long set_now_of_day() {
  timeval now{};
  gettimeofday(&now, nullptr);
  return call(SYS_settimeofday, &now, nullptr);
}

timex step_by_nothing() {
  timex step{};
  step.modes = ADJ_SETOFFSET | ADJ_NANO;
  return step;
}
long step_by_adjtimex() {
  timex step = step_by_nothing();
  return call(SYS_adjtimex, &step);
}
long step_by_clock() {
  timex step = step_by_nothing();
  return call(SYS_clock_adjtime, CLOCK_REALTIME, &step);
}

timex now{};
void read_rate() { must(call(SYS_adjtimex, &now), "adjtimex"); }
long slew_by_adjtimex() {
  now.modes = ADJ_FREQUENCY;
  return call(SYS_adjtimex, &now);
}
long slew_by_clock() {
  now.modes = ADJ_FREQUENCY;
  return call(SYS_clock_adjtime, CLOCK_REALTIME, &now);
}

constexpr Probe probes[] = {
    {"clock_settime", nullptr, set_now, nullptr},
    {"settimeofday", nullptr, set_now_of_day, nullptr},
    {"adjtimex-step", nullptr, step_by_adjtimex, nullptr},
    {"clock_adjtime-step", nullptr, step_by_clock, nullptr},
    {"adjtimex-slew", read_rate, slew_by_adjtimex, nullptr},
    {"clock_adjtime-slew", read_rate, slew_by_clock, nullptr},
    {"adjtimex-read", nullptr, [] { return call(SYS_adjtimex, &now); }, [] { return now.time.tv_sec > 0; }},
};

}  // namespace

std::span<const Probe> clock_probes() { return probes; }

}  // namespace ways
