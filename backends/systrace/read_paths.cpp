// Tests of file names as path patterns. Regular expressions are understood as far as they go component by component:
// anchored at both ends, `/.+` for everything below, `(/.+)?` for components between.
#include <algorithm>

#include "sets/glob.hpp"
#include "systrace/machines.hpp"
#include "systrace/read_regex.hpp"
#include "systrace/text_sets.hpp"

namespace polc::systrace::syntax {
namespace {

using sets::Component;
using sets::GlobStep;
using sets::PathPattern;
using Kind = Component::Kind;
using Patterns = std::vector<PathPattern>;

/// nullopt: no name is made of these steps and no other (a lone `*` of a regular expression also takes nothing).
std::optional<Component> component_of(std::vector<GlobStep> steps) {
  // Two stars are one, and side by side they would mean more than a name.
  const auto both_stars = [](const GlobStep& a, const GlobStep& b) { return a.kind == GlobStep::Kind::star && b.kind == GlobStep::Kind::star; };
  steps.erase(std::unique(steps.begin(), steps.end(), both_stars), steps.end());
  const auto is = [](GlobStep::Kind kind) { return [kind](const GlobStep& step) { return step.kind == kind; }; };
  if (std::all_of(steps.begin(), steps.end(), is(GlobStep::Kind::star))) return std::nullopt;
  if (!std::all_of(steps.begin(), steps.end(), is(GlobStep::Kind::byte))) return Component{Kind::glob, sets::glob_text(steps)};
  std::string name;
  for (const GlobStep& step : steps) name += step.byte;
  if (name == "." || name == "..") return std::nullopt;
  return Component{Kind::literal, std::move(name)};
}

// ---- re

const Component any_name{Kind::glob, "*"};
constexpr std::string_view everything_below = "/.+", between = "(/.+)?", a_name = "[^/]+", any_bytes = "[^/]*";
// The same without names that are none: empty, `.` and `..`.
constexpr std::string_view true_name = "([^/.]|\\.[^/.]|\\.\\.[^/])[^/]*";
const std::string names_below = "(/" + std::string(true_name) + ")+", names_between = "(/" + std::string(true_name) + ")*";

/// Where the component that begins at `at` ends: at a slash that is not in brackets, or a group that begins with one.
std::size_t end_of_component(std::string_view regex, std::size_t at) {
  for (; at < regex.size(); ++at) {
    const std::string_view rest = regex.substr(at);
    if (regex[at] == '/' || rest.starts_with("(/")) return at;
    if (rest.starts_with(true_name)) return at + true_name.size();
    if (regex[at] == '\\') ++at;
    else if (regex[at] == '[') at = end_of_bracket(regex, at) - 1;
  }
  return at;
}

std::optional<Component> regex_component(std::string_view regex) {
  if (regex == a_name || regex == true_name) return any_name;
  std::vector<GlobStep> steps;
  for (std::size_t at = 0; at < regex.size();) {
    if (regex.substr(at, any_bytes.size()) == any_bytes) {
      steps.push_back({GlobStep::Kind::star, 0, {}});
      at += any_bytes.size();
      continue;
    }
    auto step = one_character(regex, at);
    if (!step) return std::nullopt;
    steps.push_back(std::move(*step));
  }
  return component_of(steps);
}

/// May the component take a name that leads elsewhere?
bool takes_dots(const Component& component) { return PathPattern{{component}}.matches("/.") || PathPattern{{component}}.matches("/.."); }

struct Understood {
  PathPattern pattern;
  bool takes_detours = false;  // `//`, `/./` or `/../`
};

std::optional<Understood> regex_path(std::string_view regex) {
  if (regex.size() < 3 || regex.front() != '^' || regex.back() != '$') return std::nullopt;
  regex = regex.substr(1, regex.size() - 2);
  Understood result;
  if (regex == "/") return result;
  sets::Components::List names;
  for (std::size_t at = 0; at < regex.size();) {
    const std::string_view rest = regex.substr(at);
    if (rest == everything_below || rest == names_below) {
      names.push_back({Kind::below, ""});
      result.takes_detours |= rest == everything_below;
      break;
    }
    const bool anything = rest.starts_with(between);
    if (anything || rest.starts_with(names_between)) {
      names.push_back({Kind::any, ""});
      at += anything ? between.size() : names_between.size();
      result.takes_detours |= anything;
    }
    if (at >= regex.size() || regex[at] != '/') return std::nullopt;
    const std::size_t end = end_of_component(regex, at + 1);
    if (regex.substr(at, end - at) == everything_below) return std::nullopt;  // not at the end
    const std::string_view name = regex.substr(at + 1, end - at - 1);
    auto component = regex_component(name);
    if (!component) return std::nullopt;
    result.takes_detours |= name != true_name && takes_dots(*component);
    names.push_back(std::move(*component));
    at = end;
  }
  result.pattern.components = std::move(names);
  return result;
}

std::optional<Patterns> regex_paths(std::string_view regex) {
  auto understood = regex_path(regex);
  return understood ? std::optional(Patterns{std::move(understood->pattern)}) : std::nullopt;
}

// ---- eq and match

/// Calls `visit` with each name between the slashes of an absolute path; false when it is none, or `visit` says so.
template <class Visit>
bool each_name(std::string_view text, const Visit& visit) {
  if (text.empty() || text[0] != '/') return false;
  for (std::size_t at = 1; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    if (end == at || !visit(text.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

/// Upper and lower case are one.
std::optional<Component> name_in_any_case(std::string_view name) {
  std::vector<GlobStep> steps;
  for (const char c : name) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const auto code = static_cast<std::uint32_t>(static_cast<unsigned char>(c));
    if (is_letter) steps.push_back({GlobStep::Kind::set, 0, sets::NumberSet::of(code & ~0x20u) | sets::NumberSet::of(code | 0x20u)});
    else steps.push_back({GlobStep::Kind::byte, c, {}});
  }
  return component_of(steps);
}

std::optional<Patterns> equal_paths(std::string_view text) {
  if (text.empty() || text[0] != '/') return Patterns{};
  PathPattern pattern;
  if (text == "/") return Patterns{pattern};
  const bool is_path = each_name(text, [&](std::string_view name) {
    auto component = name_in_any_case(name);
    if (component) pattern.components.push_back(std::move(*component));
    return component.has_value();
  });
  return is_path ? Patterns{std::move(pattern)} : Patterns{};
}

/// One name of a pattern of fnmatch. `?` and classes take single bytes there, which patterns cannot say.
std::optional<Component> globbed_name(std::string_view name) {
  if (name == "*") return any_name;
  std::vector<GlobStep> steps;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '?' || name[i] == '[') return std::nullopt;
    if (name[i] == '*') {
      steps.push_back({GlobStep::Kind::star, 0, {}});
      continue;
    }
    if (name[i] == '\\' && ++i == name.size()) return std::nullopt;
    steps.push_back({GlobStep::Kind::byte, name[i], {}});
  }
  return component_of(steps);
}

// Whatever follows behind a slash is matched too (FNM_LEADING_DIR).
std::optional<Patterns> matched_paths(std::string_view text) {
  if (text.empty() || text[0] != '/') return std::nullopt;
  PathPattern pattern;
  const bool understood = each_name(text, [&](std::string_view name) {
    auto component = globbed_name(name);
    if (component) pattern.components.push_back(std::move(*component));
    return component.has_value();
  });
  if (!understood) return std::nullopt;
  if (pattern.components.empty() || pattern.components.back() != any_name) return Patterns{pattern, pattern.with_below()};
  pattern.components.pop_back();
  Patterns result{pattern.with_below()};
  if (text == "/*") result.emplace_back();  // nothing at all behind the slash
  return result;
}

/// Each ancestor and the path itself, as far as these are paths.
Patterns ancestors(std::string_view text) {
  Patterns result{PathPattern{}};
  if (text.empty() || text[0] != '/') return result;
  PathPattern pattern;
  each_name(text, [&](std::string_view name) {
    if (name == "." || name == "..") return false;
    pattern.components.push_back({Kind::literal, std::string(name)});
    result.push_back(pattern);
    return true;
  });
  return result;
}

bool is_plain_path(std::string_view text) {
  return text == "/" || each_name(text, [](std::string_view name) { return name != "." && name != ".."; });
}

}  // namespace

std::vector<PathPattern> every_path() { return {PathPattern{}, PathPattern{{{Kind::below, ""}}}}; }

std::optional<Patterns> paths_of(const Expression& test, unsigned year) {
  std::optional<Patterns> paths;
  if (test.op == Operator::re) paths = regex_paths(test.text);
  if (test.op == Operator::eq) return equal_paths(test.text);
  if (test.op == Operator::match) paths = matched_paths(test.text);
  if (test.op == Operator::inpath) return ancestors(test.text);
  if (paths) return paths;
  const auto machine = machine_of(test, year);
  return machine ? machine->paths(words_of(test)) : std::nullopt;
}

bool takes_detours(const Expression& test, unsigned year) {
  const std::string_view text = test.text;
  if (test.op == Operator::eq) return !text.empty() && !text.starts_with("inet-[") && !text.starts_with("family(") && !is_plain_path(text);
  // What is matched goes on behind a slash, and `/..` leads anywhere.
  if (test.op != Operator::re) return true;
  if (text.starts_with("^inet-\\[") || text == "^family\\(") return text.back() == '$' && !addresses_of(test, year);
  const auto understood = regex_path(text);
  return !understood || understood->takes_detours;
}

bool takes_only_paths(const Expression& test, unsigned year) {
  return regex_path(test.text).has_value() || begins_with_slash(machine_of(test, year));
}

bool takes_every_text(const Expression& test) {
  const bool is_empty = test.text.empty() || test.text == "^" || test.text == ".*" || test.text == "^.*$" || test.text == "$";
  return (test.op == Operator::re && is_empty) || (test.op == Operator::sub && test.text.empty());
}

std::optional<std::uint32_t> number_of(const Expression& test) {
  const std::string& text = test.text;
  const bool is_canonical = !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789") == std::string::npos && (text[0] != '0' || text.size() == 1);
  if (test.op != Operator::eq || !is_canonical) return std::nullopt;
  const std::uint64_t number = std::stoull(text);
  return number <= 0xFFFF'FFFFu ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
}

std::optional<std::string> name_of(const Expression& test) {
  if (test.op == Operator::eq) return test.text;
  if (test.op != Operator::re || test.text.size() < 3 || test.text.front() != '^' || test.text.back() != '$') return std::nullopt;
  const std::string_view regex = std::string_view(test.text).substr(1, test.text.size() - 2);
  std::string name;
  for (std::size_t at = 0; at < regex.size();) {
    const auto step = one_character(regex, at);
    if (!step || step->kind != GlobStep::Kind::byte) return std::nullopt;
    name += step->byte;
  }
  return name;
}

}  // namespace polc::systrace::syntax
