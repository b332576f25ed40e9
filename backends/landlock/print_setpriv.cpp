// An argument a line, for a shell's `mapfile -t`. Rights by their full names: setpriv would take any beginning of one.
#include <fmt/format.h>

#include "landlock/print.hpp"

namespace polc::landlock {
namespace {

std::string words_of(std::span<const knowledge::LandlockRight> known, Rights rights) {
  std::string names = names_of(known, rights);
  for (char& c : names)
    if (c == '_') c = '-';
    else if (c != ',') c = static_cast<char>(c - 'A' + 'a');
  return names;
}

}  // namespace

target::Printed setpriv_of(const Sheet& sheet) {
  const Ruleset& rules = sheet.rules;
  const auto files = knowledge::landlock_file_rights(), net = knowledge::landlock_net_rights();
  target::Printed out;
  out.add("--no-new-privs", {target::Origin::Kind::fixed, {}, "who is not privileged needs it for Landlock"});
  out.add("--landlock-access=fs:" + words_of(files, rules.handled.files), origin_of_handled(rules));
  if (rules.handled.net != 0)
    out.add("--landlock-access=net:" + words_of(net, rules.handled.net),
            {target::Origin::Kind::fixed, {}, "what is handled is refused without a rule"});
  if (rules.handled.scoped != 0)
    out.add("--landlock-access=scope:" + words_of(knowledge::landlock_scopes(), rules.handled.scoped),
            {target::Origin::Kind::fixed, {}, "what is handled is refused without a rule"});
  for (const PathRule& rule : rules.paths)
    out.add(fmt::format("--landlock-rule=path-beneath:{}:{}", words_of(files, untyped_rights(rule)), rule.path),
            origin_of(rule.behind));
  for (const PortRule& rule : rules.ports)
    for (const auto& [low, high] : rule.ports)
      for (unsigned port = low; port <= high; ++port)
        out.add(fmt::format("--landlock-rule=net-port:{}:{}", words_of(net, rule.rights), port),
                origin_of(rule.behind));
  return out;
}

}  // namespace polc::landlock
