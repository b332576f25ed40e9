#include "landlock/permits.hpp"

#include <algorithm>

#include "landlock/anchors.hpp"

namespace polc::landlock {
namespace {

sets::PathPattern literal(std::string_view path) {
  sets::Components::List names;
  for (path.remove_prefix(1); !path.empty();) {
    const std::size_t end = std::min(path.find('/'), path.size());
    names.push_back({sets::Component::Kind::literal, std::string(path.substr(0, end))});
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return {std::move(names)};
}

// By name first: all that lies below a directory stands behind it without a gap.
bool is_before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto order = [](char c) { return c == '/' ? 0 : static_cast<int>(static_cast<unsigned char>(c)) + 1; };
    return order(x) < order(y);
  });
}

}  // namespace

Walk::Walk(const Ruleset& rules) : rules_(rules) {
  std::vector<const PathRule*> sorted;
  for (const PathRule& rule : rules.paths) sorted.push_back(&rule);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PathRule* a, const PathRule* b) { return is_before(a->path, b->path); });
  std::vector<std::size_t> open;  // of the directories that hold the next path
  for (const PathRule* rule : sorted) {
    if (places_.empty() || *places_.back().path != rule->path) {
      while (!open.empty() && !is_within(rule->path, *places_[open.back()].path)) open.pop_back();
      places_.push_back(
          {&rule->path, open.empty() ? Rights{0} : places_[open.back()].above | places_[open.back()].dir});
      open.push_back(places_.size() - 1);
    }
    places_.back().file |= rule->file;
    places_.back().dir |= rule->dir;
  }
}

const Walk::Place& Walk::place_of(const std::string& path) const {
  return *std::lower_bound(places_.begin(), places_.end(), path,
                           [](const Place& place, const std::string& p) { return is_before(*place.path, p); });
}

bool Walk::has_below(const std::string& path) const {
  const Place* next = &place_of(path) + 1;
  return next != places_.data() + places_.size() && is_within(*next->path, path);
}

std::vector<Grant> Walk::grants(Rights needed) const {
  needed &= rules_.handled.files;
  if (needed == 0) return {{"/", true, 0}};
  std::vector<Grant> found;
  for (const PathRule& rule : rules_.paths) {
    const Place& place = place_of(rule.path);
    if ((rule.dir & needed) != 0 && (needed & ~(place.above | place.dir)) == 0)
      found.push_back({rule.path, true, rule.line});
    if ((rule.file & needed) != 0 && (needed & ~(place.above | place.file)) == 0)
      found.push_back({rule.path, false, rule.line});
  }
  return found;
}

std::vector<Grant> Walk::trees(Rights needed) const {
  std::vector<Grant> found = grants(needed);
  std::erase_if(found, [](const Grant& grant) { return !grant.is_tree; });
  return found;
}

bool Walk::has_same_places(Rights a, Rights b) const {
  const auto is_on = [](const PathRule& rule, Rights right) {
    return std::pair((rule.file & right) != 0, (rule.dir & right) != 0);
  };
  return asks(a) == asks(b) && std::all_of(rules_.paths.begin(), rules_.paths.end(),
                                           [&](const PathRule& rule) { return is_on(rule, a) == is_on(rule, b); });
}

std::vector<sets::PathPattern> patterns_of(const Grant& grant) {
  if (grant.is_tree && grant.line == 0) return sets::every_path();
  const sets::PathPattern top = literal(grant.path);
  return {grant.is_tree ? top.with_below() : top};
}

std::vector<sets::PathPattern> whole_tree(const Grant& grant) {
  std::vector<sets::PathPattern> patterns = patterns_of(grant);
  if (grant.is_tree && grant.line != 0) patterns.push_back(literal(grant.path));
  return patterns;
}

bool is_lasting(const Grant& grant) { return grant.path == "/proc" || !is_within(grant.path, "/proc"); }

eval::Meaning permitted_by(const Document& document, const ir::Configuration& configuration,
                           const target::Settings& settings) {
  const Walk walk(document.rules);
  Found found;
  found.formulas.possible.push_back({Found::possible_plane});
  permit_files(walk, document, configuration, settings, found);
  permit_pairs(walk, found);
  permit_sockets(walk, found);
  permit_processes(document.rules, found);
  permit_calls(document.rules, found);
  return eval::make_meaning(std::move(found.parts), Os::linux_os, false, std::move(found.formulas));
}

}  // namespace polc::landlock
