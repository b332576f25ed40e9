// polc fmt: whatever the blanks, the same words, comments and meaning; and what it wrote it writes again.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "format/raise.hpp"
#include "generators.hpp"
#include "syntax/layout.hpp"
#include "syntax/pieces.hpp"
#include "texts.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};

// The same words with blanks, line ends and comments thrown in between. Words that stand together stay together: what is
// one lexeme must not become two.
std::string scrambled(const std::string& text, property::Random& random) {
  std::string result;
  for (const syntax::Piece& piece : syntax::pieces_of(text)) {
    result += piece.text;
    if (piece.is_comment) result += '\n';
    switch (random.below(12)) {
      case 0: result += "\n"; break;
      case 1: result += "\r\n\n\n\t"; break;
      case 2: result += "  # a comment, { with; signs }\n"; break;
      case 3: result += "\n# alone\n"; break;
      default: result += " "; break;
    }
  }
  return result;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  return longest;
}

}  // namespace

TEST_CASE("layout: 1,000 policies in any blanks keep their meaning, and a second time changes nothing") {
  unsigned compared = 0;
  for (std::uint64_t seed = 1; compared < 1000 && seed <= 5000; ++seed) {
    CAPTURE(seed);
    const ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
    property::Random random(seed);
    const std::string before = scrambled(format::dump(policy), random);
    const std::string after = syntax::laid_out(before);
    CAPTURE(after);
    REQUIRE(syntax::laid_out(after) == after);
    const auto was = property::lowered(before, policy.configuration), is = property::lowered(after, policy.configuration);
    REQUIRE(was.has_value() == is.has_value());
    if (!was) continue;  // the language has no words for some sets of the generator
    CHECK(property::mean_alike(*was, *is));
    ++compared;
  }
  CHECK(compared == 1000);
}

TEST_CASE("layout: without comments the blanks of the author leave no trace but his line ends") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::string text = syntax::laid_out(format::dump(property::Generator(seed, Os::linux_os).policy()));
    std::string wide;
    for (const char c : text) wide += c == '\n' ? std::string(" \t\n\t") : std::string(1, c);
    CHECK(syntax::laid_out(wide) == text);
  }
}

TEST_CASE("layout: shipped policies have no line past the edge but those that cannot break") {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(POLC_SOURCE_DIR) / "policies")) {
    if (entry.path().extension() != ".pol") continue;
    CAPTURE(entry.path());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text = syntax::laid_out(std::string(std::istreambuf_iterator<char>(file), {}));
    CHECK(syntax::laid_out(text) == text);
    CHECK(longest_line(text) <= 130);  // a comment may be longer
  }
}
