// How a drop-in is put to use: systemd.unit(5).
#include "systemd/model.hpp"

namespace polc::systemd {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"systemd", "drop-in",
       "install -D -m 644 tor.conf /etc/systemd/system/tor@default.service.d/50-polc.conf\n"
       "systemctl daemon-reload\nsystemctl restart tor@default.service",
       "systemd cannot load a filter: calls are listed by name, and all conditions on arguments are lost (wider)"},
      {"systemd-run", "drop-in", "systemd-run --property=SystemCallFilter=... /usr/bin/tor", "as above, a directive at a time"},
  };
  return ways;
}

}  // namespace polc::systemd
