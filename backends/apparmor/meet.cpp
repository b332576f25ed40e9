#include "apparmor/meet.hpp"

#include <algorithm>
#include <functional>

#include "sets/glob.hpp"
#include "sets/utf8.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::GlobStep;
using sets::NumberSet;
using sets::PathPattern;

using Steps = std::vector<GlobStep>;

// What one question may cost: steps of the searches below. Ordinary profiles need some thousands for all their names.
struct Allowance {
  std::uint64_t steps = 50'000;
  bool spent() { return steps == 0 || --steps == 0; }
};

// Bytes of one character become a set of that one, so that they meet `?` and `[...]`; other bytes stay as they are.
Steps characters_of(const Component& component) {
  Steps steps = sets::glob_steps(component);
  Steps out;
  for (std::size_t i = 0; i < steps.size();) {
    std::string bytes;
    for (std::size_t j = i; j < steps.size() && j < i + 4 && steps[j].kind == GlobStep::Kind::byte; ++j)
      bytes += steps[j].byte;
    const sets::Utf8Character character = sets::utf8_at(bytes, 0);
    if (character.length == 0) {
      if (steps[i].kind == GlobStep::Kind::one) steps[i] = {GlobStep::Kind::set, 0, sets::all_characters()};
      out.push_back(steps[i++]);
      continue;
    }
    out.push_back({GlobStep::Kind::set, 0, NumberSet::of(character.code)});
    i += character.length;
  }
  return out;
}

std::optional<GlobStep> common(const GlobStep& a, const GlobStep& b) {
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == GlobStep::Kind::byte) return a.byte == b.byte ? std::optional(a) : std::nullopt;
  GlobStep both{GlobStep::Kind::set, 0, a.characters & b.characters};
  return both.characters.empty() ? std::nullopt : std::optional(std::move(both));
}

class StepMeeting {
 public:
  StepMeeting(const Steps& a, const Steps& b, Allowance& allowance) : a_(a), b_(b), allowance_(allowance) {}
  std::vector<Steps> run() {
    go(0, 0);
    return std::move(found_);
  }

 private:
  // Two stars loop together; then one of them ends, and the other goes on taking what comes.
  void go(std::size_t i, std::size_t j) {
    if (allowance_.spent()) return;
    if (i == a_.size() && j == b_.size()) return found_.push_back(here_);
    const bool star_a = i < a_.size() && a_[i].kind == GlobStep::Kind::star;
    const bool star_b = j < b_.size() && b_[j].kind == GlobStep::Kind::star;
    if (star_a && star_b) {
      here_.push_back(a_[i]);
      go(i + 1, j);
      go(i, j + 1);
      here_.pop_back();
    } else if (star_a) {
      go(i + 1, j);
      if (j < b_.size()) with(b_[j], i, j + 1);
    } else if (star_b) {
      go(i, j + 1);
      if (i < a_.size()) with(a_[i], i + 1, j);
    } else if (i < a_.size() && j < b_.size()) {
      if (const auto both = common(a_[i], b_[j])) with(*both, i + 1, j + 1);
    }
  }
  void with(const GlobStep& step, std::size_t i, std::size_t j) {
    here_.push_back(step);
    go(i, j);
    here_.pop_back();
  }

  const Steps& a_;
  const Steps& b_;
  Allowance& allowance_;
  Steps here_;
  std::vector<Steps> found_;
};

/// Back to bytes, `?` and classes.
Component component_of(const Steps& steps) {
  Steps out;
  for (const GlobStep& step : steps) {
    if (step.kind == GlobStep::Kind::star && !out.empty() && out.back().kind == GlobStep::Kind::star) continue;
    const auto lowest = step.characters.lowest();
    if (step.kind == GlobStep::Kind::set && step.characters == NumberSet::of(*lowest)) {
      std::string bytes;
      sets::append_utf8(bytes, *lowest);
      for (const char byte : bytes) out.push_back({GlobStep::Kind::byte, byte, {}});
    } else if (step.kind == GlobStep::Kind::set && step.characters == sets::all_characters()) {
      out.push_back({GlobStep::Kind::one, 0, {}});
    } else {
      out.push_back(step);
    }
  }
  const bool literal =
      std::all_of(out.begin(), out.end(), [](const GlobStep& s) { return s.kind == GlobStep::Kind::byte; });
  if (!literal) return {Component::Kind::glob, sets::glob_text(out)};
  Component result;
  for (const GlobStep& step : out) result.text += step.byte;
  return result;
}

std::vector<Component> meet_components(const Component& a, const Component& b, Allowance& allowance) {
  if (a.kind == Component::Kind::literal && b.kind == Component::Kind::literal)
    return a.text == b.text ? std::vector{a} : std::vector<Component>{};
  if (a.kind == Component::Kind::glob && a.text == "*") return {b};
  if (b.kind == Component::Kind::glob && b.text == "*") return {a};
  std::vector<Component> result;
  const Steps left = characters_of(a), right = characters_of(b);
  for (const Steps& steps : StepMeeting(left, right, allowance).run()) {
    if (steps.empty()) continue;  // no name is empty
    Component component = component_of(steps);
    if (std::find(result.begin(), result.end(), component) == result.end()) result.push_back(std::move(component));
  }
  return result;
}

// `below` as one component and then any number of them.
std::vector<Component> unfolded(const PathPattern& pattern) {
  std::vector<Component> items = pattern.components;
  if (!pattern.ends_in_below()) return items;
  items.back() = {Component::Kind::glob, "*"};
  items.push_back({Component::Kind::any, ""});
  return items;
}

bool is_any(const std::vector<Component>& items, std::size_t i) {
  return i < items.size() && items[i].kind == Component::Kind::any;
}

