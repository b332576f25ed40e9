// Policies built by hand for the tests, and the way from a policy to its artefact and back.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "eval/meaning.hpp"
#include "format/raise.hpp"
#include "grsecurity/grsecurity.hpp"
#include "grsecurity/model.hpp"
#include "knowledge/calls.hpp"
#include "target/enforce.hpp"

namespace polc::grsecurity::tests {

using ir::Effect;

inline target::Settings settings(std::string version = "3.1", std::string format = "subject") {
  target::Settings result{.format = std::move(format)};
  result.options.as<Options>().is_old = version == "2.1";
  return result;
}

inline std::vector<sets::PathPattern> place(std::string_view pattern, bool tree = false) {
  return *sets::parse_path_pattern({std::string(pattern), {}}, tree);
}

inline ir::FileBox file(FileVerbs verbs, std::string_view pattern) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = place(pattern);
  return box;
}
inline ir::FileBox tree(FileVerbs verbs, std::string_view pattern) {
  ir::FileBox box = file(verbs, pattern);
  box.places = place(pattern, true);
  return box;
}
inline ir::PairBox pair(FileVerb verb, std::string_view from, std::string_view to) {
  ir::PairBox box;
  box.verbs = {verb};
  box.from = place(from, true);
  box.to = place(to, true);
  return box;
}

inline sets::NumberSet tcp_numbers() { return sets::NumberSet::of(0) | sets::NumberSet::of(6); }
inline sets::NumberSet udp_numbers() { return sets::NumberSet::of(0) | sets::NumberSet::of(17); }

inline ir::NetBox net(NetVerbs verbs, SocketType type, sets::NumberSet protocols, sets::Ip4Set hosts,
                      sets::PortSet ports) {
  ir::NetBox box;
  box.verbs = verbs;
  box.types = {type};
  box.protocols = std::move(protocols);
  box.ip4 = std::move(hosts);
  box.ports = std::move(ports);
  return box;
}
inline ir::NetBox tcp(NetVerbs verbs, sets::Ip4Set hosts, sets::PortSet ports) {
  return net(verbs, SocketType::stream, tcp_numbers(), std::move(hosts), std::move(ports));
}
inline ir::NetBox udp(NetVerbs verbs, sets::Ip4Set hosts, sets::PortSet ports) {
  return net(verbs, SocketType::dgram, udp_numbers(), std::move(hosts), std::move(ports));
}
inline ir::NetBox unix_at(NetVerbs verbs, std::string_view pattern) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = Family::unix_family;
  box.any_unix_address = false;
  box.paths = place(pattern);
  return box;
}
constexpr std::uint32_t ip(unsigned a, unsigned b, unsigned c, unsigned d) { return a << 24 | b << 16 | c << 8 | d; }

inline ir::Rule rule(Effect effect, std::vector<ir::Box> boxes) {
  ir::Rule out;
  out.effect = effect;
  out.boxes = std::move(boxes);
  out.origin.emplace_back();
  return out;
}
inline ir::Policy policy_of(std::vector<ir::Rule> rules, std::string program = "/usr/sbin/d") {
  ir::Policy policy;
  policy.name = "p";
  policy.programs = {std::move(program)};
  policy.rules = std::move(rules);
  return policy;
}

/// A policy on its way: chosen, printed, read back and judged.
struct Compiled {
  ir::Policy policy;
  eval::Meaning meaning;
  target::Outcome legal;
  target::Printed printed;
  std::string text;
  std::shared_ptr<const target::Reading> reading;
  std::vector<diag::Diagnostic> diagnostics;
};
inline Compiled compile(ir::Policy policy, const target::Settings& with = settings()) {
  Compiled made;
  made.policy = std::move(policy);
  made.meaning = eval::meaning_of(made.policy);
  sets::Budget budget;
  const std::vector<eval::Part> parts = target::parts_to_say(made.meaning, made.meaning.parts(), budget);
  const diag::SourceMap sources;
  target::Enforced enforced = target::enforce({made.policy, made.meaning, parts, sources}, backend(), with);
  made.legal = std::move(enforced.outcome);
  made.printed = std::move(enforced.printed);
  made.text = made.printed.text;
  made.diagnostics = std::move(enforced.diagnostics);
  made.reading = enforced.reading;
  REQUIRE_MESSAGE(made.reading != nullptr, made.text);
  return made;
}

/// The lines without comments, indentation and empty ones.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t first = text.find_first_not_of(" \t", at);
    if (first < end && text[first] != '#') lines.push_back(text.substr(first, end - first));
    at = end + 1;
  }
  return lines;
}
inline bool has_line(const Compiled& made, std::string_view line) {
  for (const std::string& one : lines_of(made.text))
    if (one == line) return true;
  return false;
}
inline bool has_word(const Compiled& made, std::string_view word) {
  for (const std::string& one : lines_of(made.text))
    if (one.find(word) != std::string::npos) return true;
  return false;
}

/// A text as the reader understands it.
struct Asked {
  target::Reading reading;
  bool permits(const ir::Point& point) const { return target::permits(reading, point); }
  std::optional<unsigned> line_for(const ir::Point& point) const { return target::line_for(reading, point); }
};
inline Asked reader_of(std::string_view text, const target::Settings& with = settings()) {
  auto read = backend().read(text, {}, with);
  REQUIRE_MESSAGE(read.has_value(), std::string(text) << ": " << (read ? "" : read.error().message));
  return {*std::move(read)};
}
/// What the reader says against the text; empty: nothing.
inline std::string refusal_of(std::string_view text, const target::Settings& with = settings()) {
  const auto read = backend().read(text, {}, with);
  return read ? "" : read.error().message;
}

inline ir::FilePoint at(FileVerb verb, std::string path, FileType type = FileType::file) {
  ir::FilePoint point;
  point.verb = verb;
  point.path = std::move(path);
  point.type = type;
  return point;
}
inline ir::NetPoint to(NetVerb verb, std::uint32_t host, std::uint16_t port, SocketType type = SocketType::stream,
                       std::uint32_t protocol = 6) {
  ir::NetPoint point;
  point.verb = verb;
  point.type = type;
  point.protocol = protocol;
  point.ip4 = host;
  point.port = port;
  return point;
}
inline ir::CallPoint socket_of(std::uint64_t domain, std::uint64_t type, std::uint64_t protocol) {
  return {*knowledge::find_call(Os::linux_os, "socket"), {domain, type, protocol}};
}

}  // namespace polc::grsecurity::tests
