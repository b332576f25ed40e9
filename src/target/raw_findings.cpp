#include "target/raw_findings.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "eval/certain.hpp"
#include "eval/compare.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

class RawJudge {
 public:
  RawJudge(const Source& source, const Backend& backend, const Reading& without, const Reading& with, const Printed& printed)
      : policy_(source.policy), meaning_(source.meaning), backend_(backend), without_(without), with_(with), printed_(printed) {}

  std::uint64_t run(std::vector<RawFinding>& out) {
    const std::uint64_t shortage = compare();
    add_directives();
    for (RawFinding& finding : found_) {
      finding.accepted = acceptance_of(finding);
      out.push_back(std::move(finding));
    }
    return shortage;
  }

 private:
  // Every access that raw text opens or closes, against the policy: the first of each raw statement is enough.
  std::uint64_t compare() {
    const eval::Meaning most = eval::at_most(without_.permits), least = eval::at_least(without_.permits);
    const eval::Meaning* const sides[] = {&with_.permits, &meaning_, &most, &least};
    const eval::Term terms[] = {{.in = eval::side(0), .out = eval::side(1) | eval::side(2)},
                                {.in = eval::side(1) | eval::side(3), .out = eval::side(0)}};
    sets::Budget budget;
    eval::compare(sides, terms, budget, eval::Kinds::by_place, [&](const ir::Point& point, eval::TermSet holding) {
      if (can_happen(policy_.configuration, point))
        note(raw_at(point), (holding & 1u) != 0 ? RawFinding::Kind::opens : RawFinding::Kind::closes, point);
      return true;
    });
    return budget.shortage();
  }

  bool is_ours(std::uint32_t raw) const { return policy_.raws[raw].target == backend_.name; }

  // The statement of a line that decides the access.
  std::uint32_t raw_at(const ir::Point& point) const {
    for (const std::uint32_t place : eval::deciding_parts(with_.permits, point))
      if (const auto raw = raw_of_line(with_.permits.parts()[place].line)) return *raw;
    return any_raw();
  }

  // Where that is not told, any of them may have done it: the first that nobody has accepted, or the first.
  std::uint32_t any_raw() const {
    std::optional<std::uint32_t> first;
    for (std::uint32_t raw = 0; raw < policy_.raws.size(); ++raw) {
      if (!is_ours(raw)) continue;
      const auto is_for_us = [&](std::uint32_t place) { return policy_.accepts[place].target == backend_.name; };
      const auto& accepts = policy_.raws[raw].accepts;
      if (std::none_of(accepts.begin(), accepts.end(), is_for_us)) return raw;
      if (!first) first = raw;
    }
    return *first;
  }

  std::optional<std::uint32_t> raw_of_line(unsigned line) const {
    if (line == 0 || line > printed_.origins.size()) return std::nullopt;
    const Origin& origin = printed_.origins[line - 1];
    return origin.kind == Origin::Kind::raw ? std::optional(origin.from.front()) : std::nullopt;
  }

  void note(std::uint32_t raw, RawFinding::Kind kind, const ir::Point& witness) {
    const auto is_it = [&](const RawFinding& f) { return f.raw == raw && f.kind == kind; };
    if (std::none_of(found_.begin(), found_.end(), is_it)) found_.push_back({.raw = raw, .kind = kind, .witness = witness});
  }

  struct Said {
    std::vector<std::string_view> texts;
    std::optional<std::uint32_t> raw;
  };
  using ByKey = std::map<std::string_view, Said>;

  ByKey by_key(const Reading& reading) const {
    ByKey said;
    for (const Directive& directive : reading.directives) {
      if (directive.key.empty()) continue;
      Said& one = said[directive.key];
      one.texts.push_back(directive.text);
      if (const auto raw = raw_of_line(directive.line)) one.raw = raw;
    }
    return said;
  }

  // Directives of ours whose key raw text gives another value; and those of a key that we say nothing of.
  void add_directives() {
    const ByKey ours = by_key(without_), theirs = by_key(with_);
    const auto words = [](const Said& said) { return said.texts.empty() ? "nothing" : fmt::format("{}", fmt::join(said.texts, ", ")); };
    for (const auto& [key, said] : ours) {
      const auto found = theirs.find(key);
      const Said now = found == theirs.end() ? Said{} : found->second;
      if (now.texts != said.texts)
        found_.push_back({.raw = now.raw.value_or(any_raw()), .kind = RawFinding::Kind::replaces, .replaced = words(said), .by = words(now)});
    }
    for (const Directive& directive : with_.directives)
      if (!without_.directives.contains(directive) && (directive.key.empty() || !ours.contains(directive.key)))
        found_.push_back({.raw = raw_of_line(directive.line).value_or(any_raw()), .kind = RawFinding::Kind::adds, .by = directive.text});
  }

  std::optional<std::uint32_t> acceptance_of(const RawFinding& finding) const {
    const ir::Verdict verdict = finding.kind == RawFinding::Kind::closes ? ir::Verdict::narrower : ir::Verdict::wider;
    if (finding.kind == RawFinding::Kind::adds) return std::nullopt;
    for (const std::uint32_t place : policy_.raws[finding.raw].accepts) {
      const ir::Accept& accept = policy_.accepts[place];
      if (accept.verdict == verdict && accept.target == backend_.name) return place;
    }
    return std::nullopt;
  }

  const ir::Policy& policy_;
  const eval::Meaning& meaning_;
  const Backend& backend_;
  const Reading& without_;
  const Reading& with_;
  const Printed& printed_;
  std::vector<RawFinding> found_;
};

}  // namespace

std::uint64_t add_raw_findings(const Source& source, const Backend& backend, const Reading& without, const Reading& with, const Printed& printed,
                               std::vector<RawFinding>& out) {
  return RawJudge(source, backend, without, with, printed).run(out);
}

}  // namespace polc::target
