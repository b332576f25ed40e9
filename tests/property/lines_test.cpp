// No line of an artefact is idle: without one that is there for rules the text means something else, or another line says the
// same. For every policy of the repository and drawn ones, on every target that tells why its lines are there.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "artefact_edits.hpp"
#include "compiled.hpp"
#include "eval/compare.hpp"
#include "generators.hpp"
#include "lines.hpp"
#include "readings.hpp"
#include "registry.hpp"

using namespace polc;

namespace {

struct Tally {
  std::size_t texts = 0, lines = 0, structural = 0, deciding = 0, repeated = 0, needless = 0;
  std::vector<std::string> idle = {};
};

// What a format's own specification asks for, though it is what a reader takes where it is missing.
constexpr std::string_view required[] = {"\"index\": 0,", "\"value\": 0,", "\"valueTwo\": 0,"};

class Checker {
 public:
  Checker(const property::Compiled& one, const driver::TargetResult& result, Tally& tally)
      : one_(one), result_(result), tally_(tally), lines_(property::lines_of(result.enforced.printed.text)), whole_(*read({})) {
    const auto& origins = result.enforced.printed.origins;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (origins[i].kind == target::Origin::Kind::rules && !property::is_comment(lines_[i])) for_rules_.insert(i);
  }

  // Of a large text a sample.
  void run() {
    constexpr std::size_t most = 40;
    ++tally_.texts;
    const std::size_t stride = for_rules_.size() / most + 1;
    std::size_t place = 0;
    for (const std::size_t line : for_rules_)
      if (place++ % stride == 0) check(line);
  }

 private:
  using Lines = std::set<std::size_t>;

  using Readings = std::vector<target::Reading>;

  std::optional<Readings> read(const Lines& left_out) const {
    std::string text;
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (!left_out.contains(i)) text += lines_[i] + '\n';
    return property::readings_of(result_, text);
  }

  void check(std::size_t line) {
    ++tally_.lines;
    const auto without = read({line});
    if (!without) ++tally_.structural;
    else if (!property::are_alike(*without, whole_)) ++tally_.deciding;
    else if (is_said_again(line)) ++tally_.repeated;
    else if (!allows_something(line)) ++tally_.needless;
    else tally_.idle.push_back(fmt::format("{} on {}, line {}: {}", one_.name, result_.backend->name, line + 1, lines_[line]));
  }

  // A deny of what nothing permits says nothing, nor does a condition that is never true, or what a deny takes as well.
  bool allows_something(std::size_t line) const {
    const auto trimmed = lines_[line].substr(lines_[line].find_first_not_of(' '));
    if (std::find(std::begin(required), std::end(required), trimmed) != std::end(required)) return false;
    std::vector<eval::Part> parts;
    for (const std::uint32_t place : result_.enforced.printed.origins[line].from)
      if (const eval::Part& part = (*result_.said)[place]; part.effect == ir::Effect::allow) parts.push_back(part);
    if (parts.empty()) return false;
    const eval::Meaning behind = eval::make_meaning(std::move(parts), result_.meaning->os(), false);
    const eval::Meaning* const sides[] = {&behind, result_.meaning, &result_.enforced.outcome.permitted};
    sets::Budget budget;
    return eval::find_access(sides, {.in = eval::side(0) | eval::side(1) | eval::side(2)}, budget).has_value();
  }

  // Where the line does nothing because of another one, it does something without that: without all others, or any.
  bool is_said_again(std::size_t line) const {
    Lines others;
    for (const std::size_t other : for_rules_)
      if (other != line && read({other})) others.insert(other);
    if (does_something_without(others, line)) return true;
    return std::any_of(others.begin(), others.end(), [&](std::size_t other) { return does_something_without({other}, line); });
  }

  bool does_something_without(Lines left_out, std::size_t line) const {
    const auto with = read(left_out);
    left_out.insert(line);
    const auto without = read(left_out);
    return with && (!without || !property::are_alike(*with, *without));
  }

  const property::Compiled& one_;
  const driver::TargetResult& result_;
  Tally& tally_;
  std::vector<std::string> lines_;
  const std::vector<target::Reading> whole_;
  Lines for_rules_;
};

// A binary format has no lines; what is refused is not written; and what raw text does is its own matter.
bool has_own_lines(const driver::TargetResult& result) {
  if (result.enforced.reading == nullptr || !result.emitted) return false;
  const auto is_error = [](const diag::Diagnostic& one) { return one.severity == diag::Severity::error; };
  if (std::any_of(result.enforced.diagnostics.begin(), result.enforced.diagnostics.end(), is_error)) return false;
  const auto is_its = [&](const ir::Raw& raw) { return raw.target == result.backend->name; };
  if (std::any_of(result.policy->raws.begin(), result.policy->raws.end(), is_its)) return false;
  const target::Printed& printed = result.enforced.printed;
  return printed.origins.size() == property::lines_of(printed.text).size() && printed.text.find('\0') == std::string::npos;
}

void check(const target::Backend& backend, std::uint64_t drawn) {
  Tally tally;
  const auto visit = [&](const property::Compiled& one) {
    for (const driver::TargetResult& result : one.compilation.results)
      if (has_own_lines(result)) Checker(one, result, tally).run();
  };
  property::for_each_file(backend, visit);
  for (std::uint64_t seed = 1; seed <= drawn; ++seed)
    property::compile_drawn(backend, seed, property::Generator(seed, backend.systems.front()).policy(), visit);
  MESSAGE(backend.name << ": " << tally.texts << " texts, " << tally.lines << " lines: " << tally.deciding << " change it, " << tally.structural
                       << " cannot be left out, " << tally.repeated << " are said again by others, "
                       << tally.needless << " deny what nothing permits or allow what a deny takes");
  // A filter is short and not the shortest; a letter of an object may be of no use without another one, nor Landlock's REFER where
  // the move is refused for what else the new directory may.
  for (const std::string& line : tally.idle) MESSAGE("idle: " << line);
  CHECK(tally.texts > drawn / 2);
  CHECK(tally.idle.size() <= 1 + tally.lines / 1'000);
  CHECK(tally.deciding + tally.structural > tally.lines / 2);
}

}  // namespace

TEST_CASE("no line that is there for rules is idle") {
  const char* const asked = std::getenv("POLC_PROPERTY_POLICIES");
  for (const target::Backend* backend : backends::all()) {
    const char* const only = std::getenv("POLC_BACKEND");
    if (only == nullptr || only == backend->name) check(*backend, asked != nullptr ? std::strtoull(asked, nullptr, 10) : 100);
  }
}
