// How often a program makes each call, from a file: what --profile reads. Used to decide first what is asked most.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace polc::driver {

using Profile = std::map<std::string, std::uint64_t, std::less<>>;
struct ProfileError {
  unsigned line = 0;  // 1-based
  std::string message;
};

/// Lines `CALL,COUNT` (a head line `syscall,count` may stand first), or the table that `strace -c` prints: counts in its
/// fourth column, names in its last. Counts of one call in several lines are added. A name is not looked up.
tl::expected<Profile, ProfileError> read_profile(std::string_view text);

}  // namespace polc::driver
