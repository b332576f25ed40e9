// The drop-in. Lists are emptied first, for a drop-in adds to what the unit itself says.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "eval/meaning.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/model.hpp"
#include "target/blame.hpp"

namespace polc::systemd {
namespace {

constexpr std::size_t widest = 120;
constexpr std::string_view killed = "kill";  // as systemd writes it behind a call

class Printer {
 public:
  Printer(const Ruleset& ruleset, const target::Source& source, const Options& options)
      : ruleset_(ruleset), plan_(ruleset.plan), source_(source), policy_(source.policy), options_(options) {}

  target::Printed run() {
    out_.comment(fmt::format("# policy {}, made by polc for systemd 252 and later; a drop-in: UNIT.service.d/50-{}.conf", policy_.name, policy_.name));
    out_.mark_head();
    out_.comment("[Service]");
    if (options_.lists_calls) calls(), other_answers();
    sockets();
    capabilities();
    whole_unit();
    limits();
    for (std::uint32_t i = 0; i < policy_.raws.size(); ++i)
      if (policy_.raws[i].target == "systemd") out_.add(policy_.raws[i].text, {Kind::raw, {i}});
    return std::move(out_);
  }

 private:
  using Kind = target::Origin::Kind;

  void line(std::string_view key, std::string_view value, const target::Origin& origin) { out_.add(fmt::format("{}={}", key, value), origin); }
  void line(std::string_view key, std::string_view value, std::string_view why) { line(key, value, {Kind::fixed, {}, why}); }

  void source(ir::RuleId rule) { out_.comment("# " + diag::place_of(source_.sources, policy_.rules[rule.value].origin.front())); }

  /// As many lines as it takes; each begins with `sign`.
  void list(std::string_view key, const std::vector<std::string>& words, const target::Origin& origin, std::string_view sign = "") {
    std::string row;
    for (const std::string& word : words) {
      if (!row.empty() && key.size() + row.size() + word.size() + 2 > widest) line(key, std::exchange(row, ""), origin);
      row += fmt::format("{}{}", row.empty() ? sign : " ", word);
    }
    if (!row.empty()) line(key, row, origin);
  }

  void calls() {
    const std::string refused = answer_to(std::nullopt);
    line("SystemCallArchitectures", "", empties);
    line("SystemCallArchitectures", "native", "calls of another architecture are not filtered by name");
    line("SystemCallErrorNumber", refused == killed ? "" : refused, "how a refused call ends");  // empty: whatever the unit says, no error but a signal
    line("SystemCallFilter", "", empties);
    line("SystemCallFilter", "@default", "systemd adds these to every list");
    lists_of(ruleset_.calls, "");
    lists_of(ruleset_.refused, "~");
  }

  void lists_of(const std::vector<CallList>& lists, std::string_view sign) {
    std::optional<ir::RuleId> last;
    for (const CallList& one : lists) {
      const ir::RuleId rule = rule_of(one);
      if (std::exchange(last, rule) != rule) source(rule);
      std::vector<std::string> names;
      for (const CallId call : one.calls) names.emplace_back(knowledge::call_of(Os::linux_os, call).name);
      list("SystemCallFilter", names, {Kind::rules, one.origins}, sign);
    }
  }

  /// The first of the rules behind the part that needs the calls themselves.
  ir::RuleId rule_of(const CallList& list) const {
    return target::rules_behind(policy_, source_.meaning, source_.parts[list.from].rules, ir::CallBox{list.calls, {}}).front();
  }

  /// How an access to a call that is not listed ends: an errno's name, or `killed`. A unit cannot let it pass and log it.
  std::string answer_to(std::optional<CallId> call) const {
    const ir::Reaction reaction = ir::reaction_for(policy_, "systemd", ir::AccessClass::syscall, call);
    if (reaction.kind == ir::Reaction::Kind::kill) return std::string(killed);
    if (reaction.kind == ir::Reaction::Kind::hidden) return "ENOSYS";
    if (!reaction.error_name.empty()) return reaction.error_name;
    return reaction.kind == ir::Reaction::Kind::deny && call && knowledge::falls_back(*call) ? "ENOSYS" : "EPERM";
  }

  // In a list of what is allowed, a call that is taken away with an answer gets that one instead of the list's.
  void other_answers() {
    const std::string usual = answer_to(std::nullopt);
    std::map<std::string, std::vector<std::string>> calls;
    const auto all = knowledge::calls_of(Os::linux_os);
    for (std::uint16_t id = 0; id < all.size(); ++id) {
      const bool exists = knowledge::number_of(policy_.configuration.arch, CallId{id}).has_value();
      if (!exists || is_listed(plan_, CallId{id}) || !is_known(all[id].name)) continue;
      if (const std::string answer = answer_to(CallId{id}); answer != usual) calls[answer].push_back(fmt::format("{}:{}", all[id].name, answer));
    }
    for (const auto& [answer, names] : calls) list("SystemCallFilter", names, {Kind::fixed, {}, "calls that are refused in words of their own"}, "~");
  }

