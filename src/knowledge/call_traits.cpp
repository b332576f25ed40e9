#include "knowledge/call_traits.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

enum class Reaction : std::uint8_t { never_fails, has_older_way };
using enum Reaction;
struct ReactionRow {
  std::string_view name;
  Reaction reaction;
};
constexpr ReactionRow reactions[] = {
#include "knowledge/linux_reactions.inc"
};
static_assert(std::is_sorted(std::begin(reactions), std::end(reactions),
                             [](const ReactionRow& a, const ReactionRow& b) { return a.name < b.name; }));

struct FamilyRow {
  std::string_view first;
  std::string_view others;
};
constexpr FamilyRow families[] = {
#include "knowledge/linux_families.inc"
};

struct MultiplexedRow {
  std::string_view name;
  std::string_view through;
  std::uint32_t selector;
};
// Linux 6.18: include/uapi/linux/net.h, SYS_*, and include/uapi/linux/ipc.h, SEMOP ... (semop is there semtimedop
// without a timeout). ipc's selector carries a version in its high half, which the kernel cuts off before it looks.
constexpr MultiplexedRow multiplexed_rows[] = {
    {"socket", "socketcall", 1},
    {"bind", "socketcall", 2},
    {"connect", "socketcall", 3},
    {"listen", "socketcall", 4},
    {"accept", "socketcall", 5},
    {"getsockname", "socketcall", 6},
    {"getpeername", "socketcall", 7},
    {"socketpair", "socketcall", 8},
    {"send", "socketcall", 9},
    {"recv", "socketcall", 10},
    {"sendto", "socketcall", 11},
    {"recvfrom", "socketcall", 12},
    {"shutdown", "socketcall", 13},
    {"setsockopt", "socketcall", 14},
    {"getsockopt", "socketcall", 15},
    {"sendmsg", "socketcall", 16},
    {"recvmsg", "socketcall", 17},
    {"accept4", "socketcall", 18},
    {"recvmmsg", "socketcall", 19},
    {"sendmmsg", "socketcall", 20},
    {"semop", "ipc", 1},
    {"semget", "ipc", 2},
    {"semctl", "ipc", 3},
    {"semtimedop", "ipc", 4},
    {"msgsnd", "ipc", 11},
    {"msgrcv", "ipc", 12},
    {"msgget", "ipc", 13},
    {"msgctl", "ipc", 14},
    {"shmat", "ipc", 21},
    {"shmdt", "ipc", 22},
    {"shmget", "ipc", 23},
    {"shmctl", "ipc", 24},
};

std::string_view name_of(CallId id) { return call_of(Os::linux_os, id).name; }

bool reacts(CallId id, Reaction reaction) {
  const std::string_view name = name_of(id);
  const auto at = std::lower_bound(std::begin(reactions), std::end(reactions), name,
                                   [](const ReactionRow& row, std::string_view n) { return row.name < n; });
  return at != std::end(reactions) && at->name == name && at->reaction == reaction;
}

CallId known(std::string_view name) {
  const auto id = find_call(Os::linux_os, name);
  POLC_CHECK(id, "the call tables name known calls");
  return *id;
}

std::vector<CallId> members_of(const FamilyRow& row) {
  std::vector<CallId> members{known(row.first)};
  for (std::string_view rest = row.others; !rest.empty();) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    members.push_back(known(rest.substr(0, blank)));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  std::sort(members.begin(), members.end());
  return members;
}

/// "5.10" as {5, 10}; what is missing is 0.
std::pair<unsigned, unsigned> release_of(std::string_view text) {
  std::pair<unsigned, unsigned> release{0, 0};
  const char* const end = text.data() + text.size();
  const auto dot = std::from_chars(text.data(), end, release.first).ptr;
  if (dot != end && *dot == '.') std::from_chars(dot + 1, end, release.second);
  return release;
}

}  // namespace

bool cannot_fail(CallId id) { return reacts(id, never_fails); }
bool falls_back(CallId id) { return reacts(id, has_older_way); }

std::vector<CallId> family_of(CallId id) {
  const std::string_view name = name_of(id);
  for (const FamilyRow& row : families) {
    if (row.first != name && row.others.find(name) == std::string_view::npos) continue;
    std::vector<CallId> members = members_of(row);  // "open" is found in "openat" too
    if (std::binary_search(members.begin(), members.end(), id)) return members;
  }
  return {id};
}

bool is_newer(std::string_view since, std::string_view kernel) { return release_of(since) > release_of(kernel); }

std::optional<Multiplexed> multiplexed(Arch arch, CallId id) {
  const std::string_view name = name_of(id);
  const auto row = std::find_if(std::begin(multiplexed_rows), std::end(multiplexed_rows),
                                [&](const MultiplexedRow& r) { return r.name == name; });
  if (row == std::end(multiplexed_rows)) return std::nullopt;
  const CallId through = known(row->through);
  if (!number_of(arch, through)) return std::nullopt;
  const std::uint32_t mask = row->through == "ipc" ? 0xFFFFu : 0xFFFF'FFFFu;
  return Multiplexed{through, row->selector, mask};
}

bool is_multiplexer(CallId id) {
  const std::string_view name = name_of(id);
  return std::any_of(std::begin(multiplexed_rows), std::end(multiplexed_rows), [&](const MultiplexedRow& row) { return row.through == name; });
}

}  // namespace polc::knowledge
