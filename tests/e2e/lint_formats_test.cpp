// What machines read from `polc lint` is well-formed whatever bytes the policy and its name hold.
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "polc_process.hpp"
#include "sarif_checker.hpp"

using e2e::Outcome;
using e2e::Scratch;

namespace {

const std::string hostile_name = "a<b>&'\"%,:.pol";

// A secret whose name ends an attribute, an element, a JSON string and a workflow command, and holds what XML cannot.
const std::string hostile_policy =
    "language 1;\npolicy web {\n  allow read \"/etc/ssl/private/<&'>]]>\\\"%0A::\\n\\x01\xEF\xBF\xBE\xEF\xBF\xBF\xE2\x80\xAE\";\n}\n";

// The XML that polc writes, and no more of XML: elements that are closed, double-quoted attributes, four entities.
bool is_well_formed(const std::string& xml) {
  static const std::regex token(R"re(<\?xml [^<>]*\?>|<(/?)([a-z]+)((?: [a-z]+="(?:[^<>&"]|&(?:lt|gt|amp|quot);)*")*)(/?)>|\s+)re");
  std::vector<std::string> open;
  std::smatch match;
  for (auto at = xml.cbegin(); at != xml.cend(); at = match[0].second) {
    if (!std::regex_search(at, xml.cend(), match, token, std::regex_constants::match_continuous)) return false;
    if (match[2].length() == 0 || match[4].length() != 0) continue;
    if (match[1].length() == 0) open.push_back(match[2]);
    else if (open.empty() || open.back() != match[2]) return false;
    else open.pop_back();
  }
  return open.empty();
}

Outcome lint(const std::string& format) {
  const Scratch scratch;
  scratch.write(hostile_name, hostile_policy);
  return scratch.polc({"lint", hostile_name, "--format=" + format, "--today=2026-11-23"});
}

}  // namespace

