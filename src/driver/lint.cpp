#include "driver/lint.hpp"

#include "diag/catalogue.hpp"
#include "format/raise.hpp"
#include "lint/find.hpp"
#include "support/check.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

// The table of dangers in the sets of one configuration. Another system has no word for some of Linux's.
std::vector<lint::Asked> asked_of(const sema::Program& program, const sema::ConfigurationRequest& configuration, diag::SourceMap& sources) {
  std::vector<lint::Asked> asked;
  for (const lint::Danger& danger : lint::dangers()) {
    if (danger.linux_only && configuration.os != Os::linux_os) continue;
    diag::Sink mistakes;
    const auto access = syntax::parse_access(sources, sources.add("<lint>", std::string(danger.access)), mistakes);
    POLC_CHECK(access.has_value(), "the table of dangers is in the policy language");
    const auto boxes = sema::lower_access(program, configuration, *access, mistakes);
    POLC_CHECK(boxes.has_value(), "the table of dangers names what exists");
    lint::Asked row{danger.kind, {}};
    for (const auto& [box, left_out] : *boxes) row.parts.push_back({ir::Effect::allow, box, {}, false});
    asked.push_back(std::move(row));
  }
  return asked;
}

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

}  // namespace

diag::Sink lint(const sema::Program& program, const CompileRequest& request, const lint::Chosen& chosen, diag::SourceMap& sources,
                diag::Sink& sink) {
  diag::Sink findings;
  for (const auto& configuration : configurations_of(program, request)) {
    const auto policies = sema::lower(program, configuration, sink);
    if (!policies) return {};
    const auto asked = asked_of(program, configuration, sources);
    const auto spelling = [&](const ir::Point& point) { return format::text_of(configuration.os, point); };
    for (const ir::Policy& policy : *policies) {
      if (!request.policy.empty() && request.policy != policy.name) continue;
      if (!lint::find(policy, eval::meaning_of(policy), asked, spelling, findings)) sink.add(diag::expectation_too_complex, policy.range);
    }
  }
  std::vector<lint::Suppression> suppressions;
  for (const sema::Unit& unit : program.units) {
    for (lint::Suppression& suppression : lint::suppressions_of(unit.file)) {
      suppression.is_judged = unit.is_main;
      suppressions.push_back(std::move(suppression));
    }
  }
  return lint::remaining(findings.all(), suppressions, chosen);
}

}  // namespace polc::driver
