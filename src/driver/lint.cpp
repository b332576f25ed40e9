#include "driver/lint.hpp"

#include <set>

#include "diag/catalogue.hpp"
#include "format/raise.hpp"
#include "lint/find.hpp"
#include "lint/text_checks.hpp"
#include "lint/walk.hpp"
#include "support/check.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

// Accesses in the language's words, as sets of one configuration.
class Words {
 public:
  Words(const sema::Program& program, const sema::ConfigurationRequest& configuration, diag::SourceMap& sources)
      : program_(program), configuration_(configuration), sources_(sources) {}

  std::vector<eval::Part> parts_of(std::string_view text) const {
    diag::Sink mistakes;
    const auto access = syntax::parse_access(sources_, sources_.add("<lint>", std::string(text)), mistakes);
    POLC_CHECK(access.has_value(), "the checks ask in the policy language");
    const auto boxes = sema::lower_access(program_, configuration_, *access, mistakes);
    POLC_CHECK(boxes.has_value(), "the checks name what exists");
    std::vector<eval::Part> parts;
    for (const auto& [box, left_out] : *boxes) parts.push_back({ir::Effect::allow, box, {}, false});
    return parts;
  }

  // As a danger and what is none: the one less the other.
  std::vector<eval::Part> parts_of(const lint::Danger& danger) const {
    std::vector<eval::Part> parts = parts_of(danger.access);
    if (danger.harmless.empty()) return parts;
    for (eval::Part& part : parts_of(danger.harmless)) parts.push_back({ir::Effect::deny, std::move(part.box), {}, false});
    return parts;
  }

  // Another system has no word for some of Linux's dangers.
  std::vector<lint::Asked> dangers() const {
    std::vector<lint::Asked> asked;
    for (const lint::Danger& danger : lint::dangers())
      if (!danger.linux_only || configuration_.os == Os::linux_os) asked.push_back({danger.kind, parts_of(danger), danger.extent});
    return asked;
  }

 private:
  const sema::Program& program_;
  const sema::ConfigurationRequest& configuration_;
  diag::SourceMap& sources_;
};

std::vector<sema::ConfigurationRequest> configurations_of(const sema::Program& program, const CompileRequest& request) {
  std::vector<Os> systems = sema::systems_of(program);
  if (systems.empty()) systems = {Os::linux_os};
  std::vector<sema::ConfigurationRequest> configurations;
  for (const Os os : systems) {
    const auto platforms = sema::platforms_of(program, os);
    if (!request.variants.empty() || platforms.empty()) {
      configurations.push_back({os, request.arch, request.variants});
      continue;
    }
    for (const std::string& platform : platforms) configurations.push_back({os, request.arch, {platform}});
  }
  return configurations;
}

lint::Everywhere everywhere_of(const sema::Program& program) {
  std::vector<diag::SourceRange> whens;
  lint::Everywhere::Statements annotated;
  std::set<diag::SourceId> judged;
  for (const sema::Unit& unit : program.units) {
    if (unit.is_main) judged.insert(unit.file.source);
    lint::for_each_statement(unit.file, [&](const ast::Statement& statement) {
      const auto* rule = std::get_if<ast::Rule>(&statement.value);
      if (rule != nullptr && !statement.annotations.empty()) annotated.emplace(rule->range, statement.range);
      const auto* when = std::get_if<ast::When>(&statement.value);
      if (when == nullptr) return;
      whens.push_back(when->then.range);
      if (when->otherwise) whens.push_back(when->otherwise->range);
    });
  }
  return {std::move(whens), std::move(annotated), std::move(judged)};
}

void find_in_texts(const sema::Program& program, const diag::SourceMap& sources, diag::Sink& findings) {
  std::vector<lint::TextUnit> texts;
  for (const sema::Unit& unit : program.units) texts.push_back({&unit.file, unit.imports, unit.is_main});
  lint::find_unused_names(texts, sources, findings);
  for (const lint::TextUnit& text : texts)
    if (text.is_main) lint::find_repeated_statements(text, sources, findings);
  for (const sema::Unit& unit : program.units) {
    if (!unit.is_main) continue;
    lint::find_overlapping_ranges(unit.file, sources, findings);
    lint::find_open_ended_words(unit.file, findings);
  }
}

// Features and architectures are looked at only when they are named.
bool looks_at_all(const sema::Program& program, const CompileRequest& request) {
  if (!request.policy.empty() || !request.variants.empty()) return false;
  std::set<std::string> platforms;
  for (const Os os : sema::systems_of(program))
    for (std::string& platform : sema::platforms_of(program, os)) platforms.insert(std::move(platform));
  bool all = true;
  for (const sema::Unit& unit : program.units)
    lint::for_each_statement(unit.file, [&](const ast::Statement& statement) {
      const auto* when = std::get_if<ast::When>(&statement.value);
      if (when == nullptr) return;
      for (const ast::GuardTerm& term : when->guard.terms) {
        all &= term.subject.text != "arch";
        if (term.subject.text == "variant")
          for (const ast::Name& name : term.names) all &= platforms.count(name.text) > 0;
      }
    });
  return all;
}

// `are_judged`: whether all policies are looked at; what one of them needs, another may not.
std::vector<lint::Suppression> suppressions_of(const sema::Program& program, bool are_judged) {
  std::vector<lint::Suppression> suppressions;
  for (const sema::Unit& unit : program.units)
    for (lint::Suppression& suppression : lint::suppressions_of(unit.file)) {
      suppression.is_judged = unit.is_main && are_judged;
      suppressions.push_back(std::move(suppression));
    }
  return suppressions;
}

}  // namespace

lint::Findings lint(const sema::Program& program, const CompileRequest& request, const lint::Chosen& chosen, diag::SourceMap& sources,
                diag::Sink& sink) {
  diag::Sink findings;
  std::vector<lint::Untested> untested;
  lint::Everywhere everywhere = everywhere_of(program);
  for (const auto& configuration : configurations_of(program, request)) {
    const auto policies = sema::lower(program, configuration, sink);
    if (!policies) return {};
    const Words words(program, configuration, sources);
    const auto dangers = words.dangers();
    const auto spelling = [&](const ir::Point& point) { return format::text_of(configuration.os, point); };
    const auto set_of = [&](std::string_view access) { return eval::make_meaning(words.parts_of(access), configuration.os, false); };
    lint::find_conflicting_attachments(*policies, findings);
    for (const ir::Policy& policy : *policies) {
      for (const ir::Rule& rule : policy.rules) everywhere.saw(rule.origin);
      if (!request.policy.empty() && request.policy != policy.name) continue;
      sets::Budget budget;
      const eval::Meaning meaning = eval::meaning_of(policy);
      if (const auto shortage = lint::find({policy, meaning, spelling, set_of, everywhere, budget, findings, untested}, dangers); shortage != 0)
        sink.add(diag::too_complex, policy.range, std::string("lint"), shortage);
    }
  }
  everywhere.report(findings);
  find_in_texts(program, sources, findings);
  lint::Chosen judged = chosen;
  judged.is_all = looks_at_all(program, request);
  return lint::remaining(findings.all(), untested, suppressions_of(program, request.policy.empty()), judged);
}

}  // namespace polc::driver
