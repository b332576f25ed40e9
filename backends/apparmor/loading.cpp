// How a profile gets into the kernel: apparmor_parser(8), apparmor.d(5), systemd.exec(5), aa-exec(1).
#include "apparmor/model.hpp"

namespace polc::apparmor {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"apparmor_parser", "profile",
       "install -m 644 tor.apparmor /etc/apparmor.d/tor\napparmor_parser --replace /etc/apparmor.d/tor",
       "processes that run already stay as they are: restart them"},
      {"systemd", "profile", "[Service]\nAppArmorProfile=tor",
       "the unit does not load the profile: without apparmor_parser before it, it does not start"},
      {"aa-exec", "profile", "aa-exec --profile=tor -- /usr/bin/tor", ""},
      {"docker", "profile", "docker run --security-opt apparmor=tor IMAGE", "the paths are those inside the container"},
  };
  return ways;
}

}  // namespace polc::apparmor
