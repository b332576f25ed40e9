// Whose line is it? And what choose says without a place in the text.
#include <algorithm>

#include "acl.hpp"

using namespace polc;
using namespace polc::grsecurity::tests;
using ir::Verdict;

namespace {

std::vector<std::string> all_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::vector<unsigned> rules_behind(const Compiled& made, std::string_view line) {
  const auto lines = all_lines(made.text);
  const auto found = std::find(lines.begin(), lines.end(), line);
  REQUIRE_MESSAGE(found != lines.end(), made.text);
  std::vector<unsigned> rules;
  for (const ir::RuleId rule : made.printed.origins[static_cast<std::size_t>(found - lines.begin())].rules) rules.push_back(rule.value);
  return rules;
}

bool has_diagnostic(const Compiled& made, std::string_view id) {
  return std::any_of(made.diagnostics.begin(), made.diagnostics.end(), [&](const auto& one) { return one.id == id; });
}

}  // namespace

TEST_CASE("origins: each line has one, and one that is no comment says why it is there") {
  ir::Policy policy = policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/srv")}),
                                 rule(Effect::allow, {tcp({NetVerb::connect}, sets::Ip4Set::all(), sets::PortSet::of(80))}),
                                 rule(Effect::allow, {ir::CapabilityBox{1}})});
  policy.limits.push_back({7, 64, {}});
  policy.raws.push_back({"grsecurity", "/opt r\n/opt/x h", {}, {}});
  for (const char* format : {"subject", "policy"}) {
    const auto made = compile(policy, settings("3.1", format));
    const auto lines = all_lines(made.text);
    REQUIRE(lines.size() == made.printed.origins.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const target::Origin& origin = made.printed.origins[i];
      const bool is_comment = lines[i].find_first_not_of(" \t") == std::string::npos || lines[i][0] == '#';
      const bool is_told = origin.kind != target::Origin::Kind::fixed || !origin.why.empty();
      CHECK_MESSAGE(is_comment != is_told, lines[i]);
    }
  }
}

TEST_CASE("origins: an object line is there for each rule that covers it, and for the deny that took a letter") {
  const auto made = compile(policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/a")}),
                                       rule(Effect::allow, {tree({FileVerb::write}, "/a/b")}),
                                       rule(Effect::deny, {tree({FileVerb::read}, "/a/b/c")}),
                                       rule(Effect::allow, {file({FileVerb::read}, "/a/d")})}));
  CHECK(rules_behind(made, "/a r") == std::vector<unsigned>{0, 3});  // /a/d says what /a says
  CHECK(rules_behind(made, "/a/b rw") == std::vector<unsigned>{0, 1});
  CHECK(rules_behind(made, "/a/b/c w") == std::vector<unsigned>{0, 1, 2});
}

TEST_CASE("choose: a program that cannot be a subject is told, and not another one confined in its place") {
  CHECK(has_diagnostic(compile(policy_of({}, "/usr/sbin/a:b")), "P6030"));
  CHECK(has_diagnostic(compile(policy_of({}, "/usr/sbin/a\"b")), "P6030"));
  CHECK_FALSE(has_diagnostic(compile(policy_of({})), "P6030"));
}

TEST_CASE("choose: gradm 2.1 takes at most 1024 open files") {
  ir::Policy policy = policy_of({});
  policy.limits.push_back({7, 1024, {}});
  CHECK_FALSE(has_diagnostic(compile(policy, settings("2.1")), "P6032"));
  policy.limits.front().bound = 1025;
  CHECK(has_diagnostic(compile(policy, settings("2.1")), "P6032"));
  CHECK_FALSE(has_diagnostic(compile(policy, settings("3.1")), "P6032"));
}

TEST_CASE("read: more programs than a set has planes for are too complex, not misread") {
  std::string text;
  for (const char* name : {"/a", "/b", "/c", "/d", "/e", "/f"}) text += std::string("subject ") + name + " o\n/ h\n";
  const auto read = grsecurity::backend().read(text, {}, settings());
  REQUIRE_FALSE(read);
  CHECK(read.error().kind == target::ReadError::Kind::too_complex);
}

TEST_CASE("read: limits and modes of a subject are directives") {
  const auto read = grsecurity::backend().read("subject /d op\n/ h\nRES_NOFILE 64 64\n+PAX_MPROTECT\n", {}, settings());
  REQUIRE(read);
  std::vector<std::string> texts;
  for (const target::Directive& directive : read->directives) texts.push_back(directive.text);
  CHECK(texts == std::vector<std::string>{"+PAX_MPROTECT", "RES_NOFILE 64 64", "subject /d op"});
}

TEST_CASE("raw text: what it opens is permitted, by its line") {
  ir::Policy policy = policy_of({rule(Effect::allow, {tree({FileVerb::read}, "/srv")})});
  policy.raws.push_back({"grsecurity", "/etc/shadow r\n+CAP_SYS_ADMIN", {}, {}});
  const auto made = compile(policy);
  const auto lines = all_lines(made.text);
  const auto line_of = [&](const ir::Point& point) {
    const auto line = target::line_for(*made.reading, point, made.printed.notes());
    return line ? lines.at(*line - 1) : "";
  };
  CHECK(target::permits(*made.reading, at(FileVerb::read, "/etc/shadow")));
  CHECK(line_of(at(FileVerb::read, "/etc/shadow")) == "/etc/shadow r");
  CHECK(target::permits(*made.reading, ir::CapabilityPoint{21}));
  CHECK(line_of(ir::CapabilityPoint{21}) == "+CAP_SYS_ADMIN");
  CHECK(std::any_of(made.legal.raw_findings.begin(), made.legal.raw_findings.end(),
                    [](const auto& finding) { return finding.kind == target::RawFinding::Kind::opens; }));
}
