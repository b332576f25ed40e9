// abstractions.md lists what Debian's abstractions add to a profile. Does each list say the same as the include?
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "profile_difference.hpp"

using namespace polc::apparmor;

namespace {

/// The document's fenced block of that kind.
std::string listed(const std::string& kind) {
  std::ifstream lines(POLC_SOURCE_DIR "/backends/apparmor/abstractions.md");
  std::string rules;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) inside = line == "```" + kind;
    else if (inside) rules += "  " + line + '\n';
  }
  return rules;
}

BinaryPolicy compiled(const std::string& rules) {
  const ParserRun run =
      run_parser("abi <abi/3.0>,\ninclude <tunables/global>\nprofile web {\n  /srv/web r,\n" + rules + "}\n");
  if (run.status != 0) FAIL("apparmor_parser ends with " << run.status << ": " << run.messages);
  auto policy = BinaryPolicy::decode(run.output);
  REQUIRE(policy);
  return *std::move(policy);
}

std::string missing() {
  if (std::string why = parser_missing(); !why.empty()) return why;
  for (const char* file : {"base", "nameservice"})
    if (!std::filesystem::exists(std::string("/etc/apparmor.d/abstractions/") + file))
      return std::string("there is no abstraction ") + file;
  if (std::system("apparmor_parser --version 2> /dev/null | grep -qF 'version 3.0.8'") != 0)
    return "the lists are those of apparmor 3.0.8, and this is another version";
  return "";
}

}  // namespace

TEST_CASE("abstractions.md: each list permits what the include does, and no more") {
  for (const std::string name : {"base", "nameservice"}) {
    CAPTURE(name);
    const std::string rules = listed(name);
    REQUIRE(rules.size() > 1000);
    const BinaryPolicy list = compiled(rules), include = compiled("  include <abstractions/" + name + ">\n");
    const auto unlisted = first_difference(include, list), beyond = first_difference(list, include);
    CHECK_MESSAGE(!unlisted, "not listed: " << unlisted.value_or(""));
    CHECK_MESSAGE(!beyond, "more than the include permits: " << beyond.value_or(""));
    CHECK(first_difference(include, compiled("")));
  }
}

int main(int argc, char** argv) {
  if (const std::string why = missing(); !why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
