// polc regex PORTS: a set of ports as regular expressions, for rules that people write by hand.
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "sets/port_regex.hpp"

namespace polc::cli {
namespace {

bool read_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

// 80,443,8000-8100. nullopt: `wrong` is the piece at fault.
std::optional<sets::PortSet> read_ports(std::string_view text, std::string_view& wrong) {
  sets::PortSet ports;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view piece = text.substr(0, comma);
    const std::size_t dash = piece.find('-');
    std::uint16_t low = 0, high = 0;
    const bool good = read_port(piece.substr(0, dash), low) &&
                      (dash == std::string_view::npos ? (high = low, true) : read_port(piece.substr(dash + 1), high)) && low <= high;
    if (!good) {
      wrong = piece;
      return std::nullopt;
    }
    ports = ports | sets::PortSet::range(low, high);
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
  }
  return ports;
}

// The how-to's frame is open at its beginning, the strict one lets only an internet address in front of the port.
std::string framed(const std::string& regex, const std::string& frame) {
  const bool is_choice = regex.find('|') != std::string::npos;
  if (frame == "howto") return "inet-.*:" + (is_choice ? "(" + regex + ")" : regex) + "$";
  if (frame == "strict") return "^inet-\\[.*\\]:(" + regex + ")$";
  return regex;
}

// Nothing is trusted, this neither: the reader is another's work.
bool says_just(const std::vector<std::string>& lines, const sets::PortSet& ports) {
  sets::NumberSet read;
  for (const std::string& line : lines) {
    const auto numbers = sets::read_port_regex(line);
    if (!numbers) return false;
    read = read | *numbers;
  }
  sets::NumberSet meant;
  for (const auto& [low, high] : ports.intervals()) meant = meant | sets::NumberSet::range(low, high);
  return (read & sets::NumberSet::range(0, 65535)) == meant;
}

}  // namespace

int print_regex(const Options& options, diag::Sink& sink) {
  std::string_view wrong;
  const auto ports = read_ports(options.argument, wrong);
  if (!ports) {
    sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` is no port or range of ports; write 80,443,8000-8100", wrong));
    return usage;
  }
  const auto mode = options.regex_mode == "strict" ? sets::PortMode::strict : sets::PortMode::domain;
  std::vector<std::string> lines;
  if (options.regex_style == "rules") lines = sets::port_regex_blocks(*ports, mode);
  else lines.push_back(sets::short_port_regex(*ports, mode));
  if (!says_just(lines, *ports)) throw std::logic_error("a regex for these ports reads back as others");
  std::string text;
  for (const std::string& line : lines) text += framed(line, options.regex_frame) + "\n";
  return print(text);
}

}  // namespace polc::cli
