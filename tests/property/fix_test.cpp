// polc lint --fix: over policies with rules said twice, idle names and stale suppressions the meaning stays, and a second run
// finds nothing to do.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "driver/fix.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "texts.hpp"

using namespace polc;

namespace {

constexpr std::array systems{Os::linux_os, Os::openbsd};

class Directory {
 public:
  Directory() { std::filesystem::create_directories(path_); }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& text) const {
    const std::string name = path_ / "a.pol";
    std::ofstream(name, std::ios::binary | std::ios::trunc) << text;
    return name;
  }

 private:
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("polc-fix-" + std::to_string(getpid()));
};

// Some rules twice, some under a suppression of what they never do, and names that nothing uses.
std::string untidy(const std::string& text, property::Random& random) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string line = text.substr(at, end - at);
    const bool is_rule = line.starts_with("  allow ") || line.starts_with("  deny ");
    if (line.starts_with("policy ") && random.below(2) == 0) result += "let idle = \"/idle\";  # of no use\n";
    if (is_rule && random.below(8) == 0) result += "  @allow_lint(P4088, \"a draw\")\n";
    result += line;
    if (is_rule && random.below(3) == 0) result += random.below(2) == 0 ? line : "  # again\n" + line;
    at = end;
  }
  return result;
}

std::size_t lines_of(const std::string& text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; ++at) ++count;
  return count;
}

}  // namespace

TEST_CASE("fixes: 1,000 policies keep their meaning and their comments, and a second run changes nothing") {
  const Directory directory;
  unsigned compared = 0, mended = 0;
  for (std::uint64_t seed = 1; compared < 1000 && seed <= 5000; ++seed) {
    CAPTURE(seed);
    const ir::Policy policy = property::Generator(seed, systems[seed % 2]).policy();
    property::Random random(seed);
    const std::string before = untidy(format::dump(policy), random);
    const auto was = property::lowered(before, policy.configuration);
    if (!was) continue;  // the language has no words for some sets of the generator
    const driver::Mending mending{{directory.file(before)}, {}, {}, {.today = "2026-11-23"}, false};
    const auto fixed = driver::mend(mending);
    ++compared;
    if (fixed.empty()) continue;
    ++mended;
    const std::string& after = fixed.front().after;
    CAPTURE(before);
    CAPTURE(after);
    const auto is = property::lowered(after, policy.configuration);
    REQUIRE(is);
    CHECK(property::mean_alike(*was, *is));
    CHECK(lines_of(after, "# again") == lines_of(before, "# again"));
    directory.file(after);
    CHECK(driver::mend(mending).empty());
  }
  MESSAGE(compared << " policies, " << mended << " of them mended");
  CHECK(compared == 1000);
  CHECK(mended > 500);
}
