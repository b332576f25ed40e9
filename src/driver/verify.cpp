// `polc verify`: is a file on disk what the policy says? By proof where the backend has one, else by its reader.
#include <algorithm>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/proof.hpp"
#include "driver/questions.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

// Of each side: enough to meet each boundary of an ordinary policy.
constexpr std::size_t probes_of_verify = 20'000;

// Those that the artefact of a result was made of: its own, and what was joined to it.
std::vector<const target::LegalPolicy*> policies_behind(const Compilation& compilation, const TargetResult& result, bool fused) {
  std::vector<const target::LegalPolicy*> policies{&result.legalised.policy};
  for (const TargetResult& other : compilation.results)
    if (&other != &result && other.joined && other.backend == result.backend && (fused || other.policy->name == result.policy->name))
      policies.push_back(&other.legalised.policy);
  return policies;
}

bool has_raw_text(const TargetResult& result) {
  return std::any_of(result.policy->raws.begin(), result.policy->raws.end(),
                     [&](const ir::Raw& raw) { return raw.target == result.backend->name; });
}

// Is the artefact equal for every access, reactions included? nullopt: only points can be asked.
std::optional<bool> is_proven(const Compilation& compilation, const TargetResult& result, bool fused, const std::string& artefact,
                              diag::Sink& sink) {
  if (result.backend->prove == nullptr || has_raw_text(result)) return std::nullopt;
  const auto policies = policies_behind(compilation, result, fused);
  const auto failure = result.backend->prove(policies, {artefact});
  if (!failure) return true;
  const std::string name(result.backend->name);
  if (failure->is_too_complex) sink.add_unlocated(diag::proof_too_complex, name, failure->words);
  else sink.add_unlocated(diag::artefact_differs, name, failure->words);
  return false;
}

}  // namespace

Answer verify(const sema::Program& program, const CompileRequest& request, const std::string& artefact, Backends backends,
              const diag::SourceMap& sources, diag::Sink& sink) {
  Compilation compilation = compile(program, request, backends, sources, sink);
  if (sink.has_errors()) return {"", false};
  Answer answer;
  for (const TargetResult& result : compilation.results) {
    if (!result.emitted || result.joined) continue;
    const std::string name(result.backend->name);
    auto reader = result.backend->read(artefact, result.policy->configuration, result.settings);
    if (!reader) {
      sink.add_unlocated(diag::unreadable_artefact, name, reader.error().line, reader.error().message);
      return {"", false};
    }
    std::size_t shown = 0;
    // Asked of both: what the file mentions, and what the policy's own artefact does.
    const auto report = [&](const ir::Point& point, bool permits) {
      const std::string words = format::text_of(result.policy->configuration.os, point);
      if (permits) sink.add_unlocated(diag::artefact_wider, words, name);
      else sink.add_unlocated(diag::artefact_narrower, words, name);
      return ++shown < 20;
    };
    const std::size_t asked = differences(**reader, result.legalised.permitted, *result.meaning, probes_of_verify, report);
    // A proof tells one difference; points tell several, in the policy's words.
    const std::optional<bool> proven = shown == 0 ? is_proven(compilation, result, request.fuse, artefact, sink) : std::nullopt;
    const bool equal = shown == 0 && proven.value_or(true);
    answer.yes = answer.yes && equal;
    const std::string how = asked == 0 || proven ? "every access compared" : fmt::format("{} accesses asked", asked);
    answer.text += fmt::format("{}: {} on {}: {}\n", equal ? "equal" : "different", result.policy->name, name, how);
  }
  return answer;
}

}  // namespace polc::driver
