#include "driver/proof.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "eval/compare.hpp"
#include "eval/probes.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

// On every compile: some for each rule of an ordinary policy, evenly for a large one. `verify` asks all.
constexpr std::size_t probes_of_a_compile = 3'000;

struct Raw {
  bool any = false;
  bool accepted = false;  // wider on this target
  diag::SourceRange range;
};

Raw raw_of(const TargetResult& result) {
  Raw raw;
  for (const ir::Raw& text : result.policy->raws) {
    if (text.target != result.backend->name) continue;
    raw.any = true;
    raw.range = text.range;
    raw.accepted |= std::any_of(text.accepts.begin(), text.accepts.end(), [&](std::uint32_t place) {
      const ir::Accept& accept = result.policy->accepts[place];
      return accept.verdict == ir::Verdict::wider && accept.target == result.backend->name;
    });
  }
  return raw;
}

// Where the artefact is a set itself, the algebra decides; false: the budget ended before all was seen.
bool compare_exactly(const eval::Meaning& artefact, const eval::Meaning& permitted, const DifferenceVisitor& visit) {
  const eval::Meaning* const sides[] = {&artefact, &permitted};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool stopped = false;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet holding) {
    stopped = !visit(point, (holding & 1u) != 0);
    return !stopped;
  });
  return complete || stopped;
}

}  // namespace

std::size_t differences(const target::Reader& reader, const eval::Meaning& permitted, const eval::Meaning& meaning,
                        std::size_t at_most, const DifferenceVisitor& visit) {
  if (reader.meaning() != nullptr && compare_exactly(*reader.meaning(), permitted, visit)) return 0;
  std::vector<ir::Point> points = eval::probes_for(permitted.parts(), permitted.os(), at_most);
  const auto more = eval::probes_for(meaning.parts(), meaning.os(), at_most);
  points.insert(points.end(), more.begin(), more.end());
  const auto mentioned = reader.mentioned();
  const std::size_t step = mentioned.size() / at_most + 1;
  for (std::size_t i = 0; i < mentioned.size(); i += step) points.push_back(mentioned[i]);
  for (const ir::Point& point : points) {
    const bool permits = reader.permits(point);
    if (permits != eval::decide(permitted, point).allowed && !visit(point, permits)) break;
  }
  return points.size();
}

std::shared_ptr<const target::Reader> proven(const TargetResult& result, diag::Sink& sink) {
  const std::string name(result.backend->name);
  const Raw raw = raw_of(result);
  auto reader = result.backend->read(result.artifact.text, result.policy->configuration, result.settings);
  if (!reader) {
    if (raw.any) sink.add(diag::unreadable_raw, raw.range, name, reader.error().message);
    else sink.add(diag::proof_failed, result.policy->range, name, "it cannot be read back: " + reader.error().message);
    return nullptr;
  }
  const std::shared_ptr<const target::Reader> shared = std::move(*reader);
  if (result.backend->prove != nullptr && !raw.any) {
    const target::LegalPolicy* const policies[] = {&result.legalised.policy};
    if (const auto difference = result.backend->prove(std::span(policies), result.artifact))
      sink.add(diag::proof_failed, result.policy->range, name, *difference);
    return shared;
  }
  differences(*shared, result.legalised.permitted, *result.meaning, probes_of_a_compile, [&](const ir::Point& point, bool permits) {
    const std::string words = format::text_of(result.policy->configuration.os, point);
    if (raw.any && permits) {
      if (!raw.accepted) sink.add(diag::raw_opens, raw.range, name, words);
      return !raw.accepted ? false : true;
    }
    sink.add(diag::proof_failed, result.policy->range, name,
             std::string(permits ? "it permits `" : "it refuses `") + words + "`");
    return false;
  });
  return shared;
}

}  // namespace polc::driver
