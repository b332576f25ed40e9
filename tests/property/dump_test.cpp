// What --dump=ir prints is the policy again: printed, parsed and lowered it means the same.
#include <doctest/doctest.h>

#include <algorithm>

#include "diag/render.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "sema/lower.hpp"
#include "syntax/parse.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};

// Families that the language has no word for can only be said together with all others, as the protocol `any`; requests of
// ioctl only by name, and every successor of an exec at once not at all.
bool has_words(const ir::Rule& rule) {
  return std::none_of(rule.boxes.begin(), rule.boxes.end(), [](const ir::Box& box) {
    const auto* net = std::get_if<ir::NetBox>(&box);
    const auto* file = std::get_if<ir::FileBox>(&box);
    return (net != nullptr && net->family == Family::other) || 
           (file != nullptr && (!file->requests.is_all() || file->successors.empty()));
  });
}

// The policy as a reader of the text understands it. Mistakes end the test: the text is shown.
ir::Policy read_again(const std::string& text, const ir::Policy& original) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto file = syntax::parse(sources, sources.add("dump.pol", text), sink);
  std::optional<std::vector<ir::Policy>> policies;
  if (file) {
    sema::Program program;
    program.units.push_back({*file, {}, true});
    policies = sema::lower(program, {original.configuration.os, original.configuration.arch, {}}, sink);
  }
  if (!policies) FAIL(diag::render_text(sources, sink.sorted(), false) << "\n" << text);
  return policies->front();
}

}  // namespace

TEST_CASE("dump: printed, parsed and lowered, a policy means the same") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy_with_words();
    std::erase_if(policy.rules, [](const ir::Rule& rule) { return !has_words(rule); });
    const std::string text = format::dump(policy);
    const ir::Policy again = read_again(text, policy);
    const eval::Meaning before = eval::meaning_of(policy), after = eval::meaning_of(again);
    const eval::Meaning* const sides[] = {&before, &after};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1)}, {.in = eval::side(1), .out = eval::side(0)}};
    sets::Budget budget;
    std::optional<ir::Point> found;
    eval::compare(sides, terms, budget, [&](const ir::Point& point, eval::TermSet) {
      found = point;
      return false;
    });
    CHECK(!budget.exhausted);
    if (found) FAIL("seed " << seed << ": " << format::text_of(before.os(), *found) << "\n" << text);
  }
}
