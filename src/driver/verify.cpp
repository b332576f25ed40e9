// `polc verify`: is a file on disk what the policy says? By the readings of both.
#include "driver/verify.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "driver/drop_ins.hpp"
#include "driver/joint.hpp"
#include "driver/questions.hpp"
#include "eval/certain.hpp"
#include "eval/compare.hpp"
#include "eval/lookup.hpp"
#include "format/raise.hpp"
#include "target/points.hpp"

namespace polc::driver {
namespace {

constexpr std::size_t most_shown = 20;

// What shows in no access must be what the policy's own artefact says, to the letter.
bool says_the_same(const std::set<std::string>& theirs, const std::set<std::string>& ours, const TargetResult& result, diag::Sink& sink) {
  const auto report = [&](const std::set<std::string>& some, const std::set<std::string>& others, std::string_view what) {
    for (const std::string& saying : some)
      if (!others.contains(saying)) sink.add_unlocated(diag::artefact_differs, std::string(result.backend->name), fmt::format(fmt::runtime(what), saying));
  };
  report(ours, theirs, "it lacks `{}`");
  report(theirs, ours, "it says `{}`, too");
  return theirs == ours;
}

/// The accesses on which a file differs, as they are told: several may have the same words, which leave out what is the plainest.
class Differences {
 public:
  Differences(const TargetResult& result, diag::Sink& sink) : result_(result), sink_(sink) {}

  bool none() const { return shown_.empty(); }
  /// False: enough.
  bool add(const ir::Point& point, bool permits) {
    const std::string words = format::text_of(result_.policy->configuration.os, point);
    if (!shown_.insert(words).second) return true;
    const std::string name(result_.backend->name);
    if (permits) sink_.add_unlocated(diag::artefact_wider, words, name);
    else sink_.add_unlocated(diag::artefact_narrower, words, name);
    return shown_.size() < most_shown;
  }

 private:
  const TargetResult& result_;
  diag::Sink& sink_;
  std::set<std::string> shown_;
};

// Two readings: their file and the text that the policy's own artefact is, for every architecture that it is read for.
class ReadingComparer {
 public:
  ReadingComparer(const TargetResult& result, const std::string& artefact, diag::Sink& sink, const std::vector<std::string>& not_compared)
      : result_(result), artefact_(artefact), sink_(sink), not_compared_(not_compared) {}

  Verified run(const std::vector<Arch>& archs) {
    bool equal = true;
    for (const Arch arch : archs) {
      ir::Configuration there = result_.policy->configuration;
      there.arch = arch;
      const auto theirs = read(artefact_, there), ours = read(result_.text, there);
      if (!theirs) return {theirs.error(), false};
      if (!ours) return {ours.error(), false};
      const bool same = compare(*ours, *theirs, arch != archs.front());
      equal = equal && same;
      for (const target::Unknown& one : theirs->unknown) unknown_.insert(one.what);
    }
    return {std::nullopt, equal, fmt::format("{}", fmt::join(unknown_, ", "))};
  }

 private:
  target::Read read(const std::string& text, const ir::Configuration& configuration) const {
    target::Settings settings = result_.settings;
    settings.includes.may_be_unknown = true;
    settings.siblings.try_emplace(result_.policy->name, result_.settings.options);  // a name that the artefact has is the policy's
    return result_.backend->read(text, configuration, settings);
  }

  // What is permitted, how the rest is answered, and what shows in no access.
  bool compare(const target::Reading& ours, const target::Reading& theirs, bool is_elsewhere) {
    Differences told(result_, sink_);
    const std::uint64_t shortage = compare(theirs.permits, ours.permits, told);
    const bool complete = shortage == 0;
    const std::string name(result_.backend->name);
    if (!complete) sink_.add_unlocated(diag::too_complex, name, shortage);
    const std::string answers = told.none() && complete ? differing_answers(ours, theirs) : std::string();
    if (!answers.empty()) sink_.add_unlocated(diag::artefact_differs, name, answers);
    // Of another architecture the first difference is the words, and what is behind it shows there, too.
    const bool same = (is_elsewhere && !told.none()) || says_the_same(texts_of(theirs), texts_of(ours), result_, sink_);
    return told.none() && complete && answers.empty() && same;
  }

