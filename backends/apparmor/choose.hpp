// From the parts of a policy to AppArmor's rules. Each part is said as near as a rule can; what the text then permits is read from
// it. A gap gives a reason, where the difference itself does not tell it.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "apparmor/ruleset.hpp"

namespace polc::apparmor {

using target::Wish;

target::Chosen choose(const target::Source& source, const target::Settings& settings);

/// The rules behind a part of a wish, those that its line is there for; never empty.
std::vector<ir::RuleId> rules_behind(const Wish& wish, const ir::Box& part);
/// A line that is there for them, at the place of the first.
RuleLine line_for(const Wish& wish, const ir::Box& part);

/// Does an allow rule of the policy have a box of the kind that fits?
template <class Box, class Fits>
bool is_allowed(const ir::Policy& policy, const Fits& fits) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const ir::Rule& rule) {
    return rule.effect == ir::Effect::allow && std::any_of(rule.boxes.begin(), rule.boxes.end(), [&](const ir::Box& box) {
             const auto* one = std::get_if<Box>(&box);
             return one != nullptr && fits(*one);
           });
  });
}

/// Letters on paths, of files and of the names of a rename, and rules for links.
class FileChooser {
 public:
  FileChooser(const ir::Policy& policy, bool is_open);

  void add(const Wish& wish, const ir::FileBox& box, Ruleset& ruleset);
  void add(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset);

 private:
  using Places = std::vector<sets::PathPattern>;
  struct Said;
  /// The rules that name a place: the first is where its line stands.
  struct Naming {
    ir::RuleId first;
    std::vector<ir::RuleId> more = {};
  };

  void note(ir::Effect effect, const ir::Box& box, ir::RuleId rule);
  void add_group(const Wish& wish, ir::FileBox box, FileVerb verb, Ruleset& ruleset);
  void allow_exec(const Wish& wish, const ir::FileBox& box, Ruleset& ruleset);
  void deny(const Wish& wish, const ir::FileBox& box, FileVerb verb, Ruleset& ruleset);
  void allow_rename(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset);
  void add_link(const Wish& wish, const ir::PairBox& box, Ruleset& ruleset);
  void put(const Wish& wish, const Said& said, Ruleset& ruleset);
  void put(RuleLine line, const Places& places, const Said& said, Ruleset& ruleset);
  bool is_open_at(const Places& places, FileTypes types, Letters letters) const;
  Places real(const Places& places) const;

  const ir::Policy& policy_;
  bool is_open_;  // the profile may permit what no rule of the policy does
  std::map<std::pair<ir::Effect, sets::PathPattern>, Naming> named_by_;
  std::unordered_map<std::string, std::size_t> by_path_;  // a rule's path -> its line
};

void choose_net(const Wish& wish, const ir::NetBox& box, bool is_open, Ruleset& ruleset);
void choose_call(const Wish& wish, const ir::CallBox& box, const target::Settings& settings, Ruleset& ruleset);
void choose_capability(const Wish& wish, const ir::CapabilityBox& box, const target::Settings& settings, Ruleset& ruleset);
void choose_peer(const Wish& wish, const ir::PeerBox& box, const target::Settings& settings, Ruleset& ruleset);

/// What apparmor_parser would refuse, or worse, take for something else, without naming a place (diagnostics.cpp).
std::vector<diag::Diagnostic> diagnostics_of(const ir::Policy& policy, const target::Settings& settings);

}  // namespace polc::apparmor
