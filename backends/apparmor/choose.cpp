#include "apparmor/choose.hpp"

#include "support/overloaded.hpp"
#include "target/blame.hpp"

namespace polc::apparmor {
namespace {

using ir::Verdict;
using target::Feature;

class Chooser {
 public:
  Chooser(const target::Source& source, const target::Settings& settings)
      : source_(source), settings_(settings), files_(source.policy, options_of(settings).is_unknown()) {}

  target::Chosen run() {
    for (std::uint32_t i = 0; i < source_.parts.size(); ++i) add(i);
    if (options_of(settings_).is_unknown()) add_unknown();
    return {std::make_shared<const Ruleset>(std::move(ruleset_)), std::move(gaps_), diagnostics_of(source_.policy, settings_)};
  }

 private:
  void add(std::uint32_t place) {
    const Wish wish{source_, place, gaps_};
    const bool is_unknown = options_of(settings_).is_unknown();
    std::visit(Overloaded{[&](const ir::FileBox& box) { files_.add(wish, box, ruleset_); },
                          [&](const ir::PairBox& box) { files_.add(wish, box, ruleset_); },
                          [&](const ir::NetBox& box) { choose_net(wish, box, is_unknown, ruleset_); },
                          [&](const ir::CallBox& box) { choose_call(wish, box, settings_, ruleset_); },
                          [](const ir::IdentityBox&) {},  // CAP_SETUID decides, and it says nothing of who
                          [&](const ir::CapabilityBox& box) { choose_capability(wish, box, settings_, ruleset_); },
                          [&](const ir::PeerBox& box) { choose_peer(wish, box, settings_, ruleset_); }},
               wish.part().box);
  }

  // What an abstraction opens is of no rule.
  void add_unknown() {
    for (const ir::AccessClass klass : {ir::AccessClass::file, ir::AccessClass::net, ir::AccessClass::syscall, ir::AccessClass::process})
      for (ir::Box& box : target::everything(klass, Os::linux_os))
        gaps_.push_back({std::move(box), Verdict::unmediated, Feature::raw_text, target::Gap::everybody});
  }

  const target::Source& source_;
  const target::Settings& settings_;
  FileChooser files_;
  Ruleset ruleset_;
  std::vector<target::Gap> gaps_;
};

}  // namespace

target::Chosen choose(const target::Source& source, const target::Settings& settings) { return Chooser(source, settings).run(); }

std::vector<ir::RuleId> rules_behind(const Wish& wish, const ir::Box& part) {
  return target::rules_behind(wish.source.policy, wish.source.meaning, wish.part().rules, part);
}

RuleLine line_for(const Wish& wish, const ir::Box& part) {
  std::vector<ir::RuleId> rules = rules_behind(wish, part);
  const ir::RuleId first = rules.front();
  return {first, wish.part().effect, {{wish.from}, std::move(rules)}};
}

}  // namespace polc::apparmor
