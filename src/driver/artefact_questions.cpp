#include "driver/artefact_questions.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/drop_ins.hpp"
#include "driver/questions.hpp"
#include "driver/usual_types.hpp"
#include "eval/assertions.hpp"
#include "eval/certain.hpp"
#include "eval/compare.hpp"
#include "format/raise.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

using Kind = ArtefactAnswer::Kind;

bool are_calls(const AccessBoxes& boxes) {
  return std::all_of(boxes.begin(), boxes.end(), [](const auto& asked) { return std::holds_alternative<ir::CallBox>(asked.first); });
}

// Of what is asked, an access that is in the set, or one that is not.
std::optional<ir::Point> found(const AccessBoxes& boxes, const eval::Meaning& meaning, bool inside, sets::Budget& budget) {
  std::vector<ir::Box> all;
  for (const auto& [box, left_out] : boxes) all.push_back(box);
  const eval::Meaning named = eval::set_of(std::move(all), meaning.os());
  const eval::Meaning* const sides[] = {&named, &meaning};
  return inside ? eval::find_common(sides, budget) : eval::find_access(sides, {.in = eval::side(0), .out = eval::side(1)}, budget);
}

// Calls with any arguments that one line permits, or refuses, are one part.
std::vector<eval::Part> with_calls_joined(std::span<const eval::Part> parts) {
  std::vector<eval::Part> joined;
  std::map<std::pair<unsigned, ir::Effect>, std::size_t> places;
  for (const eval::Part& part : parts) {
    const auto* calls = std::get_if<ir::CallBox>(&part.box);
    const bool is_plain = calls != nullptr && calls->where.is_always();
    const auto [place, is_first] = is_plain ? places.try_emplace({part.line, part.effect}, joined.size()) : std::pair(places.end(), true);
    if (is_first) {
      joined.push_back(part);
      continue;
    }
    auto& all = std::get<ir::CallBox>(joined[place->second].box).calls;
    all.insert(all.end(), calls->calls.begin(), calls->calls.end());
  }
  return joined;
}

}  // namespace

std::string_view name_of(ArtefactAnswer::Kind kind) {
  switch (kind) {
    case Kind::allow: return "allow";
    case Kind::deny: return "deny";
    case Kind::in_part: return "in part";
    case Kind::unknown: return "unknown";
  }
  return "";
}

std::optional<ArtefactAsked> ArtefactAsked::open(ArtefactFile file, const CompileRequest& request, Backends backends, diag::Sink& sink) {
  auto target = foreign_target(request, file.name, backends, sink);
  if (!target) return std::nullopt;
  auto whole = with_drop_ins(std::move(file), *target->backend, request.include_directories, sink);
  auto reading = whole ? target->read(*whole, sink) : std::nullopt;
  if (!reading) return std::nullopt;
  return ArtefactAsked(*std::move(whole), *std::move(target), *std::move(reading));
}

ArtefactAsked::ArtefactAsked(ArtefactFile file, ForeignTarget target, target::Reading reading)
    : file_(std::move(file)),
      target_(std::move(target)),
      reading_(std::move(reading)),
      is_certain_(reading_.permits.order().is_certain()),
      at_most_(is_certain_ ? reading_.permits : eval::at_most(reading_.permits)),
      at_least_(is_certain_ ? reading_.permits : eval::at_least(reading_.permits)),
      possible_(at_most_),
      sure_(at_least_),
      lines_(reading_.permits) {}

std::optional<AccessBoxes> ArtefactAsked::boxes_of(const ast::Access& access, diag::Sink& sink) const {
  return sema::lower_access({}, {target_.configuration.os, target_.configuration.arch, {}}, access, sink);
}

ArtefactAnswer ArtefactAsked::ask(const AccessBoxes& boxes, diag::Sink& sink) {
  const AccessBoxes usual = with_usual_types(boxes);
  if (!are_calls(usual))
    if (auto answer = ask_points(usual)) return finished(*std::move(answer));
  return finished(ask_sets(usual, sink));
}

