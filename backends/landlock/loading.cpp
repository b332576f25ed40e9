// How rules get into the kernel. Tried: the header (tests); setpriv of util-linux 2.43's sources and landlockconfig by
// their manuals.
#include "landlock/capabilities.hpp"

namespace polc::landlock {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"polc run", "text", "polc run tor.pol -- /usr/bin/tor", "rules on links and on what is not there are left out, which its report tells"},
      {"the program itself", "h",
       "#include \"tor.h\"\nerror = polc_tor_landlock(POLC_LANDLOCK_STRICT);  /* 0, or an errno */",
       "what the program does before the call is not confined, nor what it has open then; without STRICT an older "
       "kernel enforces what it knows"},
      {"setpriv", "setpriv", "mapfile -t A < tor.setpriv\nsetpriv \"${A[@]}\" -- /usr/bin/tor",
       "util-linux 2.43 and later; it follows links, and fails where a path is missing"},
      {"landlockconfig", "toml", "llconfig run --toml tor.toml -- /usr/bin/tor",
       "it follows links, skips what is missing, and enforces what the kernel knows; rights up to ABI 6"},
      {"landlockconfig", "json", "llconfig run --json tor.json -- /usr/bin/tor", "as above"},
  };
  return ways;
}

}  // namespace polc::landlock
