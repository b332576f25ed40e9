// Sockets and the other calls that AppArmor looks at.
#include <algorithm>

#include "apparmor/network.hpp"
#include "apparmor/project.hpp"
#include "eval/argument_sets.hpp"
#include "knowledge/calls.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Feature;

std::vector<Feature> reasons(const ir::NetBox& box) {
  ir::NetPoint address;
  address.family = box.family;
  std::vector<Feature> because;
  if (!box.ports.is_all()) because.push_back(Feature::address_port);
  if (!box.ip4.is_all() || !box.ip6.is_all() || !box.any_unix_address) because.push_back(target::feature_of(ir::Point(address)));
  box.verbs.for_each([&](NetVerb verb) { because.push_back(target::feature_of(verb)); });
  because.push_back(Feature::net_protocol);
  return because;
}

/// Does any allow rule open such sockets?
bool is_opened(const ir::Policy& policy, const std::vector<NetworkWord>& words) {
  const auto meets = [&](const std::vector<NetworkWord>& opened) {
    return std::any_of(opened.begin(), opened.end(), [&](NetworkWord a) {
      return std::any_of(words.begin(), words.end(), [&](NetworkWord b) { return overlap(a, b); });
    });
  };
  for (const ir::Rule& rule : policy.rules) {
    if (rule.effect != ir::Effect::allow) continue;
    for (const ir::Box& box : rule.boxes) {
      if (const auto* net = std::get_if<ir::NetBox>(&box); net != nullptr && meets(words_for(*net))) return true;
      if (const auto* call = std::get_if<ir::CallBox>(&box); call != nullptr && meets(words_for(*call))) return true;
    }
  }
  return false;
}

// `deny network` would take every address with it; a deny is either moot or cannot be said.
void deny_words(Request& request, ir::Box box, const std::vector<NetworkWord>& words, Feature because) {
  if (request.is_open()) request.lack(std::move(box), Verdict::unmediated, Feature::raw_text);
  else if (is_opened(request.policy, words)) request.lack(std::move(box), Verdict::unmediated, because);
  else request.add(Form::nothing, box, {box});
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

/// The arguments that a subject's rule permits, or, without `inside`, those that no rule is about.
ir::Condition arguments_about(Subject subject, bool inside = true) {
  if (subject == Subject::pair) return family_of_pairs(inside);
  ir::Condition where;
  if (subject != Subject::userns) return where;
  constexpr std::uint64_t new_user = 0x1000'0000;  // CLONE_NEWUSER; both calls have their flags first
  ir::Condition asks;
  asks.kind = ir::Condition::Kind::test;
  asks.test = {0, new_user, inside ? sets::Compare::equal : sets::Compare::not_equal, new_user, 64, false};
  where.terms.push_back(std::move(asks));
  return where;
}

std::vector<CallId> calls_about(Subject subject, Abi abi) {
  std::vector<CallId> result;
  const auto calls = knowledge::calls_of(Os::linux_os);
  for (std::uint16_t id = 0; id < calls.size(); ++id)
    if (subject_of(CallId{id}, abi) == subject) result.push_back(CallId{id});
  return result;
}

void project_socket(Request& request, const ir::CallBox& box) {
  const std::vector<NetworkWord> words = words_for(box);
  if (words.empty()) return;
  if (!request.is_allow()) {
    ir::CallBox sockets = box;
    std::erase_if(sockets.calls, [&](CallId call) { return !makes_sockets(call); });
    return deny_words(request, std::move(sockets), words, Feature::socket_creation);
  }
  for (const NetworkWord word : words) {
    request.add(Form::socket, part_about(box, word), permitted_by(word), {Feature::socket_creation});
    request.result.pieces.back().form = socket_form(word);
  }
}

bool can_hold(const ir::CallBox& a, const ir::CallBox& b) {
  sets::ArgumentSpace space;
  return space.conjunction(eval::argument_set(space, a.where), eval::argument_set(space, b.where)) !=
         sets::ArgumentSpace::none;
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
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* call = std::get_if<ir::CallBox>(&box);
      if (rule.effect == ir::Effect::allow && call != nullptr && !part_about(*call, subject, abi).calls.empty())
        return true;
    }
  return false;
}

Form form_of(Subject subject) {
  switch (subject) {
    case Subject::mount: return Form::mount;
    case Subject::umount: return Form::umount;
    case Subject::pivot_root: return Form::pivot_root;
    case Subject::userns: return Form::userns;
    case Subject::none:
    case Subject::socket:
    case Subject::pair: break;
  }
  return Form::nothing;
}

void project_subject(Request& request, const ir::CallBox& box, Subject subject, Abi abi) {
  ir::CallBox part = part_about(box, subject, abi);
  if (part.calls.empty()) return;
  if (!request.is_allow() && !request.is_open() && !is_opened(request.policy, subject, abi))
    return request.add(Form::nothing, part, {part});
  request.add(form_of(subject), std::move(part), {ir::CallBox{calls_about(subject, abi), arguments_about(subject)}}, {Feature::call_arguments});
}

}  // namespace

void project_call(Request& request, const ir::CallBox& box) {
  const Abi abi = abi_of(request.settings);
  ir::CallBox rest = box;
  std::erase_if(rest.calls, [&](CallId call) {
    const Subject subject = subject_of(call, abi);
    return subject != Subject::none && subject != Subject::userns;
  });
  if (!rest.calls.empty()) request.lack(std::move(rest), Verdict::unmediated, Feature::call);
  for (const Subject subject : {Subject::mount, Subject::umount, Subject::pivot_root, Subject::userns})
    project_subject(request, box, subject, abi);
  if (ir::CallBox part = part_about(box, Subject::pair, abi, false); !part.calls.empty())
    request.lack(std::move(part), Verdict::unmediated, Feature::call);
  project_socket(request, box);
}

void add_unseen_calls(std::vector<ir::Box>& boxes, Abi abi) {
  boxes.emplace_back(ir::CallBox{calls_about(Subject::none, abi), {}});
  boxes.emplace_back(ir::CallBox{calls_about(Subject::pair, abi), arguments_about(Subject::pair, false)});
  if (abi != Abi::v3) boxes.emplace_back(ir::CallBox{calls_about(Subject::userns, abi), arguments_about(Subject::userns, false)});
}

void project_net(Request& request, const ir::NetBox& box) {
  const std::vector<NetworkWord> words = words_for(box);
  if (!request.is_allow()) return deny_words(request, box, words, reasons(box).front());
  std::vector<ir::Box> meaning;
  for (const NetworkWord word : words)
    for (ir::Box& permitted : permitted_by(word))
      if (std::find(meaning.begin(), meaning.end(), permitted) == meaning.end())
        meaning.push_back(std::move(permitted));
  if (!words.empty()) request.add(Form::network, box, std::move(meaning), reasons(box));
}

}  // namespace polc::apparmor
