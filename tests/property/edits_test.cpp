// Every line left out of a golden artefact, and every change of a line, is different to `polc verify`, unless the two texts mean
// the same. In CI some of each text; with POLC_EDITS=N (label long) all,
// words and letters drawn N times.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "artefact_edits.hpp"
#include "compiled.hpp"
#include "driver/verify.hpp"
#include "format/raise.hpp"
#include "readings.hpp"
#include "registry.hpp"

using namespace polc;

namespace {

struct Score {
  std::size_t artefacts = 0, edits = 0, unreadable = 0, different = 0, equal = 0;
};

class Checker {
 public:
  Checker(const property::Compiled& one, const driver::TargetResult& result, Score& score)
      : one_(one), result_(result), score_(score), own_(*property::readings_of(result, result.text)) {}

  void run(std::uint64_t times) {
    ++score_.artefacts;
    CHECK_MESSAGE(is_equal(result_.text), one_.name);
    // Sets of regular expressions take long to compare: in CI some edits of each text.
    constexpr std::size_t most = 150;
    for (std::uint64_t seed = 1; seed <= std::max<std::uint64_t>(times, 1); ++seed) {
      const auto edits = property::edits_of(result_.text, seed);
      const std::size_t stride = times > 0 ? 1 : edits.size() / most + 1;
      for (std::size_t i = 0; i < edits.size(); i += stride) check(edits[i]);
    }
  }

 private:
  bool is_equal(const std::string& text) const {
    diag::Sink sink;
    return driver::verify_artefact(one_.compilation, result_, false, text, sink).equal;
  }

  void check(const property::Edit& edit) {
    ++score_.edits;
    const auto theirs = property::readings_of(result_, edit.text);
    if (!theirs) {
      ++score_.unreadable;
      CHECK_MESSAGE(!is_equal(edit.text), one_.name << ", " << edit.what << ": unreadable, but verify calls it equal");
      return;
    }
    const bool equal = is_equal(edit.text);
    ++(equal ? score_.equal : score_.different);
    CHECK_MESSAGE(equal == property::are_alike(own_, *theirs),
                  one_.name << ", " << edit.what << ": verify says " << std::string(equal ? "equal" : "different") << ", the readings do not");
    if (!equal) return;
    if (std::getenv("POLC_SHOW_EQUAL") != nullptr) MESSAGE("equal: " << one_.name << ", " << edit.what);
    for (std::size_t i = 0; i < own_.size(); ++i) {
      const auto difference = property::probed_difference(own_[i].permits, (*theirs)[i].permits);
      CHECK_MESSAGE(!difference, one_.name << ", " << edit.what << ": verify says equal, but they differ in "
                                           << (difference ? format::text_of(result_.policy->configuration.os, *difference) : ""));
    }
  }

  const property::Compiled& one_;
  const driver::TargetResult& result_;
  Score& score_;
  const std::vector<target::Reading> own_;
};

void check(const target::Backend& backend) {
  const char* const asked = std::getenv("POLC_EDITS");
  const std::uint64_t times = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 0;
  Score score;
  property::for_each_golden_artefact(backend, [&](const property::Compiled& one) {
    for (const driver::TargetResult& result : one.compilation.results)
      if (result.emitted && !result.joined && !one.has_errors) Checker(one, result, score).run(times);
  });
  MESSAGE(backend.name << ": " << score.artefacts << " artefacts, " << score.edits << " edits: " << score.different << " different, "
                       << score.unreadable << " unreadable, " << score.equal << " equal");
  CHECK(score.artefacts > 0);
  // Most edits say something else, or the reader is too easily pleased.
  CHECK(score.equal * 5 < score.edits);
}

}  // namespace

TEST_CASE("each edit of an artefact that changes its meaning is different") {
  for (const target::Backend* backend : backends::all()) {
    const char* const only = std::getenv("POLC_BACKEND");
    if (only == nullptr || only == backend->name) check(*backend);
  }
}
