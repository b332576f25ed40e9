// Sockets and the other calls that AppArmor looks at.
#include <algorithm>

#include "apparmor/choose.hpp"
#include "eval/argument_sets.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Feature;

/// Why a deny of these addresses is lost.
Feature reason_of(const ir::NetBox& box) {
  ir::NetPoint address;
  address.family = box.family;
  if (!box.ports.is_all()) return Feature::address_port;
  if (!box.ip4.is_all() || !box.ip6.is_all() || !box.any_unix_address) return target::feature_of(ir::Point(address));
  Feature verb{};
  box.verbs.for_each([&](NetVerb one) { verb = target::feature_of(one); });
  return verb;
}

/// Does any allow rule open such sockets?
bool is_opened(const ir::Policy& policy, const std::vector<NetworkWord>& words) {
  const auto meets = [&](const auto& box) {
    const std::vector<NetworkWord> opened = words_for(box);
    return std::any_of(opened.begin(), opened.end(), [&](NetworkWord a) {
      return std::any_of(words.begin(), words.end(), [&](NetworkWord b) { return overlap(a, b); });
    });
  };
  return is_allowed<ir::NetBox>(policy, meets) || is_allowed<ir::CallBox>(policy, meets);
}

// `deny network` would take every address with it; a deny is either moot or cannot be said.
void deny_words(const Wish& wish, ir::Box box, const std::vector<NetworkWord>& words, bool is_open, Feature because) {
  if (is_open) wish.gap(std::move(box), Verdict::unmediated, Feature::raw_text);
  else if (is_opened(wish.source.policy, words)) wish.gap(std::move(box), Verdict::unmediated, because);
}

// ---- mounts and user namespaces

enum class Subject : std::uint8_t { none, socket, pair, mount, umount, pivot_root, userns };

Subject subject_of(CallId call, Abi abi) {
  const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
  if (name == "socket") return Subject::socket;
  if (name == "socketpair") return Subject::pair;
  if (name == "mount") return Subject::mount;
  if (name == "umount" || name == "umount2") return Subject::umount;
  if (name == "pivot_root") return Subject::pivot_root;
  if (abi != Abi::v3 && (name == "clone" || name == "unshare")) return Subject::userns;
  return Subject::none;
}

std::string_view word_of(Subject subject) {
  switch (subject) {
    case Subject::mount: return "mount";
    case Subject::umount: return "umount";
    case Subject::pivot_root: return "pivot_root";
    case Subject::userns: return "userns";
    case Subject::none:
    case Subject::socket:
    case Subject::pair: break;
  }
  return "";
}

/// The arguments that a subject's rule is about, or, without `inside`, those that no rule is.
ir::Condition arguments_about(Subject subject, bool inside = true) {
  if (subject == Subject::pair) return family_of_pairs(inside);
  ir::Condition where;
  if (subject != Subject::userns) return where;
  constexpr std::uint64_t new_user = 0x1000'0000;  // CLONE_NEWUSER; both calls have their flags first
  where.terms.push_back(ir::test_of({0, new_user, inside ? sets::Compare::equal : sets::Compare::not_equal, new_user}));
  return where;
}

bool can_hold(const ir::CallBox& a, const ir::CallBox& b) {
  sets::ArgumentSpace space;
  return space.conjunction(eval::argument_set(space, a.where), eval::argument_set(space, b.where)) != sets::ArgumentSpace::none;
}

ir::CallBox part_about(const ir::CallBox& box, Subject subject, Abi abi, bool inside = true) {
  ir::CallBox part;
  for (const CallId call : box.calls)
    if (subject_of(call, abi) == subject) part.calls.push_back(call);
  if (part.calls.empty()) return part;
  part.where = arguments_about(subject, inside);
  if (!can_hold(part, box)) part.calls.clear();
  if (!box.where.is_always()) part.where.terms.push_back(box.where);
  return part;
}

bool is_opened(const ir::Policy& policy, Subject subject, Abi abi) {
  return is_allowed<ir::CallBox>(policy, [&](const ir::CallBox& call) { return !part_about(call, subject, abi).calls.empty(); });
}

void choose_subject(const Wish& wish, const ir::CallBox& box, Subject subject, const target::Settings& settings, Ruleset& ruleset) {
  const Abi abi = options_of(settings).abi;
  const ir::CallBox part = part_about(box, subject, abi);
  if (part.calls.empty()) return;
  if (!wish.is_allow() && !options_of(settings).is_unknown() && !is_opened(wish.source.policy, subject, abi)) return;
  ruleset.words.push_back({line_for(wish, part), word_of(subject)});
}

void choose_socket(const Wish& wish, const ir::CallBox& box, bool is_open, Ruleset& ruleset) {
  const std::vector<NetworkWord> words = words_for(box);
  if (words.empty()) return;
  if (!wish.is_allow()) {
    ir::CallBox sockets = box;
    std::erase_if(sockets.calls, [&](CallId call) { return !makes_sockets(call); });
    return deny_words(wish, std::move(sockets), words, is_open, Feature::socket_creation);
  }
  for (const NetworkWord word : words) {
    ruleset.networks.push_back({line_for(wish, part_about(box, word)), word});
    if (wish.is_implied()) continue;
    for (ir::NetBox& opened : opened_by(word)) wish.gap(std::move(opened), Verdict::wider, Feature::socket_creation);
  }
}

// Calls that nobody looks at.
void note_unseen(const Wish& wish, const ir::CallBox& box, Abi abi) {
  ir::CallBox rest = box;
  std::erase_if(rest.calls, [&](CallId call) {
    const Subject subject = subject_of(call, abi);
    return subject != Subject::none && subject != Subject::userns;
  });
  if (!rest.calls.empty()) wish.gap(std::move(rest), Verdict::unmediated, Feature::call);
  if (ir::CallBox part = part_about(box, Subject::pair, abi, false); !part.calls.empty()) wish.gap(std::move(part), Verdict::unmediated, Feature::call);
}

}  // namespace

void choose_call(const Wish& wish, const ir::CallBox& box, const target::Settings& settings, Ruleset& ruleset) {
  if (!wish.is_implied()) note_unseen(wish, box, options_of(settings).abi);
  for (const Subject subject : {Subject::mount, Subject::umount, Subject::pivot_root, Subject::userns})
    choose_subject(wish, box, subject, settings, ruleset);
  choose_socket(wish, box, options_of(settings).is_unknown(), ruleset);
}

void choose_net(const Wish& wish, const ir::NetBox& box, bool is_open, Ruleset& ruleset) {
  const std::vector<NetworkWord> words = words_for(box);
  if (!wish.is_allow()) return deny_words(wish, box, words, is_open, reason_of(box));
  const RuleLine line = line_for(wish, box);
  for (const NetworkWord word : words) ruleset.networks.push_back({line, word});
}

}  // namespace polc::apparmor
