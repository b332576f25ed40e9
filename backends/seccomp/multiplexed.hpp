// Calls that libseccomp also allows by way of `socketcall` or `ipc`, where an architecture has those: it tests the number of the
// call in place of the first argument, and leaves the other tests as they are, though the arguments lie in memory there.
//   multiplexed(socket, Arch::x86)  ->  {socketcall, 1}
#pragma once

#include <optional>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::seccomp {

struct Multiplexed {
  CallId by;
  std::uint64_t number = 0;
};
std::optional<Multiplexed> multiplexed(CallId call, Arch arch);

}  // namespace polc::seccomp
