#include "landlock/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace polc::landlock {
namespace {

/// What a tool's rule for each port comes to; more, and a policy is better loaded by the header.
constexpr std::size_t most_port_rules = 4096;

std::size_t port_count(const Ruleset& rules) {
  std::size_t count = 0;
  for (const PortRule& rule : rules.ports)
    for (const auto& range : rule.ports) count += std::size_t{range.high} - range.low + 1;
  return count;
}

target::Printed in_format(std::string_view format, const Sheet& sheet) {
  if (format == "h") return header_of(sheet);
  if (format == "toml") return toml_of(sheet);
  if (format == "json") return json_of(sheet);
  if (format == "setpriv") return setpriv_of(sheet);
  return text_of(sheet);
}

}  // namespace

std::vector<std::string> Sheet::places(const target::Behind& behind) const {
  std::vector<std::string> places;
  const auto add = [&](const std::vector<ir::RuleId>& some) {
    for (const ir::RuleId rule : some)
      places.push_back(diag::place_of(source.sources, source.policy.rules[rule.value].origin.front()));
  };
  add(behind.rules);
  if (behind.rules.empty())
    for (const std::uint32_t part : behind.parts) add(source.parts[part].rules);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

target::Origin origin_of(const target::Behind& behind) {
  if (!behind.parts.empty()) return behind.origin();
  return {target::Origin::Kind::fixed, {}, "the program is executed under these rules"};
}

target::Origin origin_of_handled(const Ruleset& rules) {
  constexpr std::string_view why = "what is handled is refused without a rule";
  if (rules.scoped_for.parts.empty()) return {target::Origin::Kind::fixed, {}, why};
  return {target::Origin::Kind::rules, rules.scoped_for.parts, why};
}

std::string names_of(std::span<const knowledge::LandlockRight> known, Rights rights) {
  std::string names;
  for (const knowledge::LandlockRight& right : known)
    if ((rights & right.bit) != 0) names.append(names.empty() ? "" : ",").append(right.name);
  return names.empty() ? "-" : names;
}

std::string identifier_of(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return out;
}

// On a file, rights of directories are EINVAL: a name that need not be a directory gets none.
Rights untyped_rights(const PathRule& rule) {
  if (rule.is_anchor) return rule.file | rule.dir;
  return rule.file != 0 ? rule.file : rule.dir;
}

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  const Sheet sheet{ruleset_in(chosen), source};
  target::Printed out = in_format(settings.format, sheet);
  for (std::uint32_t i = 0; i < source.policy.raws.size(); ++i)
    if (source.policy.raws[i].target == "landlock")
      out.add(source.policy.raws[i].text, {target::Origin::Kind::raw, {i}});
  const bool lists_ports = settings.format != "text" && settings.format != "h";
  if (const std::size_t ports = port_count(sheet.rules); lists_ports && ports > most_port_rules)
    out.unfit = fmt::format("{} rules for ports; a tool takes one rule a port, and polc writes at most {}", ports,
                                most_port_rules);
  return out;
}

}  // namespace polc::landlock
