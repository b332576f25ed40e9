// `polc diff --artefacts`: two artefacts of one target, by what their readers make of them.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/diff.hpp"
#include "driver/joint.hpp"
#include "driver/names_check.hpp"
#include "driver/proof.hpp"
#include "eval/certain.hpp"
#include "target/settings.hpp"

namespace polc::driver {
namespace {

// Ten times what one question is given, as for policies.
constexpr std::uint64_t steps = 200'000'000;

// Of accesses that differ one by one; a class that no set says may have thousands.
constexpr std::size_t most_single = 20;

// A policy that has the artefact's lines for rules, so that what an access is blamed on has a place and a text.
ir::Policy lines_as_rules(const ArtefactFile& file, const ir::Configuration& configuration, diag::SourceMap& sources) {
  ir::Policy policy;
  policy.name = file.name;
  policy.configuration = configuration;
  const diag::SourceId id = sources.add(file.name, file.text);
  for (std::uint32_t at = 0; at < file.text.size();) {
    const auto end = static_cast<std::uint32_t>(std::min(file.text.find('\n', at), file.text.size()));
    const auto first = static_cast<std::uint32_t>(std::min<std::size_t>(file.text.find_first_not_of(" \t", at), end));
    ir::Rule& rule = policy.rules.emplace_back();
    rule.origin.push_back({id, first, end});
    at = end + 1;
  }
  return policy;
}

struct Side {
  ir::Policy policy;
  std::unique_ptr<target::Reader> reader;
  bool is_text = true;

  std::vector<ir::RuleId> line_of(const ir::Point& point) const {
    const auto line = is_text ? reader->line_for(point) : std::nullopt;
    if (!line || *line == 0 || *line > policy.rules.size()) return {};
    return {ir::RuleId{*line - 1}};
  }
  bool is_exact_for(ir::AccessClass c) const { return reader->meaning() != nullptr && reader->is_exact_for(c); }
};

std::optional<Side> side_of(const ArtefactFile& file, const target::Backend& backend, const ir::Configuration& configuration,
                            const target::Settings& settings, diag::SourceMap& sources, diag::Sink& sink) {
  auto reader = target::read_artefact(backend, file.text, configuration, settings);
  if (!reader) {
    sink.add_unlocated(diag::unreadable_artefact, std::string(backend.name), file.name, reader.error().line, reader.error().message);
    return std::nullopt;
  }
  return Side{lines_as_rules(file, configuration, sources), *std::move(reader), file.text.find('\0') == std::string::npos};
}

class ArtefactComparer {
 public:
  ArtefactComparer(const Side& before, const Side& now, std::string_view target, diag::Sink& sink)
      : before_(before), now_(now), target_(target), sink_(sink) {}

  /// Sets `asked`: of how many single accesses the answer is made; 0: of all there are.
  std::vector<diff::Change> run(std::size_t& asked) {
    if (before_.reader->meaning() != nullptr && now_.reader->meaning() != nullptr) add_sets();
    const eval::Meaning nothing;
    const Reference reference{nothing, nothing, before_.reader.get()};
    std::size_t single = 0;
    asked = differences(*now_.reader, reference, Depth::thorough, [&](const ir::Point& point, bool permits) {
      const auto is_same = [&](const diff::Change& change) { return change.single && change.example == point; };
      if (is_exact_for(ir::class_of(point)) || std::any_of(changes_.begin(), changes_.end(), is_same)) return true;
      changes_.push_back(change_at(point, permits));
      return ++single < most_single;
    });
    std::stable_sort(changes_.begin(), changes_.end(), [](const auto& a, const auto& b) { return a.direction < b.direction; });
    return std::move(changes_);
  }

 private:
  bool is_exact_for(ir::AccessClass c) const { return before_.is_exact_for(c) && now_.is_exact_for(c); }

