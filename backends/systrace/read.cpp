#include "systrace/read.hpp"

#include "systrace/options.hpp"
#include "systrace/permits.hpp"

namespace polc::systrace {
namespace {

using syntax::Dialect;
using syntax::Rule;

Dialect dialect_of(const ir::Configuration& configuration, const target::Settings& settings) {
  return {configuration.os, static_cast<unsigned>(options_of(settings).version)};
}

/// The error's name behind `deny`, in capitals; EPERM is what everything is refused with.
std::string error_of(const Rule& rule) {
  const std::string error = rule.action == syntax::Action::deny ? syntax::in_capitals(rule.word) : "";
  return error == "EPERM" ? "" : error;
}

// What shows in no access: how a name is refused that cannot be resolved, and what stands behind a rule's action.
std::set<target::Directive> directives_of(const syntax::File& file) {
  std::set<target::Directive> directives;
  for (const syntax::PolicyText& policy : file.policies)
    for (const Rule& rule : policy.rules)
      if (!rule.aside.empty() || (rule.action != syntax::Action::permit && speaks_of_unresolved(rule.condition)))
        directives.insert({"native-" + rule.call + ": " + rule.text, {}, rule.line});
  return directives;
}

}  // namespace

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  const Dialect dialect = dialect_of(configuration, settings);
  const auto file = syntax::parse_file(text, dialect);
  if (!file) return tl::unexpected(file.error());
  syntax::RulesMet rules(*file, dialect);
  auto permits = permitted_by(*file, rules);
  if (!permits) return tl::unexpected(permits.error());
  target::Reading reading{*std::move(permits), {}, directives_of(*file), {}};
  std::set<std::pair<std::string, std::string>> errors;  // in capitals, as written
  for (const syntax::PolicyText& policy : file->policies)
    for (const Rule& rule : policy.rules)
      if (std::string error = error_of(rule); !error.empty() && !speaks_of_unresolved(rule.condition)) errors.emplace(std::move(error), rule.word);
  for (const auto& [error, word] : errors) {
    auto where = permitted_by(*file, rules, word);
    if (!where) return tl::unexpected(where.error());
    reading.answers.push_back({error, 0, *std::move(where)});
  }
  for (const auto& [line, what] : rules.unknown()) reading.unknown.push_back({line, what});
  return reading;
}

}  // namespace polc::systrace
