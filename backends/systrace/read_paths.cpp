// Tests of file names as path patterns. Regular expressions are understood as far as they go component by component:
// anchored at both ends, `/.+` for everything below, `(/.+)?` for components between.
#include <algorithm>
#include <cctype>

#include "sets/glob.hpp"
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
std::optional<Component> component_of(const std::vector<GlobStep>& steps) {
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

/// Where the component that begins at `at` ends: at a slash that is not in brackets.
std::size_t end_of_component(std::string_view regex, std::size_t at) {
  for (; at < regex.size(); ++at) {
    if (regex[at] == '/' || regex.substr(at, between.size()) == between) return at;
    if (regex[at] == '\\') ++at;
    else if (regex[at] == '[') at = end_of_bracket(regex, at) - 1;
  }
  return at;
}

std::optional<Component> regex_component(std::string_view regex) {
  if (regex == a_name) return any_name;
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

std::optional<Patterns> regex_paths(std::string_view regex) {
  if (regex.size() < 3 || regex.front() != '^' || regex.back() != '$') return std::nullopt;
  regex = regex.substr(1, regex.size() - 2);
  PathPattern pattern;
  if (regex == "/") return Patterns{pattern};
  for (std::size_t at = 0; at < regex.size();) {
    if (regex.substr(at) == everything_below) {
      pattern.components.push_back({Kind::below, ""});
      return Patterns{std::move(pattern)};
    }
    if (regex.substr(at, between.size()) == between) {
      pattern.components.push_back({Kind::any, ""});
      at += between.size();
    }
    if (at >= regex.size() || regex[at] != '/') return std::nullopt;
    const std::size_t end = end_of_component(regex, at + 1);
    if (regex.substr(at, end - at) == everything_below) return std::nullopt;  // not at the end
    auto component = regex_component(regex.substr(at + 1, end - at - 1));
    if (!component) return std::nullopt;
    pattern.components.push_back(std::move(*component));
    at = end;
  }
  return Patterns{std::move(pattern)};
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

}  // namespace

std::vector<PathPattern> every_path() { return {PathPattern{}, PathPattern{{{Kind::below, ""}}}}; }

std::optional<Patterns> paths_of(const Expression& test) {
  switch (test.op) {
    case Operator::re: return regex_paths(test.text);
    case Operator::eq: return equal_paths(test.text);
    case Operator::match: return matched_paths(test.text);
    case Operator::neq:
    case Operator::sub:
    case Operator::nsub:
    case Operator::inpath: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace polc::systrace::syntax
