// How a policy gets into the kernel: systrace(1) of OpenBSD 4.x and 5.x; 6.0 has it no more.
#include "systrace/capabilities.hpp"

namespace polc::systrace {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"systrace", "policy", "systrace -a -f tor.systrace /usr/local/bin/tor",
       "it checks names in the program's memory before the kernel copies them: a thread or a process that shares the memory can "
       "change them in between"},
      {"systrace, by the program's name", "policy",
       "install -m 644 tor.systrace /etc/systrace/usr_local_bin_tor\nsystrace -a /usr/local/bin/tor",
       "as above; a policy in ~/.systrace is read instead"},
  };
  return ways;
}

}  // namespace polc::systrace
