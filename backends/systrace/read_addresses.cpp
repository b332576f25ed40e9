// Tests of addresses as sets. systrace prints `inet-[192.0.2.7]:443`, `inet-[2001:db8::5]:80`, a unix socket's path, nothing
// for one without, and `family(16)` for other families (intercept-translate.c).
#include "sets/port_regex.hpp"
#include "systrace/read_host.hpp"
#include "systrace/read_regex.hpp"
#include "systrace/text_sets.hpp"

namespace polc::systrace::syntax {
namespace {

using Boxes = std::vector<ir::NetBox>;

ir::NetBox of(Family family) {
  ir::NetBox box;
  box.family = family;
  return box;
}

ir::NetBox at_paths(std::vector<sets::PathPattern> paths) {
  ir::NetBox box = of(Family::unix_family);
  box.any_unix_address = false;
  box.paths = std::move(paths);
  return box;
}

/// The ports that a regular expression of digits takes; those above 65535 are never printed.
std::optional<sets::PortSet> ports_of(std::string_view regex) {
  if (regex == "[0-9]+") return sets::PortSet::all();
  const auto numbers = sets::read_port_regex(regex);
  if (!numbers) return std::nullopt;
  std::vector<sets::Interval<std::uint16_t>> ports;
  const sets::NumberSet printed = *numbers & sets::NumberSet::range(0, 65535);
  for (const auto& [low, high] : printed.intervals())
    ports.push_back({static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)});
  return sets::PortSet::from(std::move(ports));
}

/// Every host of both families at these ports.
Boxes any_host(const sets::PortSet& ports) {
  Boxes boxes{of(Family::inet), of(Family::inet6)};
  for (ir::NetBox& box : boxes) box.ports = ports;
  return boxes;
}

/// `^inet-\[HOST\]:PORTS$`, what stands between `^` and `$`.
std::optional<Boxes> inet_boxes(std::string_view regex) {
  constexpr std::string_view begin = "inet-\\[", middle = "\\]:";
  const std::size_t cut = regex.rfind(middle);
  if (cut == std::string_view::npos || cut < begin.size()) return std::nullopt;
  const auto ports = ports_of(regex.substr(cut + middle.size()));
  auto hosts = read_hosts(regex.substr(begin.size(), cut - begin.size()));
  if (!ports || !hosts) return std::nullopt;
  Boxes boxes;
  if (!hosts->ip4.empty()) {
    boxes.push_back(of(Family::inet));
    boxes.back().ip4 = std::move(hosts->ip4);
  }
  if (!hosts->ip6.empty()) {
    boxes.push_back(of(Family::inet6));
    boxes.back().ip6 = std::move(hosts->ip6);
  }
  for (ir::NetBox& box : boxes) box.ports = *ports;
  return boxes;
}

// ---- the how-to's: nothing holds the text's beginning, and a path may look like such an address

std::optional<std::vector<sets::GlobStep>> digits_of(std::string_view regex) {
  std::vector<sets::GlobStep> steps;
  for (std::size_t at = 0; at < regex.size();) {
    std::size_t times = 1;
    // `{n}` stands behind a class of one character, which one_character does not take for its own.
    const std::size_t end = regex[at] == '[' ? end_of_bracket(regex, at) : at + 1;
    const std::string_view unit = regex.substr(at, end - at);
    std::size_t inside = 0;
    const auto step = one_character(unit, inside);
    if (!step || inside != unit.size()) return std::nullopt;
    at = end;
    if (at + 2 < regex.size() && regex[at] == '{' && regex[at + 2] == '}' && regex[at + 1] >= '1' && regex[at + 1] <= '9') {
      times = static_cast<std::size_t>(regex[at + 1] - '0');
      at += 3;
    }
    steps.insert(steps.end(), times, *step);
  }
  return steps;
}

std::optional<Boxes> unanchored_boxes(std::string_view ports_regex) {
  using Kind = sets::Component::Kind;
  const auto ports = ports_of(ports_regex);
  const auto digits = digits_of(ports_regex);
  if (!ports || !digits) return std::nullopt;
  std::vector<sets::GlobStep> end{{sets::GlobStep::Kind::byte, ':', {}}};
  end.insert(end.end(), digits->begin(), digits->end());
  std::vector<sets::GlobStep> tail{{sets::GlobStep::Kind::star, 0, {}}}, whole = tail;
  for (const char c : std::string_view("inet-")) whole.push_back({sets::GlobStep::Kind::byte, c, {}});
  whole.push_back(tail.front());
  const std::vector<sets::Component> head{{Kind::any, ""}, {Kind::glob, sets::glob_text(whole)}};
  whole.insert(whole.end(), end.begin(), end.end());
  tail.insert(tail.end(), end.begin(), end.end());
  Boxes boxes = any_host(*ports);
  boxes.push_back(at_paths({{{head[0], {Kind::glob, sets::glob_text(whole)}}},
                            {{head[0], head[1], head[0], {Kind::glob, sets::glob_text(tail)}}}}));
  return boxes;
}

std::optional<Boxes> regex_boxes(std::string_view regex) {
  constexpr std::string_view any_host_text = "inet-.*:";
  if (regex == "^(/.*)?$") return Boxes{of(Family::unix_family)};
  if (regex == "^family\\(") return Boxes{of(Family::netlink), of(Family::packet), of(Family::other)};
  if (regex.empty() || regex.back() != '$') return std::nullopt;
  const std::string_view body = regex.substr(0, regex.size() - 1);
  if (body.substr(0, any_host_text.size()) == any_host_text) return unanchored_boxes(body.substr(any_host_text.size()));
  if (body.substr(0, 6) == "^inet-") return inet_boxes(body.substr(1));
  return std::nullopt;
}

// ---- eq and match

std::optional<sets::PortSet> decimal_port(std::string_view digits) {
  if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return ports_of(digits);
}

std::optional<Boxes> equal_boxes(std::string_view text) {
  constexpr std::string_view begin = "inet-[", middle = "]:";
  const std::size_t cut = text.rfind(middle);
  if (text.substr(0, begin.size()) != begin || cut == std::string_view::npos) return std::nullopt;
  const auto port = decimal_port(text.substr(cut + middle.size()));
  const auto host = read_host(text.substr(begin.size(), cut - begin.size()));
  if (!port || !host) return std::nullopt;
  ir::NetBox box = of(host->ip4.empty() ? Family::inet6 : Family::inet);
  (box.family == Family::inet ? void(box.ip4 = host->ip4) : void(box.ip6 = host->ip6));
  box.ports = *port;
  return Boxes{std::move(box)};
}

std::optional<Boxes> matched_boxes(std::string_view text) {
  constexpr std::string_view any_host_text = "inet-*:";
  if (text.substr(0, any_host_text.size()) != any_host_text) return std::nullopt;
  const auto port = decimal_port(text.substr(any_host_text.size()));
  return port ? std::optional(any_host(*port)) : std::nullopt;
}

}  // namespace

std::optional<Boxes> addresses_of(const Expression& test, unsigned year) {
  std::optional<Boxes> boxes;
  if (test.op == Operator::re) boxes = regex_boxes(test.text);
  if (test.op == Operator::eq) boxes = equal_boxes(test.text);
  if (test.op == Operator::match) boxes = matched_boxes(test.text);
  if (boxes) return boxes;
  // Else it may be a unix socket's path, if it takes no other address: those begin without a slash.
  const bool begins_so = test.text.substr(0, 1) == "/" && (test.op == Operator::eq || test.op == Operator::match);
  auto paths = begins_so || (test.op == Operator::re && takes_only_paths(test, year)) ? paths_of(test, year) : std::nullopt;
  return paths ? std::optional(Boxes{at_paths(std::move(*paths))}) : std::nullopt;
}

}  // namespace polc::systrace::syntax
