#include "sandbox/texts.hpp"

#include <charconv>

#include "knowledge/landlock.hpp"
#include "knowledge/names.hpp"
#include "support/lines.hpp"

namespace polc::sandbox {
namespace {

using knowledge::LandlockRight;
using Known = std::span<const LandlockRight>;

// The words of a line, one after the other; `text` is what is left.
std::string_view word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

std::string_view until_comma(std::string_view& text) {
  const std::size_t end = std::min(text.find(','), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

template <class Number>
bool take(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool take_rights(std::string_view list, Known known, std::uint64_t& rights) {
  if (list == "-") return true;
  while (!list.empty()) {
    const auto one = knowledge::find_landlock_right(known, until_comma(list));
    if (!one) return false;
    rights |= *one;
  }
  return true;
}

bool take_named(std::string_view text, std::string_view name, Known known, std::uint64_t& rights) {
  return text.starts_with(name) && take_rights(text.substr(name.size()), known, rights);
}

/// "..." with %HH.
bool take_path(std::string_view text, std::string& path) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned char byte = static_cast<unsigned char>(text[at]);
    if (byte == '%') {
      if (at + 3 > text.size()) return false;
      const auto [end, error] = std::from_chars(text.data() + at + 1, text.data() + at + 3, byte, 16);
      if (error != std::errc() || end != text.data() + at + 3) return false;
      at += 2;
    }
    path += static_cast<char>(byte);
  }
  return path.starts_with('/') && path.find('\0') == std::string::npos;
}

bool take_ports(std::string_view list, std::uint64_t rights, std::vector<PortRule>& ports) {
  while (!list.empty()) {
    const std::string_view range = until_comma(list);
    const std::size_t dash = std::min(range.find('-'), range.size());
    PortRule rule{rights};
    if (!take(range.substr(0, dash), rule.low)) return false;
    rule.high = rule.low;
    if (dash < range.size() && !take(range.substr(dash + 1), rule.high)) return false;
    ports.push_back(rule);
  }
  return true;
}

bool add_rule(std::string_view line, Rules& rules) {
  const auto files = knowledge::landlock_file_rights(), net = knowledge::landlock_net_rights();
  const std::string_view kind = word(line);
  if (kind == "handled") {
    const std::string_view of_files = word(line), of_net = word(line);
    return take_named(of_files, "fs=", files, rules.files) && take_named(of_net, "net=", net, rules.net) &&
           take_named(line, "scoped=", knowledge::landlock_scopes(), rules.scoped);
  }
  if (kind == "path") {
    PathRule rule;
    const std::string_view of_file = word(line), slash = word(line), of_directory = word(line);
    if (slash != "/" || !take_rights(of_file, files, rule.file) || !take_rights(of_directory, files, rule.directory) || !take_path(line, rule.path)) return false;
    rules.paths.push_back(std::move(rule));
    return true;
  }
  std::uint64_t rights = 0;
  const std::string_view of_ports = word(line);
  return kind == "port" && take_rights(of_ports, net, rights) && take_ports(line, rights, rules.ports);
}

bool add_launch(std::string_view line, Launch& launch) {
  const std::string_view kind = word(line);
  if (kind == "no_new_privs") return line.empty();
  if (kind == "descriptor") return take(line, launch.descriptor);
  if (kind == "capabilities") {
    if (line == "-") return true;
    while (!line.empty()) {
      const auto number = knowledge::find_capability(until_comma(line));
      if (!number) return false;
      launch.capabilities |= std::uint64_t{1} << *number;
    }
    return true;
  }
  Limit limit;
  limit.name = word(line);
  const auto resource = knowledge::find_limit(Os::linux_os, limit.name);
  if (kind != "limit" || !resource || !take(line, limit.bound)) return false;
  limit.resource = static_cast<unsigned>(*resource);
  launch.limits.push_back(std::move(limit));
  return true;
}

/// False: a line is none.
template <class Add>
bool for_each_line(std::string_view text, std::string_view head, const Add& add) {
  if (!text.starts_with(head)) return false;
  for (bool is_first = true; !text.empty(); is_first = false) {
    const std::string_view line = take_line(text);
    if (!is_first && !line.empty() && line.front() != '#' && !add(line)) return false;
  }
  return true;
}

}  // namespace

std::optional<Rules> rules_in(std::string_view landlock) {
  Rules rules;
  const std::size_t abi = landlock.substr(0, landlock.find('\n')).rfind("abi=");
  if (abi == std::string_view::npos || !take(landlock.substr(abi + 4, landlock.find('\n') - abi - 4), rules.abi)) return std::nullopt;
  if (!for_each_line(landlock, "landlock 1 ", [&](std::string_view line) { return add_rule(line, rules); })) return std::nullopt;
  return rules.files != 0 ? std::optional(std::move(rules)) : std::nullopt;
}

std::optional<Launch> launch_in(std::string_view text) {
  Launch launch;
  if (!for_each_line(text, "launch 1 ", [&](std::string_view line) { return add_launch(line, launch); })) return std::nullopt;
  return launch.descriptor >= 3 ? std::optional(std::move(launch)) : std::nullopt;
}

}  // namespace polc::sandbox
