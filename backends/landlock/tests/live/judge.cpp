#include "judge.hpp"

#include <cerrno>

namespace polc::landlock::live {
namespace {

Rights met(const Ruleset& rules, std::string path, bool is_dir) {
  Rights rights = 0;
  for (bool is_first = true;; is_first = false) {
    for (const PathRule& rule : rules.paths)
      if (rule.path == path) rights |= is_first && !is_dir ? rule.file : rule.dir;
    if (path == "/") return rights;
    path.resize(path.rfind('/'));
    if (path.empty()) path.assign(1, '/');
  }
}

std::string above(const std::string& path) {
  const std::string parent = path.substr(0, path.rfind('/'));
  return parent.empty() ? "/" : parent;
}

// EXDEV: the rights that a move from one directory to another takes, and that nothing is gained by it.
bool may_move(const Ruleset& rules, const Move& move) {
  if (above(move.from) == above(move.to) || rules.handled.files == 0) return true;
  const Rights from = met(rules, above(move.from), true), to = met(rules, above(move.to), true);
  if ((from & to & rules.handled.files & right::refer) == 0) return false;
  const Rights own = met(rules, move.from, move.is_dir);
  const Rights counted = rules.handled.files & (move.is_dir ? ~Rights{0} : right::on_files);
  return (to & counted & ~(from | own)) == 0;
}

bool has_port(const Ruleset& rules, Rights right, std::uint16_t port) {
  for (const PortRule& rule : rules.ports)
    for (const auto& range : rule.ports)
      if ((rule.rights & right) != 0 && range.low <= port && port <= range.high) return true;
  return false;
}

}  // namespace

int answer_for(const Ruleset& rules, const Operation& operation) {
  for (const Need& need : operation.needs)
    if ((need.rights & rules.handled.files & ~met(rules, need.path, need.is_dir)) != 0) return operation.refusal;
  for (const Move& move : operation.moves)
    if (!may_move(rules, move)) return EXDEV;
  if ((rules.handled.net & operation.port_right) != 0 && !has_port(rules, operation.port_right, operation.port))
    return operation.refusal;
  return (rules.handled.scoped & operation.scope) != 0 ? operation.refusal : 0;
}

}  // namespace polc::landlock::live
