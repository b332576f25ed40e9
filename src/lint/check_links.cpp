// Names that are links on today's distributions. Who is asked about the file gets the real name: a rule for the link alone
// never applies where it is one, and a rule for the target alone never where it is not.
#include "diag/lint_catalogue.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

struct Link {
  const diag::Kind<std::string>* kind;
  std::vector<std::string> name, target;  // components
};

// As of November 2026: the merged /usr of Debian 12, Fedora 17, Arch and openSUSE 15.3, and the links in /var.
std::vector<Link> links() {
  return {{&diag::usr_merge, {"bin"}, {"usr", "bin"}},        {&diag::usr_merge, {"sbin"}, {"usr", "sbin"}},
          {&diag::usr_merge, {"lib"}, {"usr", "lib"}},        {&diag::usr_merge, {"lib64"}, {"usr", "lib64"}},
          {&diag::link_name, {"var", "run"}, {"run"}},        {&diag::link_name, {"var", "lock"}, {"run", "lock"}},
          {&diag::link_name, {"etc", "mtab"}, {"proc", "self", "mounts"}}, {&diag::link_name, {"dev", "fd"}, {"proc", "self", "fd"}}};
}

using Components = sets::Components::List;

bool begins_with(const Components& place, const std::vector<std::string>& names) {
  if (place.size() < names.size()) return false;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (place[i].kind != sets::Component::Kind::literal || place[i].text != names[i]) return false;
  return true;
}

// The same place under another name; nullopt: it does not lie there.
std::optional<sets::PathPattern> renamed(const sets::PathPattern& place, const std::vector<std::string>& from, const std::vector<std::string>& to) {
  const Components& old = place.components;
  if (!begins_with(old, from)) return std::nullopt;
  Components result;
  for (const std::string& name : to) result.push_back({sets::Component::Kind::literal, name});
  result.insert(result.end(), old.begin() + static_cast<std::ptrdiff_t>(from.size()), old.end());
  return sets::PathPattern{std::move(result)};
}

// What the policy would say of the targets, had each rule for the link been written for its target.
std::vector<ir::Box> at_the_target(const ir::Rule& rule, const Link& link) {
  std::vector<ir::Box> boxes;
  for (const ir::Box& box : rule.boxes) {
    const auto* file = std::get_if<ir::FileBox>(&box);
    if (file == nullptr) continue;
    ir::FileBox moved = *file;
    moved.places.clear();
    for (const sets::PathPattern& place : file->places)
      if (auto target = renamed(place, link.name, link.target)) moved.places.push_back(std::move(*target));
    if (!moved.places.empty()) boxes.push_back(std::move(moved));
  }
  return boxes;
}

}  // namespace

void find_names_of_links(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  for (const Link& link : links()) {
    for (const ir::Rule& rule : subject.policy.rules) {
      if (rule.effect != ir::Effect::allow) continue;
      std::vector<ir::Box> boxes = at_the_target(rule, link);
      if (boxes.empty()) continue;
      const auto lacking = ask::missing(ask::set_of(std::move(boxes), subject.os()), subject.meaning, subject.budget);
      if (lacking) add_at(subject.findings, *link.kind, rule, subject.text_of(*lacking));
    }
  }
}

}  // namespace polc::lint
