// Does the kernel's copy of a profile permit what the reader says? Each profile is compiled by the real
// apparmor_parser; the automaton that the kernel would load is then asked for every witness (binary_policy.hpp).
// POLC_ORACLE_POLICIES: how many generated policies (500); the long run takes 5,000.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "apparmor/apparmor.hpp"
#include "apparmor/model.hpp"
#include "binary_policy.hpp"
#include "probes.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "target/enforce.hpp"
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
  eval::Meaning permits;
  std::optional<BinaryPolicy> binary;
};

Compiled compiled(const std::string& text, const target::Settings& settings) {
  Compiled result{text, {}, std::nullopt};
  const auto read = apparmor::backend().read(text, {}, settings);
  if (!read) FAIL("line " << read.error().line << ": " << read.error().message << "\n" << text);
  result.permits = read->permits;
  const apparmor::ParserRun run = apparmor::run_parser(text);
  if (run.status != 0) FAIL("apparmor_parser ends with " << run.status << ": " << run.messages << "\n" << text);
  result.binary = BinaryPolicy::decode(run.output);
  if (!result.binary) FAIL("the binary policy cannot be decoded\n" << text);
  return result;
}

/// Names that no object has: the automaton knows nothing of that.
bool is_no_name(const ir::Point& point) {
  const auto is_odd = [](const std::string& path) {
    const std::string closed = path == "/" ? path : path + "/";
    const auto holds = [&](std::string_view wrong) { return closed.find(wrong) != std::string::npos; };
    return holds("//") || holds("/./") || holds("/../");
  };
  if (const auto* file = std::get_if<ir::FilePoint>(&point)) return is_odd(file->path);
  const auto* pair = std::get_if<ir::PairPoint>(&point);
  return pair != nullptr && (is_odd(pair->from) || is_odd(pair->to));
}

