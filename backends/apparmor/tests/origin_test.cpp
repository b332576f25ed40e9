// Whose line is it? And how the reaction to what is refused shows in the text.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "apparmor/apparmor.hpp"
#include "target/enforce.hpp"
#include "target/settings.hpp"

using namespace polc;

namespace {

std::vector<sets::PathPattern> places(std::string_view text, bool tree = false) { return *sets::parse_path_pattern({std::string(text), {}}, tree); }

ir::FileBox file(FileVerbs verbs, std::vector<sets::PathPattern> where) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = std::move(where);
  return box;
}

void add(ir::Policy& policy, ir::Effect effect, std::vector<ir::Box> boxes) {
  ir::Rule& rule = policy.rules.emplace_back();
  rule.effect = effect;
  rule.boxes = std::move(boxes);
  rule.origin = {{}};
}

ir::Policy some_policy() {
  ir::Policy policy;
  policy.name = "web";
  policy.programs = {"/usr/bin/web"};
  add(policy, ir::Effect::allow, {file({FileVerb::read}, places("/srv", true))});
  add(policy, ir::Effect::allow, {file({FileVerb::write}, places("/srv/x"))});
  add(policy, ir::Effect::allow, {file({FileVerb::lock}, places("/srv/x"))});
  add(policy, ir::Effect::allow, {ir::CapabilityBox{0xC1}});
  add(policy, ir::Effect::deny, {ir::CapabilityBox{0x80}});
  policy.limits.push_back({7, 64, {}});
  policy.raws.push_back({"apparmor", "  /opt r,\n  capability sys_admin,", {}, {}});
  return policy;
}

struct Made {
  target::Enforced one;
  std::vector<std::string> lines;

  const target::Origin& origin_of(const std::string& line) const {
    const auto found = std::find(lines.begin(), lines.end(), line);
    REQUIRE_MESSAGE(found != lines.end(), one.printed.text);
    return one.printed.origins[static_cast<std::size_t>(found - lines.begin())];
  }
};

Made made(const ir::Policy& policy, const std::string& abi = "3.0") {
  diag::SourceMap sources;
  sources.add("web.pol", "\n");
  diag::Sink sink;
  const auto settings = target::settings_for(apparmor::backend(), policy, {{"apparmor", "abi", abi}, {"apparmor", "source_comments", "no"}}, "profile", sink);
  REQUIRE(settings);
  const eval::Meaning meaning = eval::meaning_of(policy);
  sets::Budget budget;
  const auto parts = target::parts_to_say(meaning, meaning.parts(), budget);
  Made result{target::enforce({policy, meaning, parts, sources}, apparmor::backend(), *settings), {}};
  std::istringstream text(result.one.printed.text);
  for (std::string line; std::getline(text, line);) result.lines.push_back(line);
  return result;
}

std::vector<unsigned> numbers(const std::vector<ir::RuleId>& rules) {
  std::vector<unsigned> result;
  for (const ir::RuleId rule : rules) result.push_back(rule.value);
  return result;
}

}  // namespace

TEST_CASE("origins: each line has one, and one that is no comment says why it is there") {
  for (const char* abi : {"3.0", "4.0", "5.0"}) {
    const Made one = made(some_policy(), abi);
    REQUIRE(one.lines.size() == one.one.printed.origins.size());
    for (std::size_t i = 0; i < one.lines.size(); ++i) {
      const target::Origin& origin = one.one.printed.origins[i];
      const std::size_t first = one.lines[i].find_first_not_of(' ');
      const bool is_comment = first == std::string::npos || one.lines[i][first] == '#';
      const bool is_told = origin.kind != target::Origin::Kind::fixed || !origin.why.empty();
      CHECK_MESSAGE(is_comment != is_told, one.lines[i]);
    }
  }
}

TEST_CASE("origins: a line is there for the rules that put their letters on its path") {
  const Made one = made(some_policy());
  CHECK(numbers(one.origin_of("  \"/srv{,/,/**}\" r,").rules) == std::vector<unsigned>{0});
  CHECK(numbers(one.origin_of("  \"/srv/x{,/}\" wk,").rules) == std::vector<unsigned>{1, 2});
  CHECK(numbers(one.origin_of("  deny capability setuid,").rules) == std::vector<unsigned>{4});
  CHECK(one.origin_of("  /opt r,").kind == target::Origin::Kind::raw);
}

TEST_CASE("blame: what only reads or locks is not wider because another rule's letter on the path lets it be moved") {
  const Made one = made(some_policy());
  for (const target::Finding& finding : one.one.outcome.findings)
    if (finding.verdict == ir::Verdict::wider) CHECK(finding.rule == ir::RuleId{1});
}

TEST_CASE("answers: denies are silent in the text, unless the policy wants to hear of what is refused") {
  ir::Policy policy = some_policy();
  const Made silent = made(policy);
  REQUIRE(silent.one.reading != nullptr);
  REQUIRE(silent.one.reading->answers.size() == 1);
  CHECK(silent.one.reading->answers.front().what == "quiet");
  CHECK(eval::decide(silent.one.reading->answers.front().where, ir::CapabilityPoint{7}).allowed);
  ir::Default log;
  log.reaction.log = true;
  policy.defaults.push_back(log);
  const Made loud = made(policy);
  CHECK(numbers(loud.origin_of("  audit deny capability setuid,").rules) == std::vector<unsigned>{4});
  const auto is_silent = [](const target::Answer& answer) { return eval::decide(answer.where, ir::CapabilityPoint{7}).allowed; };
  CHECK(std::none_of(loud.one.reading->answers.begin(), loud.one.reading->answers.end(), is_silent));
}
