// From the parts of a policy to systrace's rules. Each part is said as near as a policy file can; what the text then permits is
// read from it. A gap gives a reason, or says that no text is sound.
#pragma once

#include "systrace/calls.hpp"
#include "systrace/model.hpp"
#include "systrace/open_rights.hpp"
#include "systrace/ruleset.hpp"

namespace polc::systrace {

target::Chosen choose(const target::Source& source, const target::Settings& settings);

using target::Wish;

/// What is said of a part; where it unites many rules, those that are about `said`.
Behind behind(const Wish& wish, const ir::Box& said);
/// Nothing is printed: an allow gets too little, a deny is not seen.
void lack(const Wish& wish, ir::Box part, target::Feature because);

class Chooser {
 public:
  Chooser(const target::Source& source, const target::Settings& settings)
      : source_(source), settings_(settings), policy_(source.policy), version_(options_of(settings).version), howto_(options_of(settings).is_howto) {}

  target::Chosen run();

 private:
  void add(const Wish& wish);
  void add(const Wish& wish, const ir::FileBox& box);
  void add(const Wish& wish, const ir::PairBox& box);
  void add(const Wish& wish, const ir::NetBox& box);
  void add(const Wish& wish, const ir::CallBox& box);
  void add(const Wish& wish, const ir::IdentityBox& box);
  void add(const Wish& wish, const ir::PeerBox& box);

  // choose_file.cpp
  void allow_place(const Wish& wish, const ir::FileBox& box);
  void deny_place(const Wish& wish, const ir::FileBox& box);
  void by_alias(const Wish& wish, const ir::FileBox& box, const PathTest& test);
  void by_path(const Wish& wish, const ir::FileBox& box, const PathTest& test);
  void by_open(const Wish& wish, FileVerb verb, const ir::FileBox& box, const PathTest& test);
  void note_of_alias(const Wish& wish, FileVerb verb, const ir::FileBox& box);
  void note_appending(const Wish& wish, FileVerb verb, const ir::FileBox& box);
  bool goes_on_otherwise(const ir::FileBox& wanted) const;

  // choose_net.cpp
  void add_unix(const Wish& wish, const ir::NetBox& box);
  void by_address(const Wish& wish, const ir::NetBox& box);
  void note_all(const Wish& wish, NetVerb verb, target::Feature because);
  void by_ports(const Wish& wish, const ir::NetBox& box);
  std::vector<std::string> address_tests(ir::Effect effect, const ir::NetBox& box) const;

  // choose_call.cpp
  void allow_call(const Wish& wish, const ir::CallBox& one, std::string_view name);
  void deny_call(const Wish& wish, const ir::CallBox& one, std::string_view name);
  void add_socket(const Wish& wish, const ir::CallBox& box);
  void by_identity(const Wish& wish, const ir::IdentityBox& box);
  std::vector<Test> identity_tests(const ir::Account& account, bool user, ir::Effect effect) const;

  CallRules& rules_of(std::string_view call, ir::AccessClass klass);
  void filter(std::string_view call, ir::AccessClass klass, Filter filter);
  /// The call whatever its arguments.
  void whole(const Wish& wish, std::string_view call, const ir::Box& said);

  const target::Source& source_;
  const target::Settings& settings_;
  const ir::Policy& policy_;
  const Version version_;
  const bool howto_;
  Ruleset ruleset_;
  OpenRights opens_;
  std::vector<target::Gap> gaps_;
};

/// Boxes come with a single verb.
template <class Verb>
Verb only_verb(EnumSet<Verb> verbs) {
  Verb result{};
  verbs.for_each([&](Verb verb) { result = verb; });
  return result;
}

}  // namespace polc::systrace
