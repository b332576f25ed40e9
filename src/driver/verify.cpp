// `polc verify`: is a file on disk what the policy says? By proof where the backend has one, else by its reader.
#include "driver/verify.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/proof.hpp"
#include "driver/questions.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

constexpr std::size_t most_shown = 20;

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

// What shows in no access must be what the policy's own artefact says, to the letter.
bool says_the_same(const target::Reader& reader, const TargetResult& result, diag::Sink& sink) {
  if (result.reader == nullptr) return true;  // of several policies or architectures: only a filter is, and it is proven as a whole
  const std::set<std::string> theirs = reader.further(), ours = result.reader->further();
  const auto report = [&](const std::set<std::string>& some, const std::set<std::string>& others, std::string_view what) {
    for (const std::string& saying : some)
      if (!others.contains(saying)) sink.add_unlocated(diag::artefact_differs, std::string(result.backend->name), fmt::format(fmt::runtime(what), saying));
  };
  report(ours, theirs, "it lacks `{}`");
  report(theirs, ours, "it says `{}`, too");
  return theirs == ours;
}

}  // namespace

Verified verify_artefact(const Compilation& compilation, const TargetResult& result, bool fused, const std::string& artefact,
                         diag::Sink& sink) {
  auto reader = target::read_artefact(*result.backend, artefact, result.policy->configuration, result.settings);
  if (!reader) return {reader.error(), false, 0};
  std::set<std::string> shown;  // several accesses may have the same words: these leave out what is the plainest
  // Asked of both: what the file mentions, and what the policy's own artefact does.
  const auto report = [&](const ir::Point& point, bool permits) {
    const std::string words = format::text_of(result.policy->configuration.os, point);
    if (!shown.insert(words).second) return true;
    const std::string name(result.backend->name);
    if (permits) sink.add_unlocated(diag::artefact_wider, words, name);
    else sink.add_unlocated(diag::artefact_narrower, words, name);
    return shown.size() < most_shown;
  };
  // Raw text adds to what was legalised; then the policy's own artefact is the measure.
  const Reference reference{result.legalised.permitted, *result.meaning, has_raw_text(result) ? result.reader.get() : nullptr};
  const std::size_t asked = differences(**reader, reference, Depth::thorough, report);
  // A proof tells one difference; points tell several, in the policy's words.
  const std::optional<bool> proven = shown.empty() ? is_proven(compilation, result, fused, artefact, sink) : std::nullopt;
  const bool same = says_the_same(**reader, result, sink);
  return {std::nullopt, shown.empty() && same && proven.value_or(true), proven ? 0 : asked};
}

Answer verify(const sema::Program& program, const CompileRequest& request, const ArtefactFile& artefact, Backends backends,
              const diag::SourceMap& sources, diag::Sink& sink) {
  const Compilation compilation = compile(program, request, backends, sources, sink);
  if (sink.has_errors()) return {"", false};
  Answer answer;
  for (const TargetResult& result : compilation.results) {
    if (!result.emitted || result.joined) continue;
    const std::string name(result.backend->name);
    const Verified verified = verify_artefact(compilation, result, request.fuse, artefact.text, sink);
    if (verified.unreadable) {
      sink.add_unlocated(diag::unreadable_artefact, name, artefact.name, verified.unreadable->line, verified.unreadable->message);
      return {"", false};
    }
    answer.yes = answer.yes && verified.equal;
    const std::string how = verified.asked == 0 ? "every access compared" : fmt::format("{} accesses asked", verified.asked);
    answer.text += fmt::format("{}: {} on {}: {}\n", verified.equal ? "equal" : "different", result.policy->name, name, how);
  }
  return answer;
}

}  // namespace polc::driver