  // Where not all is known: what is possible, and what is sure.
  /// The steps that did not suffice; else 0.
  static std::uint64_t compare(const eval::Meaning& theirs, const eval::Meaning& ours, Differences& told) {
    if (eval::are_certain(theirs, ours)) {
      const eval::Meaning* const sides[] = {&theirs, &ours};
      return compare(sides, 1, 0, told);
    }
    const eval::Meaning most_of_theirs = eval::at_most(theirs), most_of_ours = eval::at_most(ours);
    const eval::Meaning* const possible[] = {&theirs, &ours, &most_of_theirs, &most_of_ours};
    if (const std::uint64_t shortage = compare(possible, 3, 2, told); shortage != 0 || !told.none()) return shortage;
    const eval::Meaning least_of_theirs = eval::at_least(theirs), least_of_ours = eval::at_least(ours);
    const eval::Meaning* const sure[] = {&least_of_theirs, &least_of_ours};
    return compare(sure, 1, 0, told);
  }

  // Side 0, theirs, must have nothing that `ours` has not, and side 1, ours, nothing that `theirs` has not. One line, or two that
  // decide differently, are one difference, of however many accesses; and without a line accesses of one kind are.
  static std::uint64_t compare(std::span<const eval::Meaning* const> sides, unsigned ours, unsigned theirs, Differences& told) {
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(ours)}, {.in = eval::side(1), .out = eval::side(theirs)}};
    sets::Budget budget;
    eval::Lookup in_theirs(*sides[0]), in_ours(*sides[1]);
    std::set<std::tuple<bool, unsigned, unsigned, target::PointKind>> seen;
    eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet holding) {
      const bool permits = (holding & 1u) != 0;
      const unsigned theirs_at = in_theirs.deciding_line(point), ours_at = in_ours.deciding_line(point);
      const auto kind = theirs_at == 0 && ours_at == 0 ? target::kind_of(point) : target::PointKind();
      return !seen.emplace(permits, theirs_at, ours_at, kind).second || told.add(point, permits);
    });
    return budget.shortage();
  }

  // With what is included of which nobody knows what it holds.
  std::set<std::string> texts_of(const target::Reading& reading) const {
    std::set<std::string> all;
    for (const target::Unknown& one : reading.unknown) all.insert(one.what);
    for (const target::Directive& directive : reading.directives) all.insert(directive.text);
    for (const std::string& one : not_compared_) {
      if (!one.ends_with('*')) all.erase(one);
      else std::erase_if(all, [begin = std::string_view(one).substr(0, one.size() - 1)](const std::string& text) { return text.starts_with(begin); });
    }
    return all;
  }

  const TargetResult& result_;
  const std::string& artefact_;
  diag::Sink& sink_;
  const std::vector<std::string>& not_compared_;
  std::set<std::string> unknown_;
};

// Of what was joined to the result's artefact, too.
std::vector<Arch> archs_of(const Compilation& compilation, const TargetResult& result, bool fused) {
  std::vector<Arch> archs;
  for (const TargetResult& other : compilation.results) {
    const bool belongs = &other == &result || (other.joined && other.backend == result.backend && (fused || other.policy->name == result.policy->name));
    if (!belongs) continue;
    const ir::Configuration& configuration = other.policy->configuration;
    const auto served = other.backend->architectures == nullptr ? std::vector{configuration.arch} : other.backend->architectures(configuration, other.settings);
    for (const Arch arch : served)
      if (std::find(archs.begin(), archs.end(), arch) == archs.end()) archs.push_back(arch);
  }
  return archs;
}

}  // namespace

Verified verify_artefact(const Compilation& compilation, const TargetResult& result, bool fused, const std::string& artefact,
                         diag::Sink& sink, const std::vector<std::string>& not_compared) {
  return ReadingComparer(result, artefact, sink, not_compared).run(archs_of(compilation, result, fused));
}

Answer verify(const sema::Program& program, const CompileRequest& request, const ArtefactFile& artefact, Backends backends,
              const diag::SourceMap& sources, diag::Sink& sink) {
  const Compilation compilation = compile(program, request, backends, sources, sink);
  if (sink.has_errors()) return {"", false};
  Answer answer;
  for (const TargetResult& result : compilation.results) {
    if (!result.emitted || result.joined) continue;
    const std::string name(result.backend->name);
    const auto whole = with_drop_ins(artefact, *result.backend, request.include_directories, sink);
    if (!whole) return {"", false};
    const Verified verified = verify_artefact(compilation, result, request.fuse, whole->text, sink);
    if (verified.unreadable) {
      const LinePlace place = place_of(*whole, verified.unreadable->line);
      sink.add_unlocated(diag::unreadable_artefact, name, place.name, place.line, verified.unreadable->message);
      return {"", false};
    }
    answer.yes = answer.yes && verified.equal;
    std::string how = "every access compared";
    if (!verified.but.empty()) how += ", but " + verified.but;
    answer.text += fmt::format("{}: {} on {}: {}\n", verified.equal ? "equal" : "different", result.policy->name, name, how);
  }
  return answer;
}

}  // namespace polc::driver