  void add_sets() {
    sets::Budget budget{.steps = steps};
    const eval::Meaning &before = *before_.reader->meaning(), &now = *now_.reader->meaning();
    auto changes = diff::changes_between(eval::at_most(before), eval::at_most(now), budget);
    const bool may_differ = changes && changes->empty() && !eval::are_certain(before, now);
    if (may_differ) changes = diff::changes_between(eval::at_least(before), eval::at_least(now), budget);
    if (!changes) {
      sink_.add_unlocated(diag::too_complex, std::string(target_));
      return;
    }
    for (diff::Change& change : *changes) {
      if (!is_exact_for(ir::class_of(change.box))) continue;
      change.before = before_.line_of(change.example);
      change.now = now_.line_of(change.example);
      changes_.push_back(std::move(change));
    }
  }

  diff::Change change_at(const ir::Point& point, bool permits) const {
    diff::Change change;
    change.direction = permits ? diff::Direction::gained : diff::Direction::lost;
    change.whole = true;
    change.single = true;
    change.example = point;
    change.before = before_.line_of(point);
    change.now = now_.line_of(point);
    return change;
  }

  const Side& before_;
  const Side& now_;
  std::string_view target_;
  diag::Sink& sink_;
  std::vector<diff::Change> changes_;
};

// Directives and answers, of a backend whose reader tells them.
std::vector<std::string> otherwise(const ArtefactFile& before, const ArtefactFile& now, const target::Backend& backend,
                                   const ir::Configuration& configuration, const target::Settings& settings) {
  std::vector<std::string> all;
  if (backend.read_text == nullptr) return all;
  const auto old = backend.read_text(before.text, configuration, settings), latest = backend.read_text(now.text, configuration, settings);
  if (!old || !latest) return all;
  if (const std::string words = differing_answers(*old, *latest); !words.empty()) all.push_back(now.name + ": " + words);
  const auto includes = [](const target::Reading& reading, const target::Unknown& one) {
    return std::any_of(reading.unknown.begin(), reading.unknown.end(), [&](const target::Unknown& other) { return other.what == one.what; });
  };
  for (const target::Unknown& one : old->unknown)
    if (!includes(*latest, one)) all.push_back(fmt::format("- {} no longer permits {}", now.name, one.what));
  for (const target::Unknown& one : latest->unknown)
    if (!includes(*old, one)) all.push_back(fmt::format("+ {} permits {}", now.name, one.what));
  for (const target::Directive& directive : old->directives)
    if (!latest->directives.contains(directive)) all.push_back(fmt::format("- {} no longer says `{}`", now.name, directive.text));
  for (const target::Directive& directive : latest->directives)
    if (!old->directives.contains(directive)) all.push_back(fmt::format("+ {} says `{}`", now.name, directive.text));
  return all;
}

// `tor.bpf` is of the format bpf, `tor.json` of oci; another suffix means the target's first.
std::string format_of(const target::Backend& backend, std::string_view name) {
  const auto dot = name.rfind('.');
  std::string_view suffix = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  if (suffix == "json") suffix = "oci";
  const bool is_format = std::find(backend.formats.begin(), backend.formats.end(), suffix) != backend.formats.end();
  return is_format ? std::string(suffix) : "";
}

}  // namespace

ComparedAll compare_artefacts(const ArtefactFile& before, const ArtefactFile& now, const CompileRequest& request, Backends backends,
                              diag::SourceMap& sources, diag::Sink& sink) {
  ComparedAll all;
  const target::Backend* const backend = backend_named(backends, request.targets.front(), sink);
  if (backend == nullptr) return all;
  ir::Policy nobody;
  nobody.configuration = {backend->systems.front(), request.arch, {}};
  const auto settings = target::settings_for(*backend, nobody, request.options, format_of(*backend, before.name), sink);
  if (!settings) return all;
  auto old = side_of(before, *backend, nobody.configuration, *settings, sources, sink);
  auto latest = side_of(now, *backend, nobody.configuration, *settings, sources, sink);
  if (!old || !latest) return all;
  Compared one{now.name, nullptr, nullptr, backend, {}};
  one.otherwise = otherwise(before, now, *backend, nobody.configuration, *settings);
  one.changes = ArtefactComparer(*old, *latest, backend->name, sink).run(one.asked);
  Configured& kept = all.configured.emplace_back();
  kept.policies.push_back(std::move(old->policy));
  kept.policies.push_back(std::move(latest->policy));
  one.before = &kept.policies[0];
  one.now = &kept.policies[1];
  all.push_back(std::move(one));
  return all;
}

}  // namespace polc::driver
