// Replays tests/fuzz/corpus/front_end through what the fuzzer runs: what once crashed, or might, is tried in every
// build.
#include <doctest/doctest.h>

#include "diag/render.hpp"
#include "parsed.hpp"
#include "policies.hpp"

using namespace polc;

namespace {

const auto corpus = std::filesystem::path(POLC_SOURCE_DIR) / "tests/fuzz/corpus/front_end";

}  // namespace

TEST_CASE("corpus: every input ends in a tree or in located errors, and can be rendered") {
  const auto files = test::files_below(corpus);
  REQUIRE(files.size() >= 20);
  for (const auto& file : files) {
    INFO(file.string());
    const test::Parsed p(test::text_of_file(file));
    CHECK(p.file.has_value() == (p.sink.error_count() == 0));
    CHECK(p.shown().empty() == p.file.has_value());
    CHECK_FALSE(diag::render_json(p.sources, p.sink.sorted()).empty());
  }
}

TEST_CASE("corpus: what is named good is a policy, the rest is not") {
  for (const auto& file : test::files_below(corpus)) {
    const test::Parsed p(test::text_of_file(file));
    CHECK_MESSAGE(p.file.has_value() == file.filename().string().starts_with("good"), file.string());
  }
}
