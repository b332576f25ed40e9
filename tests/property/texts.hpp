// What a policy's text means, for tests of what rewrites texts.
#pragma once

#include <optional>
#include <string>

#include "eval/compare.hpp"
#include "sema/lower.hpp"
#include "syntax/parse.hpp"

namespace polc::property {

/// The first policy; nullopt: the text is not sound.
inline std::optional<ir::Policy> lowered(const std::string& text, const ir::Configuration& configuration) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto file = syntax::parse(sources, sources.add("a.pol", text), sink);
  if (!file) return std::nullopt;
  sema::Program program;
  program.units.push_back({*file, {}, true});
  auto policies = sema::lower(program, {configuration.os, configuration.arch, {}}, sink);
  if (!policies) return std::nullopt;
  return std::move(policies->front());
}

/// By the algebra; false when it is too complex to tell, too.
inline bool mean_alike(const ir::Policy& before, const ir::Policy& after) {
  const eval::Meaning one = eval::meaning_of(before), other = eval::meaning_of(after);
  const eval::Meaning* const sides[] = {&one, &other};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool differs = false;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point&, eval::TermSet) { return !(differs = true); });
  return complete && !differs;
}

}  // namespace polc::property
