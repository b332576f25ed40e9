// How a filter gets into the kernel. Tried: bubblewrap 0.8 and the header (tests), docker 20.10 and nsjail 3.4 by their manuals.
#include "seccomp/capabilities.hpp"

namespace polc::seccomp {

std::span<const target::Loading> loading() {
  static constexpr target::Loading ways[] = {
      {"the program itself", "h", "#include \"tor.h\"\nerror = polc_tor_install();  /* 0, or an errno */",
       "what the program does before the call is not filtered"},
      {"polc run", "bpf", "polc run tor.pol -- /usr/bin/tor",
       "nothing: it compiles the filter with exec=descriptor and loads it last, beside Landlock (docs/run.md)"},
      {"bubblewrap", "bpf",
       "polc tor.pol --target=seccomp --option=seccomp.exec=launcher -o tor.bpf\n"
       "bwrap --dev-bind / / --seccomp 10 10< tor.bpf -- /usr/bin/tor",
       "bwrap loads the filter and then executes the program, so execve stays possible: a deny of it is wider"},
      {"minijail", "bpf", "minijail0 -n --seccomp-bpf-binary=tor.bpf -- /usr/bin/tor",
       "it executes the program under the filter, as bubblewrap does"},
      {"docker, podman", "oci", "docker run --security-opt seccomp=tor.json IMAGE",
       "entries are 64-bit comparisons: what does not fit is narrower; the runtime's own calls between the "
       "filter and the program must be allowed, too"},
      {"runc, crun", "oci", "jq --slurpfile filter tor.json '.linux.seccomp = $filter[0]' config.json", "as docker"},
      {"systemd", "bpf", "", "units name calls, they load no filter: use the target systemd, or let the program load its own"},
      {"nsjail", "bpf", "", "it reads Kafel text only; start bwrap in it"},
  };
  return ways;
}

}  // namespace polc::seccomp
