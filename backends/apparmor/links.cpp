#include "apparmor/links.hpp"

#include <algorithm>

#include "sets/path_pattern.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::PathPattern;

// As of November 2026. The links in / and /var are there on every large distribution: Debian since 12 (2023), Fedora
// since 17 (2012), Arch since 2013, openSUSE since 15.3 (2021). Where one is a folder instead, its own name is printed
// as well.
constexpr Link links[] = {
    {"", "/bin", "/usr/bin"},
    {"", "/sbin", "/usr/sbin"},
    {"", "/lib", "/usr/lib"},
    {"", "/lib32", "/usr/lib32"},
    {"", "/lib64", "/usr/lib64"},
    {"", "/libx32", "/usr/libx32"},
    {"", "/var/run", "/run"},
    {"", "/var/lock", "/run/lock"},
    {"debian", "/var/spool/mail", "/var/mail"},  // base-files
    {"ubuntu", "/var/spool/mail", "/var/mail"},
    {"fedora", "/var/mail", "/var/spool/mail"},  // filesystem
    {"fedora", "/usr/sbin", "/usr/bin"},         // since 42 (2025)
    {"arch", "/usr/sbin", "/usr/bin"},           // filesystem
    {"arch", "/usr/lib64", "/usr/lib"},
    // proc(5). Whose number it is, the kernel's question does not say: these permit every process's, unless a rule says `owner self`.
    // So a policy keeps to the link's name.
    {"", "/proc/self", "/proc/[0-9]*", false},
    {"", "/proc/thread-self", "/proc/[0-9]*/task/[0-9]*", false},
};

std::vector<Component> components_of(std::string_view path) {
  std::vector<Component> components;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view name = path.substr(1, end - 1);
    const bool is_number = name.front() == '[';
    components.push_back({is_number ? Component::Kind::glob : Component::Kind::literal, std::string(name)});
    path.remove_prefix(end);
  }
  return components;
}

/// May the component be called so? `*` alone names nothing in particular.
bool can_be(const Component& component, std::string_view name) {
  if (component.kind == Component::Kind::literal) return component.text == name;
  if (component.kind != Component::Kind::glob || component.text == "*") return false;
  return PathPattern{{component}}.matches('/' + std::string(name));
}

/// How many components of the pattern stand for the link; 0: it does not go that way. Asked for every path again and
/// again.
std::size_t depth_of(const Link& link, const PathPattern& place) {
  const std::vector<Component>& components = place.components;
  std::string_view rest = link.name;
  std::size_t depth = 0;
  for (; !rest.empty(); ++depth) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    if (depth == components.size() || !can_be(components[depth], rest.substr(1, end - 1))) return 0;
    rest.remove_prefix(end);
  }
  return depth;
}

bool is_in_force(const Link& link, const ir::Policy& policy) {
  const auto& variants = policy.configuration.variants;
  return link.variant.empty() || std::binary_search(variants.begin(), variants.end(), link.variant);
}

template <class Visit>
void for_each_link(const PathPattern& place, const ir::Policy& policy, const Visit& visit) {
  for (const Link& link : links)
    if (const std::size_t depth = depth_of(link, place); depth != 0 && is_in_force(link, policy)) visit(link, depth);
}

PathPattern behind(const Link& link, std::size_t depth, const PathPattern& place) {
  std::vector<Component> real = components_of(link.leads_to);
  real.insert(real.end(), place.components.begin() + static_cast<std::ptrdiff_t>(depth), place.components.end());
  return {std::move(real)};
}

}  // namespace

const Link* find_link(const PathPattern& place, const ir::Policy& policy) {
  const Link* found = nullptr;
  for_each_link(place, policy, [&](const Link& link, std::size_t) { found = found == nullptr ? &link : found; });
  return found;
}

std::vector<PathPattern> real_names(const PathPattern& place, const ir::Policy& policy) {
  std::vector<PathPattern> names;
  const auto follow = [&](const PathPattern& from) {
    for_each_link(from, policy, [&](const Link& link, std::size_t depth) {
      PathPattern real = behind(link, depth, from);
      if (real != place && std::find(names.begin(), names.end(), real) == names.end()) names.push_back(std::move(real));
    });
  };
  follow(place);
  // A real name may be a link again: /sbin, /usr/sbin, /usr/bin. No row leads back, so this ends.
  for (std::size_t i = 0; i < names.size(); ++i) follow(PathPattern(names[i]));
  return names;
}

std::vector<PathPattern> with_real_names(const std::vector<PathPattern>& places, const ir::Policy& policy) {
  std::vector<PathPattern> all = places;
  for (const PathPattern& place : places)
    for (PathPattern& real : real_names(place, policy)) all.push_back(std::move(real));
  if (all.size() == places.size()) return all;
  sets::sort_unique(all);
  return all;
}

std::vector<std::string> with_real_names(const std::string& program, const ir::Policy& policy) {
  std::vector<std::string> all{program};
  for (const PathPattern& real : real_names({components_of(program)}, policy)) all.push_back(real.literal());
  return all;
}

}  // namespace polc::apparmor
