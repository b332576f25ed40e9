#include "knowledge/calls.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "support/edit_distance.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

/// A row of the .inc files: the arguments are "name:type" separated by blanks.
struct Row {
  std::string_view name;
  std::string_view since;
  std::string_view arguments;
};

constexpr Row linux_rows[] = {
#include "knowledge/linux_calls.inc"
};
constexpr Row openbsd_rows[] = {
#include "knowledge/openbsd_calls.inc"
};
constexpr Row freebsd_rows[] = {
#include "knowledge/freebsd_calls.inc"
};

constexpr std::size_t count_arguments(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ':'));
}

/// "flags:int" as a CallArgument. An unknown type stops the compilation.
constexpr CallArgument argument_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view type = text.substr(colon + 1);
  if (type == "int") return {name, 32, true, false};
  if (type == "umode") return {name, 16, false, false};
  if (type == "uint") return {name, 32, false, false};
  if (type == "long") return {name, 64, true, false};
  if (type == "ulong") return {name, 64, false, false};
  if (type == "ptr") return {name, 64, false, true};
  if (type == "loff") return {name, 64, true, false, true};
  if (type == "u64") return {name, 64, false, false, true};
  throw "a type that the tables do not know";
}

/// The rows of one OS as the table that callers see; all of it is made at compile time.
template <const auto& rows>
struct Table {
  static constexpr std::size_t argument_count = [] {
    std::size_t sum = 0;
    for (const Row& row : rows) sum += count_arguments(row.arguments);
    return sum;
  }();

  static constexpr std::array<CallArgument, argument_count> arguments = [] {
    std::array<CallArgument, argument_count> result{};
    std::size_t next = 0;
    for (const Row& row : rows) {
      std::string_view rest = row.arguments;
      while (!rest.empty()) {
        const std::size_t blank = std::min(rest.find(' '), rest.size());
        result[next++] = argument_of(rest.substr(0, blank));
        rest.remove_prefix(std::min(blank + 1, rest.size()));
      }
    }
    return result;
  }();

  static constexpr std::array<Call, std::size(rows)> calls = [] {
    std::array<Call, std::size(rows)> result{};
    std::size_t first = 0;
    for (std::size_t i = 0; i < std::size(rows); ++i) {
      const std::size_t count = count_arguments(rows[i].arguments);
      result[i] = {rows[i].name, std::span(arguments).subspan(first, count), rows[i].since};
      first += count;
    }
    return result;
  }();

  static_assert(std::is_sorted(calls.begin(), calls.end(),
                               [](const Call& a, const Call& b) { return a.name < b.name; }));
};

// Argument names that mean the same: in libc's headers, the kernel's definitions, and the manual pages of several
// years. A call's own name goes first, so a name may stand in more than one group.
constexpr std::string_view synonyms[][5] = {
    {"addr", "start"},
    {"advice", "behavior", "behaviour", "behav"},
    {"clockid", "clock_id", "clk_id", "which_clock"},
    {"dirfd", "dfd", "fd"},
    {"domain", "family", "af"},
    {"flags", "flag", "oflag", "clone_flags", "unshare_flags"},
    {"group", "gid"},
    {"length", "len", "size", "count", "nbytes"},
    {"mode", "amode"},
    {"nstype", "flags"},
    {"option", "code"},
    {"optname", "name"},
    {"owner", "user", "uid"},
    {"pathname", "path", "filename", "file", "dirname"},
    {"persona", "personality"},
    {"request", "cmd", "op", "operation", "futex_op"},
    {"sig", "signum", "signo"},
    {"sockfd", "fd", "s", "d", "fildes"},
};

}  // namespace

std::span<const Call> calls_of(Os os) {
  switch (os) {
    case Os::linux_os: return Table<linux_rows>::calls;
    case Os::openbsd: return Table<openbsd_rows>::calls;
    case Os::freebsd: return Table<freebsd_rows>::calls;
  }
  return {};
}

std::optional<CallId> find_call(Os os, std::string_view name) {
  const std::span<const Call> calls = calls_of(os);
  const auto at = std::lower_bound(calls.begin(), calls.end(), name,
                                   [](const Call& call, std::string_view n) { return call.name < n; });
  if (at == calls.end() || at->name != name) return std::nullopt;
  return CallId{static_cast<std::uint16_t>(at - calls.begin())};
}

const Call& call_of(Os os, CallId id) {
  const std::span<const Call> calls = calls_of(os);
  POLC_CHECK(id.value < calls.size(), "a CallId belongs to the OS whose table made it");
  return calls[id.value];
}

std::optional<unsigned> find_argument(const Call& call, std::string_view name) {
  const auto place_of = [&](std::string_view wanted) -> std::optional<unsigned> {
    for (unsigned i = 0; i < call.arguments.size(); ++i)
      if (call.arguments[i].name == wanted) return i;
    return std::nullopt;
  };
  if (name.empty()) return std::nullopt;
  if (const auto place = place_of(name)) return place;
  for (const auto& group : synonyms) {
    if (std::find(std::begin(group), std::end(group), name) == std::end(group)) continue;
    for (const std::string_view other : group)
      if (const auto place = place_of(other)) return place;
  }
  return std::nullopt;
}

std::optional<std::string_view> nearest_call(Os os, std::string_view name) {
  return nearest_of(name, calls_of(os), [](const auto& row) { return row.name; });
}

}  // namespace polc::knowledge
