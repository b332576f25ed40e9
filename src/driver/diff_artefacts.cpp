// `polc diff --artefacts`: two artefacts of one target, by what their readers make of them.
#include <algorithm>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/diff.hpp"
#include "driver/drop_ins.hpp"
#include "driver/foreign.hpp"
#include "driver/joint.hpp"
#include "eval/certain.hpp"

namespace polc::driver {
namespace {

// Ten times what one question is given, as for policies.
constexpr std::uint64_t steps = 200'000'000;

std::size_t start_of_line(std::string_view text, unsigned line) {
  std::size_t at = 0;
  for (; line > 1 && at < text.size(); --line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return at;
}

void add_lines(const std::string& name, const std::string& text, ir::Policy& policy, diag::SourceMap& sources) {
  const diag::SourceId id = sources.add(name, text);
  for (std::uint32_t at = 0; at < text.size();) {
    const auto end = static_cast<std::uint32_t>(std::min(text.find('\n', at), text.size()));
    const auto first = static_cast<std::uint32_t>(std::min<std::size_t>(text.find_first_not_of(" \t", at), end));
    ir::Rule& rule = policy.rules.emplace_back();
    rule.origin.push_back({id, first, end});
    at = end + 1;
  }
}

// A policy that has the artefact's lines for rules, so that what an access is blamed on has a place and a text.
ir::Policy lines_as_rules(const ArtefactFile& file, const ir::Configuration& configuration, diag::SourceMap& sources) {
  ir::Policy policy;
  policy.name = file.name;
  policy.configuration = configuration;
  for (std::size_t i = 0, start = 0; i <= file.further.size(); ++i) {
    const bool is_last = i == file.further.size();
    const std::size_t end = is_last ? file.text.size() : start_of_line(file.text, file.further[i].first_line);
    add_lines(i == 0 ? file.name : file.further[i - 1].name, file.text.substr(start, end - start), policy, sources);
    start = end;
  }
  return policy;
}

struct Side {
  ir::Policy policy;
  target::Reading reading;
  bool is_text = true;

  std::vector<ir::RuleId> line_of(const ir::Point& point) const {
    const auto line = is_text ? target::line_for(reading, point) : std::nullopt;
    if (!line || *line == 0 || *line > policy.rules.size()) return {};
    return {ir::RuleId{*line - 1}};
  }
};

std::optional<Side> side_of(const ArtefactFile& file, const ForeignTarget& target, diag::SourceMap& sources, diag::Sink& sink) {
  auto reading = target.read(file, sink);
  if (!reading) return std::nullopt;
  return Side{lines_as_rules(file, target.configuration, sources), *std::move(reading), file.text.find('\0') == std::string::npos};
}

// What is permitted on one side only; where not all is known and that is nothing, what is sure there.
std::vector<diff::Change> changes_between(const Side& before, const Side& now, std::string_view target, diag::Sink& sink) {
  sets::Budget budget{.steps = steps};
  const eval::Meaning &old = before.reading.permits, &latest = now.reading.permits;
  auto changes = diff::changes_between(eval::at_most(old), eval::at_most(latest), budget);
  const bool may_differ = changes && changes->empty() && !eval::are_certain(old, latest);
  if (may_differ) changes = diff::changes_between(eval::at_least(old), eval::at_least(latest), budget);
  if (!changes) {
    sink.add_unlocated(diag::too_complex, std::string(target), budget.given);
    return {};
  }
  for (diff::Change& change : *changes) {
    change.before = before.line_of(change.example);
    change.now = now.line_of(change.example);
  }
  std::stable_sort(changes->begin(), changes->end(), [](const auto& a, const auto& b) { return a.direction < b.direction; });
  return *std::move(changes);
}

// Directives, answers, and what nobody knows what it permits.
std::vector<std::string> otherwise(const target::Reading& before, const target::Reading& now, const std::string& name) {
  std::vector<std::string> all;
  if (const std::string words = differing_answers(before, now); !words.empty()) all.push_back(name + ": " + words);
  const auto includes = [](const target::Reading& reading, const target::Unknown& one) {
    return std::any_of(reading.unknown.begin(), reading.unknown.end(), [&](const target::Unknown& other) { return other.what == one.what; });
  };
  for (const target::Unknown& one : before.unknown)
    if (!includes(now, one)) all.push_back(fmt::format("- {} no longer permits {}", name, one.what));
  for (const target::Unknown& one : now.unknown)
    if (!includes(before, one)) all.push_back(fmt::format("+ {} permits {}", name, one.what));
  for (const target::Directive& directive : before.directives)
    if (!now.directives.contains(directive)) all.push_back(fmt::format("- {} no longer says `{}`", name, directive.text));
  for (const target::Directive& directive : now.directives)
    if (!before.directives.contains(directive)) all.push_back(fmt::format("+ {} says `{}`", name, directive.text));
  return all;
}

}  // namespace

ComparedAll compare_artefacts(const ArtefactFile& before, const ArtefactFile& now, const CompileRequest& request, Backends backends,
                              diag::SourceMap& sources, diag::Sink& sink) {
  ComparedAll all;
  const auto target = foreign_target(request, before.name, backends, sink);
  if (!target) return all;
  const auto whole_of = [&](const ArtefactFile& file) { return with_drop_ins(file, *target->backend, request.include_directories, sink); };
  const auto whole_before = whole_of(before), whole_now = whole_of(now);
  if (!whole_before || !whole_now) return all;
  auto old = side_of(*whole_before, *target, sources, sink), latest = side_of(*whole_now, *target, sources, sink);
  if (!old || !latest) return all;
  Compared one{now.name, nullptr, nullptr, target->backend, {}};
  one.otherwise = otherwise(old->reading, latest->reading, now.name);
  one.changes = changes_between(*old, *latest, target->backend->name, sink);
  Configured& kept = all.configured.emplace_back();
  kept.policies.push_back(std::move(old->policy));
  kept.policies.push_back(std::move(latest->policy));
  one.before = &kept.policies[0];
  one.now = &kept.policies[1];
  all.push_back(std::move(one));
  return all;
}

}  // namespace polc::driver
