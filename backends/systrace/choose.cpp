#include "systrace/choose.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "support/overloaded.hpp"
#include "systrace/error_names.hpp"
#include "target/blame.hpp"

namespace polc::systrace {
namespace {

// A header's name ends at the first comma; `#` begins a comment there; a line is a line.
bool fits_a_header(const std::string& program) {
  return std::none_of(program.begin(), program.end(),
                      [](char c) { return c == ',' || c == '#' || static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

// What a policy file has no way to say at all.
std::vector<diag::Diagnostic> diagnostics_of(const ir::Policy& policy) {
  diag::Sink sink;
  for (const std::string& program : policy.programs)
    if (!fits_a_header(program)) sink.add(diag::program_not_sayable, policy.range, program, std::string("systrace"));
  for (const ir::Default& one : policy.defaults) {
    const std::string& name = one.reaction.error_name;
    if ((one.target.empty() || one.target == "systrace") && !name.empty() && !has_error_name(name))
      sink.add(diag::error_not_sayable, one.range, std::string("systrace"), name, std::string("EPERM"));
  }
  return sink.all();
}

}  // namespace

// A part may unite rules about thousands of places.
Behind behind(const Wish& wish, const ir::Box& said) {
  const auto& rules = wish.part().rules;
  const auto* file = std::get_if<ir::FileBox>(&wish.part().box);
  const bool is_whole = rules.size() < 2 || (file != nullptr && file->places.size() == 1);
  return {{wish.from}, is_whole ? rules : target::rules_behind(wish.source.policy, wish.source.meaning, rules, said)};
}

void lack(const Wish& wish, ir::Box part, target::Feature because) {
  wish.gap(std::move(part), wish.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, because);
}

target::Chosen Chooser::run() {
  for (std::uint32_t i = 0; i < source_.parts.size(); ++i) add(Wish{source_, i, gaps_});
  std::copy_if(policy_.programs.begin(), policy_.programs.end(), std::back_inserter(ruleset_.programs), fits_a_header);
  if (ruleset_.programs.empty()) ruleset_.programs.push_back(policy_.name);
  for (Filter& one : opens_.filters()) filter("open", ir::AccessClass::file, std::move(one));
  return {std::make_shared<const Ruleset>(std::move(ruleset_)), std::move(gaps_), diagnostics_of(policy_)};
}

void Chooser::add(const Wish& wish) {
  std::visit(Overloaded{[&](const ir::CapabilityBox& box) { wish.gap(box, ir::Verdict::unmediated, target::Feature::capability); },
                        [&](const auto& box) { add(wish, box); }},
             wish.part().box);
}

void Chooser::add(const Wish& wish, const ir::PeerBox& box) {
  const bool signals = box.kind == ir::PeerKind::signal;
  if (wish.is_allow()) whole(wish, signals ? "kill" : "ptrace", box);
  else wish.gap(box, ir::Verdict::unmediated, signals ? target::Feature::signal : target::Feature::ptrace);
}

CallRules& Chooser::rules_of(std::string_view call, ir::AccessClass klass) {
  const auto [place, is_new] = ruleset_.calls.try_emplace(std::string(call));
  if (is_new) place->second.klass = klass;
  return place->second;
}

void Chooser::filter(std::string_view call, ir::AccessClass klass, Filter filter) {
  rules_of(call, klass).filters.push_back(std::move(filter));
}

void Chooser::whole(const Wish& wish, std::string_view call, const ir::Box& said) {
  CallRules& rules = rules_of(call, ir::AccessClass::syscall);
  std::optional<Behind>& from = wish.is_allow() ? rules.permit : rules.deny;
  if (!from) from.emplace();
  from->add(behind(wish, said));
}


target::Chosen choose(const target::Source& source, const target::Settings& settings) { return Chooser(source, settings).run(); }

}  // namespace polc::systrace
