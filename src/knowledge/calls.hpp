// The system calls of each OS, dated. A call's CallId is its row; the tables are sorted by name. call_numbers.hpp numbers them.
//   const auto id = knowledge::find_call(Os::linux_os, "openat");   knowledge::call_of(Os::linux_os, *id).arguments[2].name == "flags"
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "knowledge/vocabulary.hpp"
#include "support/platform.hpp"

namespace polc::knowledge {

/// An argument as the kernel reads it (SYSCALL_DEFINE), not as libc declares it.
struct CallArgument {
  std::string_view name;         // the man page's name: "domain", "flags"
  std::uint8_t width = 64;       // 32: the kernel reads an int, the high half does not count
  bool is_signed = false;
  bool is_pointer = false;
  bool is_wide = false;          // 64 bits on 32-bit architectures too, in two registers: call_arguments.hpp
};

struct Call {
  std::string_view name;
  std::span<const CallArgument> arguments;  // at most 6; empty also when none are known
  std::string_view since;                   // the release that brought it ("5.3"), empty: older than the table's first date
};

/// The whole table, sorted by name.
std::span<const Call> calls_of(Os os);
std::optional<CallId> find_call(Os os, std::string_view name);
const Call& call_of(Os os, CallId id);
/// The argument's place by its man-page name (a synonym of libc's is accepted too).
std::optional<unsigned> find_argument(const Call& call, std::string_view name);
/// The name nearest to a misspelt one, if any is near.
std::optional<std::string_view> nearest_call(Os os, std::string_view name);

}  // namespace polc::knowledge
