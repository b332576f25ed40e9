#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "plain/model.hpp"

#include "support/lines.hpp"

namespace polc::plain {
namespace {

constexpr std::string_view head = "plain 1 ";

bool is_comment(std::string_view line) { return line.empty() || line[0] == '#'; }

// Reactions and limits: they decide no access.
bool is_directive(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  return word == "default" || word == "limit";
}

/// Calls `visit(number, line)` for each line behind the head that is no comment, until it says false.
template <class Visit>
bool for_each_line(std::string_view text, const Visit& visit) {
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (number > 1 && !is_comment(line) && !visit(number, line)) return false;
  }
  return true;
}

/// The NAME of `plain 1 NAME OS ARCH`; nullopt: it is for another system or architecture, where calls and constants are others.
std::optional<std::string_view> name_from(std::string_view text, const ir::Configuration& configuration) {
  std::string_view line = text.substr(0, text.find('\n'));
  const std::string where = fmt::format(" {} {}", name_of(configuration.os), name_of(configuration.arch));
  if (!line.starts_with(head) || !line.ends_with(where) || line.size() <= head.size() + where.size()) return std::nullopt;
  line.remove_suffix(where.size());
  line.remove_prefix(head.size());
  return line.find(' ') == std::string_view::npos ? std::optional(line) : std::nullopt;
}

}  // namespace

tl::expected<std::vector<Line>, target::ReadError> lines_from(Os os, std::string_view text) {
  if (text.substr(0, head.size()) != head) return tl::unexpected(target::ReadError{1, "this is no `plain 1` file"});
  std::vector<Line> lines;
  target::ReadError error;
  const bool is_readable = for_each_line(text, [&](unsigned number, std::string_view line) {
    if (is_directive(line)) return true;
    auto parsed = line_from(os, line);
    if (!parsed) return error = {number, parsed.error()}, false;
    parsed->number = number;
    lines.push_back(*std::move(parsed));
    return true;
  });
  if (!is_readable) return tl::unexpected(std::move(error));
  return lines;
}

// The target's own rules: an access is permitted when an `allow` line holds it and no `deny` line does. Nothing escapes plain:
// every class of access has its lines, and what has none is refused.
target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings&) {
  auto lines = lines_from(configuration.os, text);
  if (!lines) return tl::unexpected(lines.error());
  const auto name = name_from(text, configuration);
  if (!name)
    return tl::unexpected(target::ReadError{1, fmt::format("this is not for {} on {}", name_of(configuration.os), name_of(configuration.arch))});
  std::vector<eval::Part> parts;
  for (Line& line : *lines) {
    parts.push_back({line.effect, std::move(line.box), {}, false});
    parts.back().line = line.number;
  }
  target::Reading reading{eval::make_meaning(std::move(parts), configuration.os, false)};
  reading.directives.insert({fmt::format("policy {}", *name), {}, 1});
  for_each_line(text, [&](unsigned number, std::string_view line) {
    if (is_directive(line)) reading.directives.insert({std::string(line), {}, number});
    return true;
  });
  return reading;
}

}  // namespace polc::plain
