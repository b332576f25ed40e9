// Random rule sets, of paths and rights that are hard to print: for printing them in every format and reading them
// again.
#pragma once

#include <random>

#include "landlock/print.hpp"

namespace polc::landlock {

class DrawnRules {
 public:
  explicit DrawnRules(std::uint64_t seed) : random_(seed) {}

  /// A rule set as choose makes them: all rights of an ABI, paths in order.
  Ruleset rules(unsigned newest_abi) {
    Ruleset rules;
    rules.abi = 1 + below(newest_abi);
    const auto known = [&](std::span<const knowledge::LandlockRight> rights) {
      return knowledge::known_by(rights, rules.abi);
    };
    rules.handled = {known(knowledge::landlock_file_rights()), known(knowledge::landlock_net_rights()),
                     known(knowledge::landlock_scopes())};
    if (below(3) == 0) rules.handled.net &= random_();
    if (below(3) == 0) rules.handled.scoped &= random_();
    for (unsigned left = below(6); left > 0; --left) path(rules);
    std::sort(rules.paths.begin(), rules.paths.end(),
              [](const PathRule& a, const PathRule& b) { return a.path < b.path; });
    const auto last = std::unique(rules.paths.begin(), rules.paths.end(),
                                  [](const PathRule& a, const PathRule& b) { return a.path == b.path; });
    rules.paths.erase(last, rules.paths.end());
    for (unsigned left = rules.handled.net == 0 ? 0 : below(4); left > 0; --left) ports(rules);
    return rules;
  }

  unsigned below(unsigned count) { return static_cast<unsigned>(random_() % count); }

 private:
  void path(Ruleset& rules) {
    constexpr std::string_view bytes = "abcAZ09 \"\\$%'?#=,:[]{}*/~\t\x7f\x01-_.";
    PathRule rule;
    for (unsigned left = 1 + below(3); left > 0; --left) {
      rule.path += '/';
      for (unsigned more = 1 + below(6); more > 0; --more)
        if (const char c = bytes[below(bytes.size())]; c != '/') rule.path += c;
      rule.path += "\xc3\xa4";  // so that no name is empty or of dots
    }
    if (below(10) == 0) rule.path.assign(1, '/');
    rule.file = random_() & random_() & rules.handled.files & right::on_files;
    rule.dir = random_() & random_() & rules.handled.files;
    rule.is_anchor = below(2) == 0;
    if ((rule.file | rule.dir) != 0) rules.paths.push_back(std::move(rule));
  }

  void ports(Ruleset& rules) {
    PortRule rule;
    rule.rights = random_() & rules.handled.net;
    const auto low = static_cast<std::uint16_t>(random_());
    rule.ports = {{low, static_cast<std::uint16_t>(std::min(65535u, low + below(3)))}};
    if (below(8) == 0) rule.ports = {{0, 0}, {65535, 65535}};
    if (rule.rights != 0) rules.ports.push_back(std::move(rule));
  }

  std::mt19937_64 random_;
};

/// The text of a rule set that no policy is behind.
inline std::string text_in(std::string_view format, const Ruleset& rules) {
  ir::Policy policy;
  policy.name = "drawn";
  const eval::Meaning meaning;
  const std::vector<eval::Part> parts;
  const diag::SourceMap sources;
  const target::Source source{policy, meaning, parts, sources};
  target::Settings settings;
  settings.format = format;
  return print({std::make_shared<const Ruleset>(rules)}, source, settings).text;
}

}  // namespace polc::landlock
