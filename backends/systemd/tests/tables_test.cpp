// The calls that systemd adds to every list of allowed ones, by version: the tables are what was recorded, and a reading says of
// each version's what is possible and what is sure.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "eval/meaning.hpp"
#include "knowledge/calls.hpp"
#include "systemd/model.hpp"
#include "systemd/read_groups.hpp"

using namespace polc;

namespace {

/// What one version has in @default, with the groups that are part of it.
std::set<std::string> recorded(bool later) {
  std::ifstream file(POLC_RECORDED_GROUPS);
  std::set<std::string> calls, sandbox;
  bool has_sandbox = false;
  for (std::string line; std::getline(file, line);) {
    std::istringstream row(line);
    std::string group, call, in_252, in_257;
    if (!(row >> group >> call >> in_252 >> in_257) || (group != "@default" && group != "@sandbox") || (later ? in_257 : in_252) != "y") continue;
    if (group == "@sandbox") sandbox.insert(call);
    else if (call == "@sandbox") has_sandbox = true;
    else calls.insert(call);
  }
  if (has_sandbox) calls.insert(sandbox.begin(), sandbox.end());
  return calls;
}

enum class Answer { refused, possible, sure };

/// What becomes of a call under a unit with these lists.
Answer answer_to(std::string_view call, const std::string& lists) {
  const auto reading = systemd::read("[Service]\n" + lists, {}, {});
  REQUIRE(reading);
  const ir::CallPoint point{*knowledge::find_call(Os::linux_os, call), {}};
  if (eval::surely_allows(reading->permits, point)) return Answer::sure;
  return eval::decide(reading->permits, point).allowed ? Answer::possible : Answer::refused;
}

}  // namespace

TEST_CASE("each group has the calls that were recorded, in both versions") {
  std::map<std::string, std::array<std::set<std::string>, 2>> rows;
  std::ifstream file(POLC_RECORDED_GROUPS);
  for (std::string line; std::getline(file, line);) {
    std::istringstream row(line);
    std::string group, call, in_252, in_257;
    if (!(row >> group >> call >> in_252 >> in_257) || group.front() != '@') continue;
    if (in_252 == "y") rows[group][0].insert(call);
    if (in_257 == "y") rows[group][1].insert(call);
  }
  const std::function<void(const std::string&, std::size_t, std::set<std::string>&)> collect = [&](const std::string& group, std::size_t version, std::set<std::string>& all) {
    for (const std::string& call : rows[group][version]) call.front() == '@' ? collect(call, version, all) : void(all.insert(call));
  };
  std::vector<std::string> names;
  for (const auto& [name, calls] : rows) names.push_back(name);
  CHECK(names.size() >= 25);
  for (const std::string& name : names) {
    INFO(name);
    std::set<std::string> old, latest;
    collect(name, 0, old);
    collect(name, 1, latest);
    const auto group = systemd::find_group(name);
    REQUIRE(group);
    CHECK(std::set<std::string>(group->calls.begin(), group->calls.end()) == old);
    std::set<std::string> ours(group->calls.begin(), group->calls.end());
    ours.insert(group->later.begin(), group->later.end());
    CHECK(ours == latest);
  }
}

TEST_CASE("the default calls are those of systemd 252, and with the later ones those of 257") {
  std::set<std::string> ours(systemd::default_calls().begin(), systemd::default_calls().end());
  CHECK(ours == recorded(false));
  ours.insert(systemd::later_default_calls().begin(), systemd::later_default_calls().end());
  CHECK(ours == recorded(true));
}

TEST_CASE("a call that only 257 adds to a list of allowed ones is possible but not sure") {
  CHECK(answer_to("seccomp", "SystemCallFilter=read\n") == Answer::possible);
  CHECK(answer_to("mseal", "SystemCallFilter=read\n") == Answer::possible);
  CHECK(answer_to("brk", "SystemCallFilter=read\n") == Answer::sure);
  CHECK(answer_to("write", "SystemCallFilter=read\n") == Answer::refused);
}

TEST_CASE("named, it is the same in all versions") {
  CHECK(answer_to("seccomp", "SystemCallFilter=read seccomp\n") == Answer::sure);
  CHECK(answer_to("seccomp", "SystemCallFilter=read\nSystemCallFilter=~seccomp\n") == Answer::refused);
  CHECK(answer_to("seccomp", "SystemCallFilter=read\nSystemCallFilter=~seccomp:ENOSYS\n") == Answer::refused);
  CHECK(answer_to("seccomp", "SystemCallFilter=~seccomp\n") == Answer::refused);
}

TEST_CASE("the word @default says more to 257 than to 252") {
  CHECK(answer_to("seccomp", "SystemCallFilter=read\nSystemCallFilter=~@default\n") == Answer::refused);
  CHECK(answer_to("seccomp", "SystemCallFilter=seccomp\nSystemCallFilter=~@default\n") == Answer::possible);
  CHECK(answer_to("seccomp", "SystemCallFilter=~@default\n") == Answer::possible);
  CHECK(answer_to("seccomp", "SystemCallFilter=~seccomp\nSystemCallFilter=@default\n") == Answer::possible);
  CHECK(answer_to("seccomp", "SystemCallFilter=read\nSystemCallFilter=~seccomp\nSystemCallFilter=@default\n") == Answer::possible);
  CHECK(answer_to("seccomp", "SystemCallFilter=read\nSystemCallFilter=\n") == Answer::sure);
}