  void sockets() {
    if (!plan_.families) return;
    line("RestrictAddressFamilies", "", empties);
    std::vector<std::string> names;
    for (const NamedNumber& family : families())
      if (std::find(plan_.families->begin(), plan_.families->end(), family.number) != plan_.families->end()) names.emplace_back(family.name);
    if (names.empty()) names.emplace_back("none");
    list("RestrictAddressFamilies", names, {Kind::rules, parts_about_sockets()});
  }

  std::vector<std::uint32_t> parts_about_sockets() const {
    const CallId socket = *knowledge::find_call(Os::linux_os, "socket");
    std::vector<std::uint32_t> parts;
    for (std::uint32_t i = 0; i < source_.parts.size(); ++i) {
      const ir::Box& box = source_.parts[i].box;
      const auto* call = std::get_if<ir::CallBox>(&box);
      const bool makes = call != nullptr && std::binary_search(call->calls.begin(), call->calls.end(), socket);
      if (makes || std::holds_alternative<ir::NetBox>(box)) parts.push_back(i);
    }
    return parts;
  }

  static std::vector<std::string> capability_names(std::uint64_t bits) {
    std::vector<std::string> names;
    for (const auto& [name, number] : knowledge::capabilities()) {
      if (((bits >> number) & 1u) == 0) continue;
      names.emplace_back("CAP_");
      for (const char c : name) names.back() += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return names;
  }

  // What rules allow, and then without what others deny. All of them come last: a list after the full set replaces it.
  void capabilities() {
    line("CapabilityBoundingSet", "", empties);
    for (const ir::Effect effect : {ir::Effect::allow, ir::Effect::deny})
      for (const bool all : {false, true})
        for (const CapabilityLine& one : ruleset_.capabilities)
          if (one.effect == effect && (one.capabilities == ~std::uint64_t{0}) == all) capability(one, all);
  }

  void capability(const CapabilityLine& one, bool all) {
    const bool is_deny = one.effect == ir::Effect::deny;
    source(source_.parts[one.from].rules.front());
    const target::Origin origin{Kind::rules, {one.from}};
    if (all) line("CapabilityBoundingSet", is_deny ? "" : "~", origin);
    else line("CapabilityBoundingSet", fmt::format("{}{}", is_deny ? "~" : "", fmt::join(capability_names(one.capabilities), " ")), origin);
  }

  void whole_unit() {
    if (options_.hardens && !may_execute()) line("NoNewPrivileges", "yes", unneeded);
    if (plan_.denies_write_execute) line("MemoryDenyWriteExecute", "yes", unneeded);
    if (plan_.denies_set_id) line("RestrictSUIDSGID", "yes", unneeded);
    if (options_.hardens) hardening();
    if (plan_.namespaces != 0) namespaces_left();
  }

  void hardening() {
    for (const std::string_view directive : hardening_for(policy_, plan_)) out_.add(directive, {Kind::fixed, {}, unneeded});
    if (const auto writable = writable_directories(policy_)) {
      line("ProtectSystem", "strict", unneeded);
      // `-`: what is missing when the unit starts is no error.
      for (const std::string& directory : *writable) line("ReadWritePaths", "-" + directory, "what rules change");
    }
  }

  void namespaces_left() {
    std::vector<std::string> left;
    for (const NamedNumber& space : namespaces())
      if ((plan_.namespaces & space.number) == 0) left.emplace_back(space.name);
    line("RestrictNamespaces", "", empties);
    line("RestrictNamespaces", left.empty() ? "yes" : fmt::format("{}", fmt::join(left, " ")), unneeded);
  }

  // A program that it executes may be one that gains privileges.
  bool may_execute() const {
    for (const ir::Rule& rule : policy_.rules)
      for (const ir::Box& box : rule.boxes)
        if (const auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && rule.effect == ir::Effect::allow && file->verbs.contains(FileVerb::exec))
          return true;
    return false;
  }

  void limits() {
    for (const ir::Limit& limit : policy_.limits)
      for (const knowledge::NamedNumber& name : knowledge::limits_of(Os::linux_os)) {
        if (name.value != limit.resource) continue;
        std::string upper;
        for (const char c : name.name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        line("Limit" + upper, std::to_string(limit.bound), "a limit");
      }
  }

  static constexpr std::string_view empties = "a drop-in adds to the unit's own list, which is emptied first";
  static constexpr std::string_view unneeded = "refuses what no rule needs";

  const Ruleset& ruleset_;
  const Plan& plan_;
  const target::Source& source_;
  const ir::Policy& policy_;
  const Options& options_;
  target::Printed out_;
};

}  // namespace

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  return Printer(*static_cast<const Ruleset*>(chosen.ruleset.get()), source, settings.options.as<Options>()).run();
}

}  // namespace polc::systemd
