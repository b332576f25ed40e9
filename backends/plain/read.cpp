#include <algorithm>

#include "plain/model.hpp"
#include "sets/glob.hpp"
#include "sets/utf8.hpp"

namespace polc::plain {
namespace {

/// The target's own rules, written down once: an access is permitted when an `allow` line holds it and no `deny` line
/// does. That is what a Meaning without implications is.
class PlainReader final : public target::Reader {
 public:
  PlainReader(Os os, std::vector<Line> lines) {
    std::vector<eval::Part> parts;
    for (Line& line : lines) {
      numbers_.push_back(line.number);
      parts.push_back({line.effect, std::move(line.box), {}, false});
    }
    meaning_ = eval::make_meaning(std::move(parts), os, false);
  }

  bool permits(const ir::Point& point) const override { return eval::decide(meaning_, point).allowed; }
  std::optional<unsigned> line_for(const ir::Point& point) const override {
    std::optional<unsigned> line;
    for (const std::uint32_t place : eval::parts_at(meaning_, point)) {
      if (meaning_.parts()[place].effect == ir::Effect::deny) return numbers_[place];
      if (!line) line = numbers_[place];
    }
    return line;
  }
  std::vector<ir::Point> mentioned() const override;
  const eval::Meaning* meaning() const override { return &meaning_; }

 private:
  eval::Meaning meaning_;           // a part for each line
  std::vector<unsigned> numbers_;  // of the lines
};

// Some name that the component matches; a star that stands alone needs a byte.
std::string sample_of(const sets::Component& component) {
  if (component.kind == sets::Component::Kind::below) return "x";
  std::string out;
  for (const sets::GlobStep& step : sets::glob_steps(component)) {
    if (step.kind == sets::GlobStep::Kind::byte) out += step.byte;
    if (step.kind == sets::GlobStep::Kind::one) out += 'x';
    if (step.kind == sets::GlobStep::Kind::set) sets::append_utf8(out, step.characters.lowest().value_or('x'));
  }
  return out.empty() ? "x" : out;
}

std::string sample_of(const sets::PathPattern& pattern) {
  std::string out;
  for (const sets::Component& component : pattern.components)
    if (component.kind != sets::Component::Kind::any) out += '/' + sample_of(component);
  return out.empty() ? "/" : out;
}

void add_points(const ir::FileBox& box, std::vector<ir::Point>& out) {
  ir::FilePoint point;
  point.request = box.requests.lowest().value_or(0);
  if (!box.successors.empty()) point.successor = box.successors.front();
  for (const sets::PathPattern& place : box.places) {
    point.path = sample_of(place);
    box.verbs.for_each([&](FileVerb verb) {
      box.types.for_each([&](FileType type) {
        point.verb = verb;
        point.type = type;
        out.emplace_back(point);
      });
    });
  }
}

void add_points(const ir::NetBox& box, std::vector<ir::Point>& out) {
  ir::NetPoint point;
  point.family = box.family;
  point.protocol = box.protocols.lowest().value_or(0);
  point.ip4 = box.ip4.lowest().value_or(0);
  point.ip6 = box.ip6.lowest().value_or(0);
  if (!box.paths.empty()) point.unix_address = {ir::UnixAddress::Kind::path, sample_of(box.paths.front())};
  box.verbs.for_each([&](NetVerb verb) {
    box.types.for_each([&](SocketType type) {
      point.verb = verb;
      point.type = type;
      for (const auto& [low, high] : box.ports.intervals())
        for (const std::uint16_t port : {low, high}) {
          point.port = port;
          out.emplace_back(point);
        }
    });
  });
}

// A sample, not a cover: one point a place, verb and type, and the ends of every range of ports.
std::vector<ir::Point> PlainReader::mentioned() const {
  std::vector<ir::Point> out;
  for (const eval::Part& line : meaning_.parts()) {
    if (const auto* file = std::get_if<ir::FileBox>(&line.box)) add_points(*file, out);
    if (const auto* net = std::get_if<ir::NetBox>(&line.box)) add_points(*net, out);
    if (const auto* call = std::get_if<ir::CallBox>(&line.box))
      for (const CallId id : call->calls) out.emplace_back(ir::CallPoint{id, {}});
    if (const auto* capability = std::get_if<ir::CapabilityBox>(&line.box))
      for (std::uint8_t i = 0; i < 64; ++i)
        if ((capability->capabilities >> i) & 1u) out.emplace_back(ir::CapabilityPoint{i});
  }
  return out;
}

// Lines that decide nothing: comments, reactions, limits.
bool is_silent(std::string_view line) {
  if (line.empty() || line[0] == '#') return true;
  const std::string_view word = line.substr(0, line.find(' '));
  return word == "default" || word == "limit";
}

}  // namespace

tl::expected<std::vector<Line>, target::ReadError> lines_from(Os os, std::string_view text) {
  constexpr std::string_view head = "plain 1 ";
  if (text.substr(0, head.size()) != head) return tl::unexpected(target::ReadError{1, "this is no `plain 1` file"});
  std::vector<Line> lines;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number == 1 || is_silent(line)) continue;
    auto parsed = line_from(os, line);
    if (!parsed) return tl::unexpected(target::ReadError{number, parsed.error()});
    parsed->number = number;
    lines.push_back(*std::move(parsed));
  }
  return lines;
}

target::ReadResult read(std::string_view text, const ir::Configuration& configuration, const target::Settings&) {
  auto lines = lines_from(configuration.os, text);
  if (!lines) return tl::unexpected(lines.error());
  return std::make_unique<PlainReader>(configuration.os, *std::move(lines));
}

}  // namespace polc::plain
