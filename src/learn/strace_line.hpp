// A line of strace, whatever it was told to write before and behind it: -f, -t, -tt, -ttt, -r, -T, -i, -n, -Y.
//   line_of("712 12:00:01.5 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3</etc/hosts> <0.00002>")
//     ->  call, pid 712, name "openat", arguments "AT_FDCWD, \"/etc/hosts\", O_RDONLY", result "3</etc/hosts>"
// Views of the line; nothing is copied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace polc::learn {

struct StraceLine {
  enum class Kind : std::uint8_t {
    call,
    unfinished,  // `arguments` are those that stand before `<unfinished ...>`
    resumed,     // `arguments` is what stands behind `resumed>`
    signal,      // --- SIGTERM {...} ---: `name` is the signal
    exited,      // +++ exited with 0 +++, +++ killed by SIGKILL +++
    superseded,  // +++ superseded by execve in pid N +++: `other` is N
    attached,    // strace: Process N attached: `other` is N
    detached,    // strace: Process N detached: what it does from here on is not in the log
    notice,      // another line of strace's own
    damaged,
  };
  Kind kind = Kind::damaged;
  std::uint32_t pid = 0, other = 0;  // 0: the line has none
  std::string_view name, arguments, result;
};

StraceLine line_of(std::string_view line);

/// Of a call that two lines hold: what follows `name(` in the first, and all behind `resumed>` in the second.
/// False: it has no end.
bool take_call(std::string_view rest, StraceLine& line);

/// The first behind the decoration `<...>` that begins at `at`; npos: it has no end.
std::size_t behind_decoration(std::string_view text, std::size_t at);
/// Does a decoration begin there? (`1<<21` is none, nor is `<unfinished ...>`.)
bool begins_decoration(std::string_view text, std::size_t at);

}  // namespace polc::learn
