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

namespace polc::systemd {
namespace {

constexpr std::size_t widest = 120;
constexpr std::string_view killed = "kill";  // as systemd writes it behind a call

class Printer {
 public:
  Printer(const target::LegalPolicy& legal, const diag::SourceMap& sources)
      : legal_(legal), policy_(legal.policy()), sources_(sources), plan_(plan_of(policy_)) {}

  std::string run() {
    text_ = fmt::format("# policy {}, made by polc for systemd 252 and later; a drop-in: UNIT.service.d/50-{}.conf\n", policy_.name, policy_.name);
    for (const std::string& note : legal_.notes()) text_ += fmt::format("# {}\n", note);
    text_ += "[Service]\n";
    calls();
    other_answers();
    sockets();
    capabilities();
    whole_unit();
    limits();
    for (const ir::Raw& raw : policy_.raws)
      if (raw.target == "systemd") text_ += raw.text + '\n';
    return std::move(text_);
  }

 private:
  void line(std::string_view key, std::string_view value) { text_ += fmt::format("{}={}\n", key, value); }

  void source(ir::RuleId rule) { text_ += fmt::format("# {}\n", diag::place_of(sources_, policy_.rules[rule.value].origin.front())); }

  /// As many lines as it takes; each begins with `sign`.
  void list(std::string_view key, const std::vector<std::string>& words, std::string_view sign = "") {
    std::string row;
    for (const std::string& word : words) {
      if (!row.empty() && key.size() + row.size() + word.size() + 2 > widest) line(key, std::exchange(row, ""));
      row += fmt::format("{}{}", row.empty() ? sign : " ", word);
    }
    if (!row.empty()) line(key, row);
  }

  // Each call stands at the first rule that takes it.
  void calls() {
    const std::string refused = answer_to(std::nullopt);
    line("SystemCallArchitectures", "");
    line("SystemCallArchitectures", "native");
    line("SystemCallErrorNumber", refused == killed ? "" : refused);  // empty: whatever the unit says, no error but a signal
    line("SystemCallFilter", "");
    line("SystemCallFilter", "@default");
    std::set<std::uint16_t> rest = plan_.calls;
    for (const target::LegalRule& rule : legal_.rules()) {
      if (rule.effect != ir::Effect::allow || rule.piece.form != static_cast<std::uint16_t>(Form::calls)) continue;
      std::vector<std::string> names;
      for (const CallId call : std::get<ir::CallBox>(rule.piece.wanted).calls)
        if (rest.erase(call.value) != 0) names.emplace_back(knowledge::call_of(Os::linux_os, call).name);
      if (names.empty()) continue;
      if (std::exchange(rule_, rule.rule) != rule.rule) source(rule.rule);
      list("SystemCallFilter", names);
    }
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
    for (const auto& [answer, names] : calls) list("SystemCallFilter", names, "~");
  }

  void sockets() {
    if (!plan_.families) return;
    line("RestrictAddressFamilies", "");
    std::vector<std::string> names;
    for (const NamedNumber& family : families())
      if (std::find(plan_.families->begin(), plan_.families->end(), family.number) != plan_.families->end()) names.emplace_back(family.name);
    if (names.empty()) names.emplace_back("none");
    list("RestrictAddressFamilies", names);
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
    line("CapabilityBoundingSet", "");
    for (const ir::Effect effect : {ir::Effect::allow, ir::Effect::deny})
      for (const bool all : {false, true})
        for (const target::LegalRule& rule : legal_.rules())
          if (rule.effect == effect && rule.piece.form == static_cast<std::uint16_t>(Form::capabilities)) capability(rule, all);
  }

  void capability(const target::LegalRule& rule, bool all) {
    const std::uint64_t bits = std::get<ir::CapabilityBox>(rule.piece.wanted).capabilities;
    if ((bits == ~std::uint64_t{0}) != all) return;
    const bool is_deny = rule.effect == ir::Effect::deny;
    source(rule.rule);
    if (all) line("CapabilityBoundingSet", is_deny ? "" : "~");
    else line("CapabilityBoundingSet", fmt::format("{}{}", is_deny ? "~" : "", fmt::join(capability_names(bits), " ")));
  }

  void whole_unit() {
    if (!may_execute()) line("NoNewPrivileges", "yes");
    if (plan_.denies_write_execute) line("MemoryDenyWriteExecute", "yes");
    if (plan_.denies_set_id) line("RestrictSUIDSGID", "yes");
    for (const std::string_view directive : hardening_for(policy_, plan_)) text_ += fmt::format("{}\n", directive);
    if (const auto writable = writable_directories(policy_)) {
      line("ProtectSystem", "strict");
      // `-`: what is missing when the unit starts is no error.
      for (const std::string& directory : *writable) line("ReadWritePaths", "-" + directory);
    }
    if (plan_.namespaces == 0) return;
    std::vector<std::string> left;
    for (const NamedNumber& space : namespaces())
      if ((plan_.namespaces & space.number) == 0) left.emplace_back(space.name);
    line("RestrictNamespaces", "");
    line("RestrictNamespaces", left.empty() ? "yes" : fmt::format("{}", fmt::join(left, " ")));
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
        line("Limit" + upper, std::to_string(limit.bound));
      }
  }

  const target::LegalPolicy& legal_;
  const ir::Policy& policy_;
  const diag::SourceMap& sources_;
  Plan plan_;
  std::string text_;
  std::optional<ir::RuleId> rule_;
};

}  // namespace

target::Artifact emit(const target::LegalPolicy& legal, const diag::SourceMap& sources) { return {Printer(legal, sources).run()}; }

}  // namespace polc::systemd