class PathMeeting {
 public:
  PathMeeting(const PathPattern& a, const PathPattern& b, Allowance& allowance)
      : a_(unfolded(a)), b_(unfolded(b)), allowance_(allowance) {}
  std::vector<PathPattern> run() {
    go(0, 0);
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  void go(std::size_t i, std::size_t j) {
    if (allowance_.spent()) return;
    if (i == a_.size() && j == b_.size()) return found();
    const bool any_a = is_any(a_, i), any_b = is_any(b_, j);
    if (any_a && any_b) {
      const bool again = !here_.empty() && here_.back().kind == Component::Kind::any;
      if (!again) here_.push_back(a_[i]);
      go(i + 1, j);
      go(i, j + 1);
      if (!again) here_.pop_back();
    } else if (any_a) {
      go(i + 1, j);
      if (j < b_.size()) with(b_[j], i, j + 1);
    } else if (any_b) {
      go(i, j + 1);
      if (i < a_.size()) with(a_[i], i + 1, j);
    } else if (i < a_.size() && j < b_.size()) {
      for (const Component& component : meet_components(a_[i], b_[j], allowance_)) with(component, i + 1, j + 1);
    }
  }
  void with(const Component& component, std::size_t i, std::size_t j) {
    here_.push_back(component);
    go(i, j);
    here_.pop_back();
  }
  // Any number of components at the end: none, or below.
  void found() {
    PathPattern pattern{here_};
    const bool open = !here_.empty() && here_.back().kind == Component::Kind::any;
    if (open) pattern.components.pop_back();
    if (open && !pattern.components.empty() && pattern.components.back() == Component{Component::Kind::glob, "*"}) {
      pattern.components.edit().back() = {Component::Kind::below, ""};
      return found_.push_back(std::move(pattern));
    }
    if (open) found_.push_back(pattern.with_below());
    found_.push_back(std::move(pattern));
  }

  std::vector<Component> a_, b_;
  Allowance& allowance_;
  std::vector<Component> here_;
  std::vector<PathPattern> found_;
};

/// Cheap: the leading literals differ.
bool part_at_once(const PathPattern& a, const PathPattern& b) {
  for (std::size_t i = 0; i < a.components.size() && i < b.components.size(); ++i) {
    const Component &left = a.components[i], &right = b.components[i];
    if (left.kind != Component::Kind::literal || right.kind != Component::Kind::literal) return false;
    if (left.text != right.text) return true;
  }
  return false;
}

/// Walks two sequences side by side, where some items stand for any number of the other's: may both end together? Each pair
/// of places is looked at once.
template <class IsAny, class Meets>
bool end_together(std::size_t n, std::size_t m, const IsAny& any_a, const IsAny& any_b, const Meets& meets) {
  std::vector<std::vector<bool>> reached(n + 1, std::vector<bool>(m + 1, false));
  reached[0][0] = true;
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t j = 0; j <= m; ++j) {
      if (!reached[i][j]) continue;
      const bool star_a = any_a(i), star_b = any_b(j);
      if (star_a) {
        reached[i + 1][j] = true;
        if (j < m) reached[i][j + 1] = true;
      }
      if (star_b) {
        reached[i][j + 1] = true;
        if (i < n) reached[i + 1][j] = true;
      }
      if (!star_a && !star_b && i < n && j < m && meets(i, j)) reached[i + 1][j + 1] = true;
    }
  return reached[n][m];
}

bool names_overlap(const Component& a, const Component& b) {
  const bool literal_a = a.kind == Component::Kind::literal, literal_b = b.kind == Component::Kind::literal;
  if (literal_a && literal_b) return a.text == b.text;
  const Steps left = characters_of(a), right = characters_of(b);
  const auto stars = [](const Steps& steps) {
    return std::function<bool(std::size_t)>(
        [&steps](std::size_t i) { return i < steps.size() && steps[i].kind == GlobStep::Kind::star; });
  };
  return end_together(left.size(), right.size(), stars(left), stars(right),
                      [&](std::size_t i, std::size_t j) { return common(left[i], right[j]).has_value(); });
}

std::optional<std::vector<PathPattern>> meet(const PathPattern& a, const PathPattern& b, Allowance& allowance) {
  if (a == b) return std::vector{a};
  if (part_at_once(a, b)) return std::vector<PathPattern>{};
  auto both = PathMeeting(a, b, allowance).run();
  return allowance.steps == 0 ? std::nullopt : std::optional(std::move(both));
}

}  // namespace

std::optional<std::vector<PathPattern>> meet(const PathPattern& a, const PathPattern& b) {
  Allowance allowance;
  return meet(a, b, allowance);
}

std::optional<std::vector<PathPattern>> meet(const std::vector<PathPattern>& a, const std::vector<PathPattern>& b) {
  Allowance allowance;
  std::vector<PathPattern> result;
  for (const PathPattern& left : a)
    for (const PathPattern& right : b) {
      auto both = meet(left, right, allowance);
      if (!both) return std::nullopt;
      result.insert(result.end(), std::make_move_iterator(both->begin()), std::make_move_iterator(both->end()));
    }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

bool overlap(const PathPattern& a, const PathPattern& b) {
  if (a == b) return true;
  if (part_at_once(a, b)) return false;
  const std::vector<Component> left = unfolded(a), right = unfolded(b);
  const auto anys = [](const std::vector<Component>& items) {
    return std::function<bool(std::size_t)>([&items](std::size_t i) { return is_any(items, i); });
  };
  return end_together(left.size(), right.size(), anys(left), anys(right),
                      [&](std::size_t i, std::size_t j) { return names_overlap(left[i], right[j]); });
}

}  // namespace polc::apparmor
