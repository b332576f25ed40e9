// Grants that are bearable alone and a way out together. The finding is the path: one step, one access, one rule.
#include "diag/lint_catalogue.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

struct Chain {
  std::string_view end;  // what it comes to
  std::vector<std::string_view> steps;
};

std::vector<Chain> chains() {
  return {
      {"root in a namespace mounts what it likes", {"namespace user", "mount mount"}},
      {"a unit of its own is started as root", {R"(write, create "/etc/systemd/system/**" type file)", R"(connect unix "/run/systemd/private", "/run/dbus/system_bus_socket")"}},
      {"a device of its own gives it the disk", {"capability mknod", R"(create tree "/" type blockdev)", R"(read, write tree "/" type blockdev)"}},
      {"a program outside every policy runs its code", {R"(exec tree "/" -> unconfined)", "ptrace trace to any"}},
  };
}

}  // namespace

void find_escape_chains(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  for (const Chain& chain : chains()) {
    std::vector<ir::Point> path;
    for (const std::string_view step : chain.steps) {
      auto open = ask::shared(subject.meaning, subject.set_of(step), subject.budget);
      if (!open) break;
      path.push_back(std::move(*open));
    }
    if (path.size() != chain.steps.size()) continue;
    auto added = add_at(subject, diag::escape_chain, path.front(), std::string(chain.end));
    for (std::size_t i = 0; i < path.size(); ++i) {
      const auto rules = eval::decide(subject.meaning, path[i]).rules;
      const std::string step = "step " + std::to_string(i + 1) + ": `" + subject.text_of(path[i]) + "`";
      if (!rules.empty()) added.note(subject.policy.rules[rules.front().value].origin.front(), step, diag::NoteKind::step);
    }
  }
}

}  // namespace polc::lint
