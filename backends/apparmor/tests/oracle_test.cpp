// Does the kernel's copy of a profile permit what the reader says? Each profile is compiled by the real
// apparmor_parser; the automaton that the kernel would load is then asked for every witness (binary_policy.hpp).
// POLC_ORACLE_POLICIES: how many generated policies (500); the long run takes 5,000.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "apparmor/apparmor.hpp"
#include "binary_policy.hpp"
#include "eval/probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "target/legalise.hpp"
#include "target/settings.hpp"

using namespace polc;
using apparmor::BinaryPolicy;

namespace {

const diag::SourceMap& sources() {
  static const diag::SourceMap map = [] {
    diag::SourceMap one;
    one.add("generated.pol", "\n");
    return one;
  }();
  return map;
}

target::Settings settings_for(const ir::Policy& policy) {
  diag::Sink sink;
  return *target::settings_for(apparmor::backend(), policy, {}, "profile", sink);
}

struct Compiled {
  std::string text;
  std::unique_ptr<target::Reader> reader;
  std::optional<BinaryPolicy> binary;
};

Compiled compiled(const std::string& text, const target::Settings& settings) {
  Compiled result{text, nullptr, std::nullopt};
  auto reader = apparmor::backend().read(text, {}, settings);
  if (!reader) FAIL("line " << reader.error().line << ": " << reader.error().message << "\n" << text);
  result.reader = *std::move(reader);
  const apparmor::ParserRun run = apparmor::run_parser(text);
  if (run.status != 0) FAIL("apparmor_parser ends with " << run.status << ": " << run.messages << "\n" << text);
  result.binary = BinaryPolicy::decode(run.output);
  if (!result.binary) FAIL("the binary policy cannot be decoded\n" << text);
  return result;
}

/// How many points both answered.
std::size_t agree(const Compiled& profile, const std::vector<ir::Point>& points, const std::string& name) {
  std::size_t answered = 0;
  for (const ir::Point& point : points) {
    const auto permitted = profile.binary->permits(point, name);
    if (!permitted) continue;
    ++answered;
    if (*permitted != profile.reader->permits(point))
      FAIL("the kernel " << (*permitted ? "permits `" : "refuses `") << format::text_of(Os::linux_os, point)
                         << "`, the reader does not\n"
                         << profile.text);
  }
  return answered;
}

std::string content(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// As the option names them: base,nameservice.
std::string included_abstractions(const std::string& profile) {
  constexpr std::string_view include = "include <abstractions/";
  std::string names;
  for (std::size_t at = profile.find(include); at != std::string::npos; at = profile.find(include, at + 1)) {
    const std::size_t begin = at + include.size();
    names += (names.empty() ? "" : ",") + profile.substr(begin, profile.find('>', begin) - begin);
  }
  return names;
}

ir::Policy reading(std::vector<sets::PathPattern> places) {
  ir::Policy policy;
  policy.name = "bytes";
  ir::FileBox box;
  box.verbs = {FileVerb::read};
  box.types = {FileType::file};
  box.places = std::move(places);
  ir::Rule rule;
  rule.boxes.emplace_back(std::move(box));
  rule.origin = {{}};
  policy.rules.push_back(std::move(rule));
  return policy;
}

}  // namespace

TEST_CASE("generated policies: parser, reader and automaton agree on every witness") {
  const char* const asked = std::getenv("POLC_ORACLE_POLICIES");
  const std::uint64_t count = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 500;
  const char* const first = std::getenv("POLC_ORACLE_FIRST");
  const std::uint64_t begin = first != nullptr ? std::strtoull(first, nullptr, 10) : 1;
  std::size_t points = 0;
  for (std::uint64_t seed = begin; seed < begin + count; ++seed) {
    INFO("seed " << seed);
    const ir::Policy policy = property::Generator(seed, Os::linux_os).policy();
    const eval::Meaning meaning = eval::meaning_of(policy);
    const target::Settings settings = settings_for(policy);
    const target::Legalised legal = target::legalise(policy, meaning, apparmor::backend(), settings);
    REQUIRE(!legal.too_complex);
    const Compiled profile = compiled(apparmor::backend().emit(legal.policy, sources()).text, settings);
    for (const auto* side : {&meaning, &legal.permitted})
      points += agree(profile, eval::probes_for(side->parts(), Os::linux_os, 3000), policy.name);
    points += agree(profile, profile.reader->mentioned(), policy.name);
    std::vector<ir::Point> witnesses;
    for (const target::Finding& finding : legal.findings)
      if (finding.witness) witnesses.push_back(*finding.witness);
    points += agree(profile, witnesses, policy.name);
  }
  MESSAGE(count << " policies, " << points << " answers compared");
  CHECK(points > count * 100);
}

TEST_CASE("golden profiles: the parser takes them without a warning and means what the reader means") {
  std::size_t profiles = 0;
  for (const auto& entry : std::filesystem::directory_iterator(POLC_GOLDEN_CASES)) {
    const auto file = entry.path() / "apparmor.txt";
    if (!std::filesystem::exists(file)) continue;
    INFO(file.string());
    const std::string text = content(file);
    if (text.find("abi <abi/3.0>") == std::string::npos) continue;  // this parser knows no later one
    target::Settings settings = settings_for({});
    settings.options["abstractions"] = included_abstractions(text);
    const Compiled profile = compiled(text, settings);
    const std::size_t begin = text.find("profile \"") + 9;
    agree(profile, profile.reader->mentioned(), text.substr(begin, text.find('"', begin) - begin));
    ++profiles;
  }
  CHECK(profiles >= 5);
}

TEST_CASE("every byte that a name can hold is that byte and no other, in three positions") {
  for (int position = 0; position < 3; ++position)
    for (unsigned odd = 0; odd < 2; ++odd) {
      std::vector<std::string> names(256);
      std::vector<sets::PathPattern> places;
      for (unsigned byte = 1; byte < 256; ++byte) {
        if (byte == '/') continue;
        const std::string c(1, static_cast<char>(byte));
        names[byte] = position == 0 ? c + "name" : position == 1 ? "na" + c + "me" : "name" + c;
        if (byte % 2 == odd)
          places.push_back({{{sets::Component::Kind::literal, "dir"}, {sets::Component::Kind::literal, names[byte]}}});
      }
      std::sort(places.begin(), places.end());
      const ir::Policy policy = reading(std::move(places));
      const target::Settings settings = settings_for(policy);
      const target::Legalised legal = target::legalise(policy, eval::meaning_of(policy), apparmor::backend(), settings);
      const Compiled profile = compiled(apparmor::backend().emit(legal.policy, sources()).text, settings);
      for (unsigned byte = 1; byte < 256; ++byte) {
        if (byte == '/') continue;
        INFO("byte " << byte << " in position " << position);
        ir::FilePoint point;
        point.path = "/dir/" + names[byte];
        CHECK(*profile.binary->permits(point, "bytes") == (byte % 2 == odd));
        CHECK(profile.reader->permits(point) == (byte % 2 == odd));
      }
    }
}

int main(int argc, char** argv) {
  if (const std::string why = apparmor::parser_missing(); !why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
