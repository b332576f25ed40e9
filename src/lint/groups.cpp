#include "lint/groups.hpp"

#include <algorithm>

#include "diag/lint_catalogue.hpp"

namespace polc::lint {

const std::vector<Group>& groups() {
  static const std::vector<Group> table{
      {"paths", {"P400", "P401"}, "files that are too many, too precious, or spelt so that a link misses them"},
      {"processes", {"P402"}, "memory, other programs, other processes, namespaces, terminals"},
      {"calls", {"P404", "P405"}, "system calls and conditions on their arguments"},
      {"capabilities", {"P4060", "P4061", "P4062"}, "capabilities"},
      {"network", {"P4063", "P4064", "P4065", "P4066", "P4068"}, "addresses, ports and kinds of sockets"},
      {"chains", {"P4070"}, "ways out in steps"},
      {"logic", {"P4081", "P4082", "P4083", "P4084", "P4094"}, "rules that others make idle, and policies that contradict each other"},
      {"hygiene", {"P4085", "P4087", "P4088", "P4090", "P4092"}, "unused names, open ends, suppressions, tests"},
  };
  return table;
}

std::optional<std::vector<std::string>> ids_of(std::string_view word) {
  for (const Group& group : groups())
    if (group.name == word) return std::vector<std::string>(group.ids.begin(), group.ids.end());
  std::string id(word);  // in either case
  if (id.starts_with('p')) id.front() = 'P';
  const auto begins = [&](const diag::CatalogueRow& row) { return row.id.starts_with(id); };
  if (word.empty() || std::none_of(std::begin(diag::lint_catalogue), std::end(diag::lint_catalogue), begins)) return std::nullopt;
  return std::vector<std::string>{std::move(id)};
}

}  // namespace polc::lint
