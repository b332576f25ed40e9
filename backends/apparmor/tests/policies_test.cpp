// Does the real parser take every profile that polc prints for the golden cases' and the real policies' sources? Once
// with feature ABI 3.0 and every warning an error, once for the features that Debian pins, where it may say that it
// downgrades unix rules, and nothing else.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "binary_policy.hpp"

using namespace polc::apparmor;
namespace fs = std::filesystem;

namespace {

constexpr const char* pinned = "/usr/share/apparmor-features/features";

std::string content(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// A profile and where it is from.
struct Made {
  std::string origin, text;
};

Made made_from(const std::string& policy, const std::string& options) {
  const std::string command =
      "'" POLC_BINARY "' '" POLC_SOURCE_DIR "/" + policy + "' --target=apparmor --fidelity=none " + options;
  Made made{policy + ' ' + options, ""};
  FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) made.text += static_cast<char>(c);
  INFO(command);
  REQUIRE(::pclose(pipe) == 0);
  return made;
}

std::vector<Made> profiles() {
  std::vector<Made> all;
  for (const auto& entry : fs::recursive_directory_iterator(POLC_SOURCE_DIR "/backends/apparmor/tests"))
    if (entry.path().filename() == "apparmor.txt") all.push_back({entry.path().string(), content(entry.path())});
  for (const char* variant : {"debian", "fedora"})
    for (const char* roles :
         {"", ",relay", ",bridge", ",exit", ",onion", ",relay,exit,onion", ",unprivileged", ",relay,exit,onion,unprivileged"})
      all.push_back(made_from("policies/tor.pol", std::string("--variant=") + variant + roles));
  all.push_back(made_from("backends/apparmor/tests/vm/probe.pol", ""));
  all.push_back(made_from("policies/howto/tor.pol", ""));
  return all;
}

bool is_abi_3(const Made& made) { return made.text.find("abi <abi/3.0>,") != std::string::npos; }

std::set<std::string> warnings_in(const std::string& messages) {
  std::istringstream lines(messages);
  std::set<std::string> found;
  for (std::string line; std::getline(lines, line);)
    if (line.find("arning") != std::string::npos) found.insert(line);
  return found;
}

}  // namespace

TEST_CASE("every profile compiles at feature ABI 3.0 without a warning") {
  std::size_t compiled = 0;
  for (const Made& made : profiles()) {
    if (!is_abi_3(made)) continue;
    CAPTURE(made.origin);
    const ParserRun run = run_parser(made.text);
    CAPTURE(run.messages);
    CHECK(run.status == 0);
    CHECK(run.messages == "");
    ++compiled;
  }
  CHECK(compiled > 20);
}

TEST_CASE("every profile compiles for the features that Debian pins") {
  if (!fs::exists(pinned)) {
    std::printf("SKIPPED: there is no %s\n", pinned);
    return;
  }
  for (const Made& made : profiles()) {
    if (!is_abi_3(made)) continue;
    CAPTURE(made.origin);
    const ParserRun run = run_parser(made.text, std::string("--warn=all -M ") + pinned + " -S");
    CHECK(run.status == 0);
    for (const std::string& warning : warnings_in(run.messages)) {
      CAPTURE(warning);
      const bool is_hosts = made.text.find("include <abstractions/") != std::string::npos;
      const bool is_of_include = is_hosts && warning.find("dbus rules not enforced") != std::string::npos;
      CHECK((is_of_include || warning.find("unix") != std::string::npos));
    }
  }
}

int main(int argc, char** argv) {
  if (const std::string why = parser_missing(); !why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
