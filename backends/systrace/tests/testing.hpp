// What the tests share: small policies as values, the whole way to text and back, and points to ask.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/policy.hpp"
#include "systrace/syntax.hpp"
#include "target/enforce.hpp"

namespace polc::systrace::testing {

std::vector<sets::PathPattern> paths(std::string_view text, bool tree = false);
ir::FileBox file(FileVerbs verbs, std::string_view path, bool tree = false);
ir::NetBox inet(NetVerbs verbs, sets::Ip4Set hosts, sets::PortSet ports);
ir::Rule rule(ir::Effect effect, std::vector<ir::Box> boxes);
ir::Rule allow(std::vector<ir::Box> boxes);
ir::Rule deny(std::vector<ir::Box> boxes);
ir::Rule calls(std::vector<std::string_view> names);
ir::Policy policy(std::vector<ir::Rule> rules);
target::Settings settings(std::string_view style, std::string_view version = "2006", std::string_view missing = "none");

/// The how-to's policy.
ir::Policy howto_policy();

/// Everything of one policy: verdicts, text, origins, reading.
target::Enforced enforced(const ir::Policy& policy, const target::Settings& settings);
target::Outcome legal(const ir::Policy& policy, const target::Settings& settings);
/// The rule lines, without comments and headers.
std::vector<std::string> lines(const ir::Policy& policy, const target::Settings& settings);
std::vector<std::string> rule_lines(std::string_view text);
std::string howto_text();

/// `filename eq "/a"`, as a rule has it in front of `then`.
syntax::Expression condition(std::string_view text);
/// What these rule lines under one header mean; the text must be readable.
target::Reading reading(std::string_view rules, std::string_view version = "2006");
/// The same, to be asked.
struct Asked {
  target::Reading reading;
  bool permits(const ir::Point& point) const { return target::permits(reading, point); }
  std::optional<unsigned> line_for(const ir::Point& point) const { return target::line_for(reading, point); }
};
Asked reader(std::string_view rules, std::string_view version = "2006");
/// Why the lines cannot be read; empty when they can.
std::string refusal(std::string_view rules, std::string_view version = "2006");

ir::Point on(FileVerb verb, std::string path, FileType type = FileType::file);
ir::Point inet_point(NetVerb verb, std::uint32_t ip, std::uint16_t port);
ir::Point socket_point(NetVerb verb, std::string path);
ir::Point call(std::string_view name, sets::Arguments arguments = {});

}  // namespace polc::systrace::testing
