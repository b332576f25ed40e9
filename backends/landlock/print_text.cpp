// For people, and for `polc run`: a line a rule, as README.md describes it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "landlock/print.hpp"

namespace polc::landlock {
namespace {

// Any byte may stand in a path: what ends a line or the quotes is %HH.
std::string quoted(std::string_view path) {
  std::string out = "\"";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '"' || c == '%') out += fmt::format("%{:02X}", byte);
    else out += c;
  }
  return out + '"';
}

std::string list_of(const std::vector<sets::Interval<std::uint16_t>>& ports) {
  std::string list;
  for (const auto& [low, high] : ports) {
    list += fmt::format("{}{}", list.empty() ? "" : ",", low);
    if (low != high) list += fmt::format("-{}", high);
  }
  return list;
}

}  // namespace

target::Printed text_of(const Sheet& sheet) {
  const Ruleset& rules = sheet.rules;
  const auto files = knowledge::landlock_file_rights(), net = knowledge::landlock_net_rights();
  target::Printed out;
  out.comment(fmt::format("landlock 1 {} abi={}", sheet.name(), rules.abi));
  out.mark_head();
  out.comment(fmt::format("# every right of ABI {} (Linux {}) is handled: what no line grants is refused", rules.abi,
                          knowledge::linux_of_landlock(rules.abi)));
  const Rights free = knowledge::known_by(net, rules.abi) & ~rules.handled.net;
  if (free != 0) out.comment(fmt::format("# but {}: the policy allows every port", names_of(net, free)));
  out.add(fmt::format("handled fs={} net={} scoped={}", names_of(files, rules.handled.files),
                      names_of(net, rules.handled.net), names_of(knowledge::landlock_scopes(), rules.handled.scoped)),
          origin_of_handled(rules));
  const auto source = [&](const target::Behind& behind) {
    if (!behind.parts.empty()) out.comment(fmt::format("# {}", fmt::join(sheet.places(behind), ", ")));
    else out.comment("# the program is executed under these rules");
  };
  for (const PathRule& rule : rules.paths) {
    source(rule.behind);
    out.add(fmt::format("path {} / {} {}", names_of(files, rule.file), names_of(files, rule.dir), quoted(rule.path)),
            origin_of(rule.behind));
  }
  for (const PortRule& rule : rules.ports) {
    source(rule.behind);
    out.add(fmt::format("port {} {}", names_of(net, rule.rights), list_of(rule.ports)), origin_of(rule.behind));
  }
  return out;
}

}  // namespace polc::landlock