// Of whatever the words leave out some value has to be permitted, as in `expect allow`. nullopt: there are too many values to list.
std::optional<ArtefactAnswer> ArtefactAsked::ask_points(const AccessBoxes& boxes) {
  std::optional<ir::Point> permitted, refused, unknown;  // the first of each
  bool is_refused = false;
  for (const auto& [box, left_out] : boxes) {
    auto lists = eval::concrete_points(box, left_out);
    if (!lists) return std::nullopt;
    for (auto& values : *lists) {
      const auto sure = std::find_if(values.begin(), values.end(), [&](const ir::Point& point) { return sure_.permits(point); });
      const auto maybe = is_certain_ || sure != values.end()
                             ? values.end()
                             : std::find_if(values.begin(), values.end(), [&](const ir::Point& point) { return possible_.permits(point); });
      is_refused = is_refused || (sure == values.end() && maybe == values.end());
      auto& first = sure != values.end() ? permitted : maybe != values.end() ? unknown : refused;
      if (!first && !values.empty()) first = sure != values.end() ? *sure : maybe != values.end() ? *maybe : values.front();
    }
  }
  if (is_refused) return permitted && refused ? ArtefactAnswer{Kind::in_part, permitted, refused} : ArtefactAnswer{Kind::deny, refused, {}};
  return unknown ? ArtefactAnswer{Kind::unknown, unknown, {}} : ArtefactAnswer{Kind::allow, permitted, {}};
}

// Patterns and conditions, and calls, of which a part may be permitted.
ArtefactAnswer ArtefactAsked::ask_sets(const AccessBoxes& boxes, diag::Sink& sink) const {
  sets::Budget budget;
  const auto judged = [&](const eval::Meaning& meaning) {
    ir::Expectation expectation;
    expectation.effect = ir::Effect::allow;
    expectation.boxes = boxes;
    eval::Judgement judgement = eval::judge(meaning, expectation, budget);
    if (judgement.too_complex) sink.add_unlocated(diag::too_complex, std::string(target_.backend->name), judgement.too_complex);
    return judgement;
  };
  const eval::Judgement sure = judged(at_least_);
  auto some = found(boxes, at_least_, true, budget);
  auto left = are_calls(boxes) || !sure.holds ? found(boxes, at_most_, false, budget) : std::nullopt;
  if (some && left) return {Kind::in_part, std::move(some), std::move(left)};
  if (sure.holds) return {Kind::allow, some ? std::move(some) : found(boxes, at_most_, false, budget), {}};
  if (is_certain_ || !judged(at_most_).holds) return {Kind::deny, left ? std::move(left) : sure.counterexample, {}};
  return {Kind::unknown, found(boxes, at_most_, true, budget), {}};
}

// With the line; what is refused in a profile that only complains is permitted, unless a deny says so.
ArtefactAnswer ArtefactAsked::finished(ArtefactAnswer answer) {
  if (!answer.point) return answer;
  answer.line = lines_.deciding_line(*answer.point);
  if (answer.kind == Kind::deny && answer.line == 0 && reading_.unenforced) answer.kind = Kind::allow, answer.is_only_told = true, answer.line = reading_.unenforced->line;
  return answer;
}

std::string ArtefactAsked::line_text(unsigned line) const {
  const std::string_view words = artefact_line(file_.text, line);
  const LinePlace place = place_of(file_, line);
  return fmt::format("  {}:{}{}{}\n", place.name, place.line, words.empty() ? "" : ": ", words);
}

std::string ArtefactAsked::place_in_words(unsigned line) const {
  if (line == 0) return "-";
  const LinePlace place = place_of(file_, line);
  return place.line == line ? std::to_string(line) : fmt::format("{}:{}", place.name, place.line);
}