/// How many points both answered.
std::size_t agree(const Compiled& profile, const std::vector<ir::Point>& points, const std::string& name) {
  std::size_t answered = 0;
  for (const ir::Point& point : points) {
    if (is_no_name(point)) continue;
    const auto permitted = profile.binary->permits(point, name);
    if (!permitted) continue;
    ++answered;
    const bool possible = eval::decide(profile.permits, point).allowed, sure = eval::surely_allows(profile.permits, point);
    if (*permitted ? !possible : sure)
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

/// Accesses to short names, whatever a profile says.
std::vector<ir::Point> names_of(std::uint64_t seed) {
  static constexpr const char* names[] = {"a", "b", "c", "A", "ab", "ba", "Aa", "a b", "*", "-", "x", "a-", "^", "a."};
  constexpr FileVerb verbs[] = {FileVerb::read, FileVerb::write, FileVerb::append, FileVerb::map, FileVerb::lock, FileVerb::exec};
  std::mt19937_64 random(seed);
  const auto path = [&] {
    std::string text;
    for (auto i = 1 + random() % 3; i > 0; --i) text += std::string("/") + names[random() % std::size(names)];
    return text;
  };
  std::vector<ir::Point> points;
  for (int i = 0; i < 400; ++i) {
    ir::FilePoint file;
    file.verb = verbs[random() % std::size(verbs)];
    file.path = path();
    file.type = random() % 4 == 0 ? FileType::dir : FileType::file;
    file.owner.self = random() % 2 == 0;
    points.emplace_back(file);
    points.emplace_back(ir::PairPoint{random() % 2 == 0 ? FileVerb::rename : FileVerb::link, path(), path(), FileType::file, {file.owner.self, ""}});
  }
  return points;
}

std::vector<std::string> included_abstractions(const std::string& profile) {
  constexpr std::string_view include = "include <abstractions/";
  std::vector<std::string> names;
  for (std::size_t at = profile.find(include); at != std::string::npos; at = profile.find(include, at + 1)) {
    const std::size_t begin = at + include.size();
    names.push_back(profile.substr(begin, profile.find('>', begin) - begin));
  }
  return names;
}

std::uint64_t asked(const char* variable, std::uint64_t otherwise) {
  const char* const number = std::getenv(variable);
  return number != nullptr ? std::strtoull(number, nullptr, 10) : otherwise;
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
  const std::uint64_t count = asked("POLC_ORACLE_POLICIES", 500), begin = asked("POLC_ORACLE_FIRST", 1);
  std::size_t points = 0;
  for (std::uint64_t seed = begin; seed < begin + count; ++seed) {
    INFO("seed " << seed);
    const ir::Policy policy = property::Generator(seed, Os::linux_os).policy();
    const eval::Meaning meaning = eval::meaning_of(policy);
    const target::Settings settings = settings_for(policy);
    const target::Enforced made = target::enforce(policy, meaning, meaning.parts(), apparmor::backend(), settings, sources());
    const target::Outcome& legal = made.outcome;
    REQUIRE(!legal.too_complex);
    const Compiled profile = compiled(made.printed.text, settings);
    CHECK(profile.permits.order().is_certain());
    for (const auto* side : {&meaning, &legal.permitted})
      points += agree(profile, property::probes_for(side->parts(), Os::linux_os, 3000), policy.name);
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
    settings.options.as<apparmor::Options>().abstractions = included_abstractions(text);
    const Compiled profile = compiled(text, settings);
    const std::size_t begin = text.find("profile \"") + 9;
    std::vector<ir::Point> points = property::probes_for(profile.permits.parts(), Os::linux_os, 3000);
    std::erase_if(points, [](const ir::Point& point) {  // the automaton knows profiles by their names, not the policies behind them
      const auto* peer = std::get_if<ir::PeerPoint>(&point);
      return peer != nullptr && peer->peer.kind == ir::Peer::Kind::policy;
    });
    agree(profile, points, text.substr(begin, text.find('"', begin) - begin));
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
      const eval::Meaning meaning = eval::meaning_of(policy);
      const Compiled profile = compiled(target::enforce(policy, meaning, meaning.parts(), apparmor::backend(), settings, sources()).printed.text, settings);
      for (unsigned byte = 1; byte < 256; ++byte) {
        if (byte == '/') continue;
        INFO("byte " << byte << " in position " << position);
        ir::FilePoint point;
        point.path = "/dir/" + names[byte];
        CHECK(*profile.binary->permits(point, "bytes") == (byte % 2 == odd));
        CHECK(eval::decide(profile.permits, point).allowed == (byte % 2 == odd));
      }
    }
}

namespace {

/// Profiles of nobody's: rules of all kinds, patterns of all signs.
class Foreign {
 public:
  explicit Foreign(std::uint64_t seed) : random_(seed) {}

  std::string profile() {
    std::string text = "abi <abi/3.0>,\n@{A}=/a /b/ \"/a b\"\n@{N} = a {b,c}\n@{N} += \\\n  a*\n@{D}=@{A}/@{N}\nprofile t {\n";
    for (int i = 2 + pick(6); i > 0; --i) text += "  " + (pick(8) == 0 ? block() : rule() + ",") + "\n";
    return text + "}\n";
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  template <std::size_t n>
  std::string of(const char* const (&words)[n]) {
    return words[pick(static_cast<int>(n))];
  }

  std::string name() {
    static constexpr const char* pieces[] = {"a", "b", "c", "ab", "*", "**", "?", "[a-c]", "[^a]", "{a,b}", "{a,b*}", "\\x41", "\\101", "\\d097",
                                             "\\*", "[a\\-c]", "[\\^a]", "\\040", "\\-", "{a,{b,c}}", "-", ".b"};
    std::string text;
    for (int i = 1 + pick(2); i > 0; --i) text += of(pieces);
    return text;
  }
  std::string path() {
    static constexpr const char* ends[] = {"", "", "", "/", "{,/}", "{,/,/**}", "/**", "/*", "//x"};
    static constexpr const char* whole[] = {"/{,**}", "/**", "/a/{,**/}b", "/a/**[^/]", "/", "/a/?*{,/}"};
    if (pick(8) == 0) return of(whole);
    static constexpr const char* variables[] = {"@{A}", "@{A}/x", "@{D}", "@{D}x", "/@{N}", "/x@{N}y", "@{A}@{N}", "@{A}**", "/{x,@{N}}", "/@{profile_name}"};
    if (pick(6) == 0) return of(variables);
    std::string text;
    for (int i = 1 + pick(2); i > 0; --i) text += "/" + name();
    return text + of(ends);
  }
  /// With quotes, or without where nothing asks for them.
  std::string written_path() {
    const std::string text = path();
    return pick(3) == 0 && text.find(',') == text.npos && text.find('\\') == text.npos ? text : '"' + text + '"';
  }
  std::string block() {
    static constexpr const char* prefixes[] = {"owner", "audit owner", "audit", "other", "allow", ""};
    static constexpr const char* letters[] = {"r", "w", "rw", "rix", "k", "m"};
    std::string text = of(prefixes) + " { ";
    for (int i = 1 + pick(2); i > 0; --i) text += written_path() + " " + of(letters) + ", ";
    return text + "}";
  }
  std::string file_rule() {
    static constexpr const char* letters[] = {"r", "w", "rw", "a", "k", "m", "rmix", "l", "rl", "wl", "rk", "ix", "Ux",
                                              "px", "rPix", "PUx", "cx", "rCix", "CUx", "Px -> u", "pix -> u", "cx -> u", "pux -> u", "RW"};
    static constexpr const char* denied[] = {"r", "w", "rw", "a", "k", "m", "x", "l", "rx", "wl"};
    const bool deny = pick(4) == 0;
    const std::string prefix = std::string(pick(6) == 0 ? "audit " : "") + (deny ? "deny " : "") + (pick(4) == 0 ? "owner " : pick(12) == 0 ? "other " : "") + (pick(8) == 0 ? "file " : "");
    const std::string mode = deny ? of(denied) : of(letters);
    if (pick(8) == 0 && mode.find('>') == mode.npos) return prefix + mode + " " + written_path();
    return prefix + written_path() + " " + mode;
  }
  std::string rule() {
    static constexpr const char* others[] = {
        "network", "network inet", "network tcp", "network unix stream", "deny network inet6", "network stream", "network netlink raw", "deny network inet dgram",
        "network udp", "network icmp", "capability", "capability chown setuid", "deny capability sys_admin", "signal", "signal (send) set=(kill) set=(term)",
        "signal (receive)", "signal (write) peer=t", "deny signal (send) set=(hup)", "signal (send) peer=\"**\"", "ptrace (r)", "ptrace (w) peer=t", "ptrace rw",
        "deny ptrace (trace)", "signal (send) peer=unconfined", "signal (send) peer=\"t*\""};
    switch (pick(6)) {
      case 0: return std::string(pick(4) == 0 ? "deny " : "") + (pick(4) == 0 ? "owner " : "") + "link " + (pick(4) == 0 ? "subset " : "") + '"' + path() + "\" -> \"" + path() + '"';
      case 1: return of(others);
      default: return file_rule();
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("profiles of nobody's: what the automaton permits is possible, and what is sure it permits") {
  const std::uint64_t count = asked("POLC_ORACLE_POLICIES", 500);
  std::size_t points = 0, refused = 0, certain = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    INFO("seed " << seed);
    const std::string text = Foreign(seed).profile();
    const apparmor::ParserRun run = apparmor::run_parser(text, "-M /etc/apparmor.d/abi/3.0 -S");
    if (run.status != 0) {
      ++refused;  // two rules that lead one name to two programs' confinements
      continue;
    }
    const auto read = apparmor::backend().read(text, {}, {});
    if (!read) FAIL("line " << read.error().line << ": " << read.error().message << "\n" << text);
    const Compiled profile{text, read->permits, BinaryPolicy::decode(run.output)};
    REQUIRE(profile.binary);
    certain += read->permits.order().is_certain();
    points += agree(profile, property::probes_for(read->permits.parts(), Os::linux_os, 2000), "t");
    points += agree(profile, names_of(seed), "t");
  }
  MESSAGE(count << " profiles, " << refused << " refused by the parser, " << certain << " read as exact sets, " << points << " answers compared");
  CHECK(refused * 2 < count);
  CHECK(points > count * 100);
}

int main(int argc, char** argv) {
  if (const std::string why = apparmor::parser_missing(); !why.empty()) {
    std::printf("SKIPPED: %s\n", why.c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
