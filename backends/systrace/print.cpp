// From rules to text. Rules of one call stand together, refusals first: systrace takes the first filter that matches.
#include "systrace/print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/check.hpp"
#include "systrace/error_names.hpp"
#include "systrace/model.hpp"
#include "systrace/ruleset.hpp"

namespace polc::systrace {
namespace {

using Kind = target::Origin::Kind;

// systrace(1)'s lexer: "input line too long" above this.
constexpr std::size_t longest_line = 2046;

bool is_alias(std::string_view name) { return name == "fsread" || name == "fswrite"; }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

/// "deny" or "deny[enoent]".
std::string deny_word(const ir::Policy& policy, ir::AccessClass klass) {
  const ir::Reaction reaction = ir::reaction_for(policy, "systrace", klass, std::nullopt);
  if (reaction.kind == ir::Reaction::Kind::hidden && klass == ir::AccessClass::file) return "deny[enoent]";
  if (!has_error_name(reaction.error_name)) return "deny";
  return "deny[" + lower(reaction.error_name) + "]";
}

/// Lines by their text: what is said twice is printed once, for both.
using Lines = std::map<std::string, Behind>;

target::Origin origin_of(Behind from) {
  from.sort_unique();
  return from.origin();
}

class Printer {
 public:
  Printer(const Ruleset& ruleset, const ir::Policy& policy, const target::Settings& settings)
      : ruleset_(ruleset), policy_(policy), options_(options_of(settings)) {}

  target::Printed run() {
    header();
    for (const std::string& program : ruleset_.programs) {
      fixed(fmt::format("Policy: {}, Emulation: native", program), "the program");
      for (const auto& [call, rules] : ruleset_.calls) print(call, rules);
      raw();
    }
    return std::move(out_);
  }

 private:
  void fixed(std::string_view text, std::string_view why) { out_.add(text, {Kind::fixed, {}, why}); }

  void line(std::string_view call, std::string_view rule, target::Origin origin) {
    const std::string text = fmt::format("native-{}: {}", call, rule);
    POLC_CHECK(text.size() <= longest_line, "what does not fit into a line is left out");
    out_.add(text, std::move(origin));
  }

  void header() {
    std::string systems(name_of(policy_.configuration.os));
    for (const std::string& variant : policy_.configuration.variants) systems += ", " + variant;
    out_.comment(fmt::format("# Made by polc from the policy {} for {}.", policy_.name, systems));
    out_.comment(fmt::format("# For the systrace of {}, run with -a.", static_cast<unsigned>(options_.version)));
    out_.mark_head();
    std::set<std::string> accounts;
    for (const AccountNote& note : ruleset_.accounts)
      accounts.insert(fmt::format("# {} \"{}\" is {}", note.is_user ? "user" : "group", note.name, note.id));
    for (const std::string& account : accounts) out_.comment(account);
  }

  std::string condition_of(std::string_view call, const Filter& filter) const {
    if (filter.tests.empty()) return "true";
    const auto text = [](const Test& test) { return fmt::format("{} {}", test.argument, test.text); };
    if (filter.is_negated) return "not ( " + text(filter.tests.front()) + " )";
    if (filter.tests.size() == 1) return text(filter.tests.front());
    const bool bare = options_.is_howto && call != "open";
    return fmt::format(fmt::runtime(bare ? "{} and {}" : "( {} ) and ( {} )"), text(filter.tests[0]), text(filter.tests[1]));
  }

  // P-S1: a bare permit or deny beats every filter of its call, so it stands alone or becomes `true then permit`.
  void print(const std::string& call, const CallRules& rules) {
    const std::string word = deny_word(policy_, rules.klass);
    if (rules.deny) return line(call, word, origin_of(*rules.deny));
    Lines denies, permits;
    for (const Filter& filter : rules.filters) {
      const bool is_deny = filter.effect == ir::Effect::deny;
      const std::string action = is_deny ? word : filter.word.empty() ? "permit" : fmt::format("permit[{}]", filter.word);
      (is_deny ? denies : permits)[condition_of(call, filter) + " then " + action].add(filter.from);
    }
    if (rules.permit && denies.empty()) return line(call, "permit", origin_of(*rules.permit));
    unresolved(call, denies, permits, word);
    for (auto& [text, from] : denies) line(call, text, origin_of(std::move(from)));
    if (rules.permit) permits["true then permit"].add(*rules.permit);
    if (const auto all = permits.find("true then permit"); all != permits.end()) return line(call, all->first, origin_of(all->second));
    for (auto& [text, from] : permits) line(call, text, origin_of(std::move(from)));
    if (!permits.empty() && word != "deny") line(call, "true then " + word, {Kind::fixed, {}, "what no rule permits is refused so"});
  }

  // P-S16: a name that cannot be resolved must not look like one that may not be seen. The how-to says it of the aliases.
  void unresolved(const std::string& call, const Lines& denies, const Lines& permits, const std::string& deny_word) {
    if (options_.missing == Missing::none || (options_.is_howto && !is_alias(call))) return;
    const bool tests_names =
        std::any_of(permits.begin(), permits.end(), [](const auto& entry) { return entry.first.find("filename ") != std::string::npos; });
    if (!tests_names) return;
    // Neighbours of one action are swapped by systrace as they match, so their error numbers must agree.
    const std::string word = !denies.empty() ? deny_word : options_.missing == Missing::enoent ? "deny[enoent]" : "deny";
    const std::string_view test = options_.missing == Missing::deny ? "match \"/<non-existent filename>: *\"" : "sub \"<non-existent filename>\"";
    line(call, fmt::format("filename {} then {}", test, word), {Kind::fixed, {}, "a name that cannot be resolved"});
  }

  void raw() {
    for (std::uint32_t i = 0; i < policy_.raws.size(); ++i)
      if (policy_.raws[i].target == "systrace") out_.add(policy_.raws[i].text, {Kind::raw, {i}});
  }

  const Ruleset& ruleset_;
  const ir::Policy& policy_;
  const Options& options_;
  target::Printed out_;
};

}  // namespace

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  return Printer(*static_cast<const Ruleset*>(chosen.ruleset.get()), source.policy, settings).run();
}

}  // namespace polc::systrace