TEST_CASE("junit: one failed test, and no byte that XML forbids") {
  const Outcome outcome = lint("junit");
  CAPTURE(outcome.out);
  CHECK(outcome.status == 1);
  CHECK(is_well_formed(outcome.out));
  CHECK(outcome.out.find("classname=\"P4004\"") != std::string::npos);
  CHECK(outcome.out.find("tests=\"1\" failures=\"1\"") != std::string::npos);
  for (const char* forbidden : {"\x01", "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) CHECK(outcome.out.find(forbidden) == std::string::npos);
}

TEST_CASE("json and sarif: they parse, and hold the one finding") {
  const auto json = nlohmann::json::parse(lint("json").out, nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json["diagnostics"].size() == 1);
  CHECK(json["diagnostics"][0]["file"] == hostile_name);
  const auto sarif = nlohmann::json::parse(lint("sarif").out, nullptr, false);
  REQUIRE(sarif.is_object());
  CHECK(sarif["runs"][0]["results"].size() == 1);
  const std::string uri = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  CHECK(uri == "a%3Cb%3E%26%27%22%25%2C%3A.pol");
}

TEST_CASE("github and gcc: one line each, which nothing in the policy can end") {
  for (const char* format : {"github", "gcc"}) {
    const Outcome outcome = lint(format);
    CAPTURE(outcome.out);
    CHECK(outcome.out.find('\n') == outcome.out.size() - 1);
  }
  CHECK(lint("github").out.rfind("::error file=a<b>&'\"%25%2C%3A.pol,line=3,col=3,title=P4004::a secret", 0) == 0);
}

// What the fuzzers and people have come upon: bytes that are no policy, and policies that are no good.
TEST_CASE("every format holds whatever the corpus of hostile files does to it, and says what is wrong") {
  namespace fs = std::filesystem;
  const Scratch scratch;
  unsigned files = 0, refused = 0;
  for (const char* kind : {"front_end", "pipeline"})
    for (const auto& entry : fs::directory_iterator(fs::path(POLC_SOURCE_DIR) / "tests/fuzz/corpus" / kind)) {
      CAPTURE(entry.path());
      const auto out = [&](const std::string& format) {
        const Outcome outcome = scratch.polc({"lint", entry.path(), "--format=" + format, "--today=2026-11-23"});
        CHECK(outcome.status <= 1);
        if (outcome.status == 1) CHECK_FALSE((outcome.out + outcome.err).empty());
        return outcome.out;
      };
      const auto json = nlohmann::json::parse(out("json"), nullptr, false), sarif = nlohmann::json::parse(out("sarif"), nullptr, false);
      CHECK(json.is_object());
      CHECK(e2e::SarifChecker().check(sarif) == "");
      const std::size_t found = json.is_object() ? json["diagnostics"].size() : 0;
      CHECK(is_well_formed(out("junit")));
      for (const char* format : {"github", "gcc"}) {
        const std::string lines = out(format);
        CHECK((lines.empty() || lines.back() == '\n'));
      }
      ++files;
      refused += found > 0;
    }
  CHECK(files > 100);
  CHECK(refused > 50);
}

// One policy with most of what a result can hold: a fix, a suppression, related places, a path of rules.
TEST_CASE("sarif: structure, suppressions with their reason, code flows; fingerprints outlive edits elsewhere") {
  const std::string rules =
      "abstraction secrets {\n  allow read \"/etc/shadow\";\n}\npolicy web {\n  program \"/usr/bin/web\";\n  use secrets;\n"
      "  @allow_lint(P4016, \"it is a disk tool\")\n  allow read \"/dev/sda\" type blockdev;\n  allow fork;\n  allow fork;\n"
      "  allow namespace user;\n  allow mount any;\n  allow write, exec \"/usr/bin/web\";\n}\n";
  const Scratch scratch;
  const auto sarif_of = [&](const std::string& head) {
    scratch.write("a.pol", head + rules);
    return nlohmann::json::parse(scratch.polc({"lint", "a.pol", "--format=sarif", "--today=2026-11-23"}).out, nullptr, false);
  };
  const auto log = sarif_of("language 1;\n"), later = sarif_of("# More\n\nlanguage 1;\nlet other = \"/o\";\n");
  CHECK(e2e::SarifChecker().check(log) == "");
  std::set<std::string> fingerprints, later_fingerprints;
  unsigned fixes = 0, suppressions = 0, flows = 0;
  for (const auto& result : log["runs"][0]["results"]) {
    fingerprints.insert(result["partialFingerprints"].dump());
    fixes += result.contains("fixes");
    suppressions += result.contains("suppressions") && result["suppressions"][0]["justification"] == "it is a disk tool";
    flows += result.contains("codeFlows");
  }
  CHECK(fixes > 0);
  CHECK(suppressions == 1);
  CHECK(flows > 0);
  for (const auto& result : later["runs"][0]["results"]) later_fingerprints.insert(result["partialFingerprints"].dump());
  for (const std::string& fingerprint : fingerprints) CHECK(later_fingerprints.count(fingerprint) == 1);
}

TEST_CASE("the checker of SARIF tells what is broken") {
  const auto whole = nlohmann::json::parse(lint("sarif").out, nullptr, false);
  REQUIRE(e2e::SarifChecker().check(whole) == "");
  const auto broken = [&](const std::string& pointer, const nlohmann::json& value) {
    auto log = whole;
    log[nlohmann::json::json_pointer(pointer)] = value;
    return e2e::SarifChecker().check(log);
  };
  CHECK(broken("/version", "2.0.0") != "");
  CHECK(broken("/runs/0/results/0/ruleId", "P1") != "");
  CHECK(broken("/runs/0/results/0/level", "fatal") != "");
  CHECK(broken("/runs/0/results/0/locations/0/physicalLocation/region/startLine", 0) != "");
  CHECK(broken("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", "a b") != "");
}

TEST_CASE("the checker of XML tells what is broken") {
  CHECK(is_well_formed("<a b=\"&lt;\"><c/></a>\n"));
  for (const char* broken : {"<a>", "</a>", "<a></b>", "<a b=\"<\"/>", "<a b=\"&\"/>", "<a b=\"\"\"/>", "<a>text</a>"}) CHECK_FALSE(is_well_formed(broken));
}