std::vector<unsigned> ArtefactAsked::lines_naming(const ir::Point& point) const {
  std::vector<unsigned> lines;
  for (const std::uint32_t place : eval::parts_at(reading_.permits, point)) lines.push_back(reading_.permits.parts()[place].line);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

Answer ArtefactAsked::told(const ArtefactAnswer& answer, bool all) const {
  Answer told{fmt::format("{} (on {})\n", name_of(answer.kind), target_.backend->name), answer.kind == Kind::allow};
  if (!answer.point) return told.text += "  no access is like this, so nothing is asked\n", told;
  const Os os = target_.configuration.os;
  told.text += fmt::format("  {}{}\n", answer.refused ? "permitted: " : "", format::text_of(os, *answer.point));
  if (answer.refused) told.text += fmt::format("  refused: {}\n", format::text_of(os, *answer.refused));
  if (answer.line != 0) told.text += line_text(answer.line);
  else if (answer.kind != Kind::deny) told.text += fmt::format("  no line decides: {} does not look at such accesses\n", target_.backend->name);
  else told.text += "  no line permits it\n";
  if (answer.is_only_told) told.text += fmt::format("  `{}`: it is not refused, only logged\n", reading_.unenforced->what);
  const std::vector<unsigned> lines = lines_naming(*answer.point);
  for (const target::Unknown& one : reading_.unknown)
    if (answer.kind == Kind::unknown && std::binary_search(lines.begin(), lines.end(), one.line)) told.text += fmt::format("  not known: {} (line {})\n", one.what, one.line);
  if (!all) return told;
  const auto is_other = [&](unsigned line) { return line != 0 && line != answer.line; };
  if (std::any_of(lines.begin(), lines.end(), is_other)) told.text += "  named by, too:\n";
  for (const unsigned line : lines)
    if (is_other(line)) told.text += line_text(line);
  told.text += directives_in_words();
  return told;
}

std::string ArtefactAsked::overview() const {
  constexpr std::size_t most_of_a_line = 8, longest = 200;
  const Os os = target_.configuration.os;
  std::map<unsigned, std::vector<std::string>> by_line;
  for (const eval::Part& part : with_calls_joined(reading_.permits.parts())) {
    std::string words = format::text_of(os, part.box);
    if (words.size() > longest) words = words.substr(0, longest) + " ...";
    words = (part.effect == ir::Effect::allow ? "permits " : "refuses ") + words;
    auto& said = by_line[part.line];
    if (std::find(said.begin(), said.end(), words) == said.end()) said.push_back(std::move(words));
  }
  std::string text = fmt::format("{}: what {} makes of it\n", file_.name, target_.backend->name);
  for (auto& [line, said] : by_line) {
    if (line == 0) continue;
    text += line_text(line);
    for (std::size_t i = 0; i < std::min(said.size(), most_of_a_line); ++i) text += fmt::format("    {}\n", said[i]);
    if (said.size() > most_of_a_line) text += fmt::format("    and {} more\n", said.size() - most_of_a_line);
  }
  if (const auto none = by_line.find(0); none != by_line.end()) {
    text += "  without a line:\n";
    for (const std::string& words : none->second) text += fmt::format("    {}\n", words);
  }
  if (reading_.unenforced) text += fmt::format("  `{}`: what it refuses is only logged\n", reading_.unenforced->what);
  for (const target::Unknown& one : reading_.unknown) text += fmt::format("  not known: {} (line {})\n", one.what, one.line);
  return text + directives_in_words();
}

std::string ArtefactAsked::directives_in_words() const {
  std::string text = reading_.directives.empty() ? "" : "it says, too:\n";
  for (const target::Directive& directive : reading_.directives) text += fmt::format("  {}\n", directive.text);
  return text;
}

std::string ArtefactBatch::answer(std::string_view access) {
  diag::SourceMap sources;
  diag::Sink sink;
  const diag::SourceId text = sources.add("<access>", std::string(access));
  const auto parsed = syntax::parse_access(sources, text, sink);
  const auto boxes = parsed ? artefact_.boxes_of(*parsed, sink) : std::nullopt;
  if (!boxes) {
    understood_all_ = false;
    const auto& diagnostics = sink.all();
    return fmt::format("?\t{}\n", diagnostics.empty() ? "this is no access" : diagnostics.front().message);
  }
  const ArtefactAnswer answer = artefact_.ask(*boxes, sink);
  return fmt::format("{}\t{}\n", name_of(answer.kind), artefact_.place_in_words(answer.line));
}

}  // namespace polc::driver
