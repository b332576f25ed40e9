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

constexpr ir::AccessClass every_class[] = {ir::AccessClass::file, ir::AccessClass::net, ir::AccessClass::syscall,
                                           ir::AccessClass::process};

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
bool compare_exactly(const target::Reader& reader, const eval::Meaning& permitted, const DifferenceVisitor& visit) {
  const eval::Meaning* const sides[] = {reader.meaning(), &permitted};
  const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
  sets::Budget budget;
  bool stopped = false;
  const bool complete = eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet holding) {
    if (!reader.is_exact_for(ir::class_of(point))) return true;
    stopped = !visit(point, (holding & 1u) != 0);
    return !stopped;
  });
  return complete || stopped;
}

// A box is looked for among so many that were seen before it; thousands of rules bring the same few calls.
constexpr std::size_t remembered_boxes = 200;

/// The boundaries of the parts that the algebra could not compare; each box once.
void add_probes(const eval::Meaning& side, const std::function<bool(ir::AccessClass)>& is_open, std::size_t at_most,
                std::vector<ir::Point>& out) {
  std::vector<eval::Part> parts;
  for (const eval::Part& part : side.parts()) {
    if (!is_open(ir::class_of(part.box))) continue;
    const auto until = parts.size() < remembered_boxes ? parts.end() : parts.begin() + remembered_boxes;
    const auto is_it = [&](const eval::Part& other) { return other.box == part.box; };
    if (std::none_of(parts.begin(), until, is_it)) parts.push_back({part.effect, part.box, {}, false});
  }
  for (ir::Point& point : eval::probes_for(parts, side.os(), at_most))
    if (is_open(ir::class_of(point))) out.push_back(std::move(point));
}

}  // namespace

std::size_t differences(const target::Reader& reader, const eval::Meaning& permitted, const eval::Meaning& meaning,
                        std::size_t at_most, const DifferenceVisitor& visit) {
  const bool compared = reader.meaning() != nullptr && compare_exactly(reader, permitted, visit);
  const auto is_open = [&](ir::AccessClass c) { return !compared || !reader.is_exact_for(c); };
  if (std::none_of(std::begin(every_class), std::end(every_class), is_open)) return 0;
  std::vector<ir::Point> points;
  add_probes(permitted, is_open, at_most, points);
  add_probes(meaning, is_open, at_most, points);
  std::vector<ir::Point> mentioned = reader.mentioned();
  std::erase_if(mentioned, [&](const ir::Point& point) { return !is_open(ir::class_of(point)); });
  const std::size_t step = mentioned.size() / at_most + 1;
  for (std::size_t i = 0; i < mentioned.size(); i += step) points.push_back(std::move(mentioned[i]));
  for (const ir::Point& point : points) {
    const bool permits = reader.permits(point);
    if (permits != eval::decide(permitted, point).allowed && !visit(point, permits)) break;
  }
  return points.size();
}

void report(const target::ProofFailure& failure, const TargetResult& result, diag::Sink& sink) {
  const std::string name(result.backend->name);
  if (failure.is_too_complex) sink.add(diag::proof_too_complex, result.policy->range, name, failure.words);
  else sink.add(diag::proof_failed, result.policy->range, name, failure.words);
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
    if (const auto failure = result.backend->prove(std::span(policies), result.artifact))
      report(*failure, result, sink);
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
