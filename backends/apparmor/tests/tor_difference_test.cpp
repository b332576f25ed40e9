// tor-and-debian.md lists what our profile of tor permits and Debian's does not, and the other way round. Is the list
// complete, and is each line of it true? Both profiles are compiled by the real parser and compared for every name.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "profile_difference.hpp"

using namespace polc::apparmor;

namespace {

constexpr const char* debians = "/etc/apparmor.d/system_tor";
constexpr const char* ours_command = "'" POLC_BINARY "' '" POLC_SOURCE_DIR
                                     "/policies/tor.pol' --target=apparmor --variant=debian "
                                     "--option apparmor.name=system_tor --fidelity=none";

std::string content(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) out += static_cast<char>(c);
  REQUIRE(::pclose(pipe) == 0);
  return out;
}

/// Without what the administrator of this machine adds.
std::string without_local(const std::string& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);)
    if (line.find("<local/") == std::string::npos) out += line + '\n';
  return out;
}

using Rules = std::vector<std::string>;

/// The lines of the document's fenced blocks of one kind.
Rules listed(const std::string& kind) {
  std::istringstream lines(content(POLC_SOURCE_DIR "/backends/apparmor/tor-and-debian.md"));
  Rules rules;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) inside = line == "```" + kind;
    else if (inside) rules.push_back(line);
  }
  return rules;
}

std::string with(const std::string& profile, const Rules& rules) {
  std::string text = profile.substr(0, profile.rfind('}'));
  for (const std::string& rule : rules) text += "  " + rule + '\n';
  return "abi <abi/3.0>,\ninclude <tunables/global>\n" + text + "}\n";
}

std::vector<BinaryPolicy> compiled(const std::string& text) {
  const ParserRun run = run_parser(text);
  if (run.status != 0) FAIL("apparmor_parser ends with " << run.status << ": " << run.messages);
  auto all = BinaryPolicy::decode_all(run.output);
  REQUIRE(!all.empty());
  return all;
}

/// A profile a rule.
std::vector<BinaryPolicy> compiled_alone(const Rules& rules) {
  std::string text = "abi <abi/3.0>,\ninclude <tunables/global>\n";
  for (std::size_t i = 0; i < rules.size(); ++i)  // the parser puts them out in the order of their names
    text += "profile rule" + std::to_string(1000 + i) + " {\n" + rules[i] + "\n}\n";
  return compiled(text);
}

struct Side {
  std::string text;
  Rules rules;  // that the other one lacks
  BinaryPolicy policy;
};

void check_lists(const Side& one, const Side& other) {
  const BinaryPolicy completed = compiled(with(other.text, one.rules)).front();
  const auto left = first_difference(one.policy, completed);
  CHECK_MESSAGE(!left, "not listed: " << left.value_or(""));
  const auto alone = compiled_alone(one.rules);
  REQUIRE(alone.size() == one.rules.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    CAPTURE(one.rules[i]);
    const auto beyond = first_difference(alone[i], one.policy);
    CHECK_MESSAGE(!beyond, "more than the profile permits: " << beyond.value_or(""));
    CHECK_MESSAGE(first_difference(alone[i], other.policy), "the other profile permits it too");
  }
}

Side side(const std::string& text, const std::string& kind) {
  return {text, listed(kind), compiled(with(text, {})).front()};
}

}  // namespace

TEST_CASE("tor-and-debian.md: every difference is listed, and every line of the lists is one") {
  const Side theirs = side(without_local(content(debians)), "theirs");
  const Side ours = side(without_local(output_of(ours_command)), "ours");
  CHECK(theirs.rules.size() > 50);
  CHECK(ours.rules.size() > 5);
  check_lists(theirs, ours);
  check_lists(ours, theirs);
}

int main(int argc, char** argv) {
  std::string why = parser_missing();
  if (why.empty() && !std::filesystem::exists(debians)) why = std::string("there is no ") + debians;
  if (!why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
