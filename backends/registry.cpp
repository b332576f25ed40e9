#include "registry.hpp"

#include <array>

#include "apparmor/apparmor.hpp"
#include "grsecurity/grsecurity.hpp"
#include "landlock/landlock.hpp"
#include "launch/launch.hpp"
#include "plain/plain.hpp"
#include "seccomp/seccomp.hpp"
#include "systemd/systemd.hpp"
#include "systrace/systrace.hpp"

namespace polc::backends {

std::span<const target::Backend* const> all() {
  static const std::array list{&apparmor::backend(), &grsecurity::backend(), &landlock::backend(), &launch::backend(), &plain::backend(), &seccomp::backend(),
                                                              &systemd::backend(), &systrace::backend()};
  return list;
}

const target::Backend* find(std::string_view name) {
  for (const target::Backend* backend : all())
    if (backend->name == name) return backend;
  return nullptr;
}

const target::Ladder* find_ladder(std::string_view name) { return name == landlock::backend().name ? &landlock::ladder() : nullptr; }

}  // namespace polc::backends
