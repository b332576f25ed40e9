// The formats of landlockconfig: TOML with the places of the policy's rules, and JSON. A whole configuration each: the
// tool unites several, so a fragment would only add.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "landlock/print.hpp"

namespace polc::landlock {
namespace {

using Rows = std::span<const knowledge::LandlockRight>;

/// In quotes; the tool takes `$` for the beginning of a variable.
std::string quoted(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out.append(1, '\\').append(1, c);
    else if (c == '$') out += "$$";
    else if (byte < 0x20 || byte == 0x7F) out += fmt::format("\\u{:04x}", byte);
    else out += c;
  }
  return out.append(1, '"');
}

std::string list_of(Rows known, Rights rights) {
  std::vector<std::string> names;
  for (const knowledge::LandlockRight& one : known) {
    if ((rights & one.bit) == 0) continue;
    names.emplace_back("\"");
    for (const char c : one.name) names.back() += c == '_' ? c : static_cast<char>(c - 'A' + 'a');
    names.back() += '"';
  }
  return fmt::format("[{}]", fmt::join(names, ", "));
}

std::string list_of(const PortRule& rule) {
  std::vector<unsigned> ports;
  for (const auto& [low, high] : rule.ports)
    for (unsigned port = low; port <= high; ++port) ports.push_back(port);
  return fmt::format("[{}]", fmt::join(ports, ", "));
}

/// The tool leaves out what makes no sense on a file.
std::map<Rights, std::vector<const PathRule*>> by_rights(const Ruleset& rules) {
  std::map<Rights, std::vector<const PathRule*>> all;
  for (const PathRule& rule : rules.paths) all[rule.file | rule.dir].push_back(&rule);
  return all;
}

}  // namespace

target::Printed toml_of(const Sheet& sheet) {
  const Ruleset& rules = sheet.rules;
  const auto files = knowledge::landlock_file_rights(), net = knowledge::landlock_net_rights();
  target::Printed out;
  out.comment(fmt::format("# Landlock rules of {}, for landlockconfig", sheet.name()));
  out.mark_head();
  out.comment(fmt::format("abi = {}\n", rules.abi));
  out.add("[[ruleset]]", origin_of_handled(rules));
  out.comment(fmt::format("handled_access_fs = {}", list_of(files, rules.handled.files)));
  if (rules.handled.net != 0) out.comment(fmt::format("handled_access_net = {}", list_of(net, rules.handled.net)));
  if (rules.handled.scoped != 0)
    out.comment(fmt::format("scoped = {}", list_of(knowledge::landlock_scopes(), rules.handled.scoped)));
  const auto source = [&](std::string_view indent, const target::Behind& behind) {
    if (!behind.parts.empty()) out.comment(fmt::format("{}# {}", indent, fmt::join(sheet.places(behind), ", ")));
  };
  for (const auto& [rights, paths] : by_rights(rules)) {
    out.comment(fmt::format("\n[[path_beneath]]\nallowed_access = {}\nparent = [", list_of(files, rights)));
    for (const PathRule* rule : paths) {
      source("  ", rule->behind);
      out.add(fmt::format("  {},", quoted(rule->path)), origin_of(rule->behind));
    }
    out.comment("]");
  }
  for (const PortRule& rule : rules.ports) {
    out.comment(fmt::format("\n[[net_port]]\nallowed_access = {}", list_of(net, rule.rights)));
    source("", rule.behind);
    out.add(fmt::format("port = {}", list_of(rule)), origin_of(rule.behind));
  }
  return out;
}

target::Printed json_of(const Sheet& sheet) {
  const Ruleset& rules = sheet.rules;
  const auto files = knowledge::landlock_file_rights(), net = knowledge::landlock_net_rights();
  target::Printed out;
  out.comment(fmt::format("{{\n  \"abi\": {},\n  \"ruleset\": [", rules.abi));
  out.add("    {", origin_of_handled(rules));
  std::string handled = fmt::format("      \"handledAccessFs\": {}", list_of(files, rules.handled.files));
  if (rules.handled.net != 0)
    handled += fmt::format(",\n      \"handledAccessNet\": {}", list_of(net, rules.handled.net));
  if (rules.handled.scoped != 0)
    handled += fmt::format(",\n      \"scoped\": {}", list_of(knowledge::landlock_scopes(), rules.handled.scoped));
  out.comment(handled + "\n    }");
  std::string_view before = "  ],\n  \"pathBeneath\": [\n    {";
  for (const auto& [rights, paths] : by_rights(rules)) {
    out.comment(fmt::format("{}\n      \"allowedAccess\": {},\n      \"parent\": [",
                            std::exchange(before, "    },\n    {"), list_of(files, rights)));
    for (const PathRule* rule : paths)
      out.add(fmt::format("        {}{}", quoted(rule->path), rule == paths.back() ? "" : ","),
              origin_of(rule->behind));
    out.comment("      ]");
  }
  if (!rules.paths.empty()) out.comment("    }");
  before = "  ],\n  \"netPort\": [\n    {";
  for (const PortRule& rule : rules.ports) {
    out.comment(fmt::format("{}\n      \"allowedAccess\": {},", std::exchange(before, "    },\n    {"),
                            list_of(net, rule.rights)));
    out.add(fmt::format("      \"port\": {}", list_of(rule)), origin_of(rule.behind));
  }
  out.comment(rules.ports.empty() ? "  ]\n}" : "    }\n  ]\n}");
  return out;
}

}  // namespace polc::landlock
