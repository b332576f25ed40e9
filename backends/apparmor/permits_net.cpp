// Sockets by family and type, and the other calls that AppArmor looks at.
#include <algorithm>

#include "apparmor/permits.hpp"
#include "apparmor/permits_places.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/socket_numbers.hpp"
#include "target/features.hpp"

namespace polc::apparmor {
namespace {

constexpr std::uint64_t low_half = 0xFFFF'FFFF;
constexpr std::uint64_t type_mask = 0xF;                               // net/socket.c asks for the type alone, and refuses unknown flags itself
constexpr int domains = 46;                                            // AF_MAX of 6.1
constexpr std::uint64_t new_user = 0x1000'0000;                        // CLONE_NEWUSER, in the first argument of both calls

constexpr auto& numbered = knowledge::family_numbers;
constexpr auto& types = knowledge::socket_type_numbers;

bool is_numbered(int domain) { return knowledge::family_numbered(static_cast<std::uint64_t>(domain)) != Family::other; }

ir::Condition test(std::uint8_t argument, std::uint64_t mask, std::uint64_t value, bool equal = true) {
  return ir::test_of({argument, mask, equal ? sets::Compare::equal : sets::Compare::not_equal, value & mask});
}

/// unix and TIPC have pairs; of any other family socketpair fails without AppArmor, too.
ir::Condition has_pairs() { return ir::any_of({test(0, low_half, 1), test(0, low_half, 30)}); }

/// The word of the rules that a call is asked about; empty: nobody looks.
std::string_view word_for(std::string_view call, bool is_old_abi) {
  if (call == "mount" || call == "pivot_root" || call == "socket" || call == "socketpair") return call;
  if (call == "umount" || call == "umount2") return "umount";
  return !is_old_abi && (call == "clone" || call == "unshare") ? "userns" : "";
}

/// The calls of a word where rules are asked, or without `asked` where they are not.
ir::CallBox calls_of(std::string_view word, bool is_old_abi, bool asked) {
  ir::CallBox box;
  const auto all = knowledge::calls_of(Os::linux_os);
  for (std::uint16_t id = 0; id < all.size(); ++id)
    if (word_for(all[id].name, is_old_abi) == word) box.calls.push_back(CallId{id});
  if (word == "userns") box.where.terms = {test(0, new_user, new_user, asked)};
  if (word == "socketpair") box.where.terms = {has_pairs()};
  if (word == "socketpair" && !asked) box.where.terms = {test(0, low_half, 1, false), test(0, low_half, 30, false)};
  return box;
}

}  // namespace

std::vector<ir::CallBox> calls_looked_at(bool is_old_abi) {
  std::vector<ir::CallBox> boxes;
  for (const std::string_view word : {"mount", "umount", "pivot_root", "userns", "socket", "socketpair"})
    if (ir::CallBox box = calls_of(word, is_old_abi, true); !box.calls.empty()) boxes.push_back(std::move(box));
  return boxes;
}

void Permits::calls() {
  const bool is_old = profile_.is_old();
  stays(calls_of("", is_old, false));
  stays(calls_of("socketpair", is_old, false));
  if (!is_old) stays(calls_of("userns", is_old, false));
  for (const ReadWord& rule : profile_.words) {
    if (rule.word == "change_profile") change_profile(rule);
    else if (rule.word == "unix") unix_sockets(rule);
    else if (ir::CallBox box = calls_of(rule.word, is_old, true); !box.calls.empty()) add(std::move(box), of(rule, rule.is_uncertain()));
  }
}

// Kernels that do not look at unix sockets by name take the rule for `network unix`.
void Permits::unix_sockets(const ReadWord& rule) {
  const At maybe = of(rule, true);
  add(target::everything(Family::unix_family), maybe);
  for (const std::string_view call : {"socket", "socketpair"})
    add(ir::CallBox{{*knowledge::find_call(Os::linux_os, call)}, ir::all_of({test(0, low_half, 1)})}, maybe);
}

// The parser adds writing to the files by which a program asks for it, and the next program may run under the other profile.
void Permits::change_profile(const ReadWord& rule) {
  if (rule.deny) return;
  const At maybe = of(rule, true);
  ir::FileBox files;
  files.verbs = FileVerbs{FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::remove, FileVerb::truncate, FileVerb::chmod, FileVerb::chown};
  const auto places = places_of("/proc/*/attr/{apparmor/,}{current,exec}");
  for (const Place& place : *places) files.places.push_back(place.pattern);
  add(std::move(files), maybe);
  ir::FileBox exec;
  exec.verbs = {FileVerb::exec};
  exec.places = every_name();
  exec.successors.clear();
  if (!rule.profile.empty()) exec.successors = {{ir::Successor::Kind::policy, names_.policy_of(rule.profile)}};
  add(std::move(exec), maybe);
}

void Permits::networks() {
  for (const ReadNetwork& rule : profile_.networks) {
    network(rule);
    sockets(rule);
  }
}

void Permits::network(const ReadNetwork& rule) {
  for (const auto& [family, number] : numbered) {
    if (rule.domain >= 0 && rule.domain != number) continue;
    ir::NetBox box = target::everything(family);
    for (const auto& [type, type_number] : types)
      if (rule.type >= 0 && rule.type != type_number) box.types.remove(type);
    if (!box.types.empty()) add(std::move(box), of(rule));
  }
  ir::NetBox others = target::everything(Family::other);
  for (const auto& [type, number] : types)
    if (rule.deny || !opens_another_family(rule, type)) others.types.remove(type);
  if (!others.types.empty()) add(std::move(others), of(rule));
}

/// One of those without a name of their own, which no deny takes.
bool Permits::opens_another_family(const ReadNetwork& rule, SocketType type) const {
  const int number = std::find_if(std::begin(types), std::end(types), [&](const auto& one) { return one.first == type; })->second;
  const auto concerns = [&](const ReadNetwork& one, int domain) {
    return (one.domain < 0 || one.domain == domain) && (one.type < 0 || one.type == number);
  };
  for (int domain = 0; domain < domains; ++domain) {
    if (is_numbered(domain) || !concerns(rule, domain)) continue;
    const auto takes = [&](const ReadNetwork& other) { return other.deny && concerns(other, domain); };
    if (std::none_of(profile_.networks.begin(), profile_.networks.end(), takes)) return true;
  }
  return false;
}

void Permits::sockets(const ReadNetwork& rule) {
  for (const std::string_view word : {"socket", "socketpair"}) {
    ir::CallBox box = rule.deny ? calls_of(word, true, true) : ir::CallBox{{*knowledge::find_call(Os::linux_os, word)}, {}};
    if (rule.domain >= 0) box.where.terms.push_back(test(0, low_half, static_cast<std::uint64_t>(rule.domain)));
    if (rule.type >= 0) box.where.terms.push_back(test(1, type_mask, static_cast<std::uint64_t>(rule.type)));
    add(std::move(box), of(rule));
  }
}

}  // namespace polc::apparmor
