#include "sema/policy.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "diag/catalogue.hpp"
#include "knowledge/names.hpp"
#include "sema/access.hpp"
#include "sema/defaults.hpp"
#include "sema/expand.hpp"
#include "sema/guards.hpp"
#include "sema/other_names.hpp"
#include "sema/paths.hpp"
#include "sema/successors.hpp"
#include "sema/suggest.hpp"
#include "sema/text.hpp"
#include "sema/weight.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

class PolicyBuilder {
 public:
  PolicyBuilder(const Names& names, const ir::Configuration& configuration, diag::Sink& sink)
      : names_(names), configuration_(configuration), sink_(sink) {
    policy_.configuration = configuration;
  }

  ir::Policy build(const ast::Policy& policy, const ast::Annotations& annotations, const Scope& file) {
    policy_.name = policy.name.text;
    policy_.range = policy.name.range;
    const std::size_t errors_before = sink_.error_count();
    Expander expander(names_, configuration_, sink_,
                      [&](const ast::Statement& s, const Scope& scope, const Trail& trail) { add(s, scope, trail); });
    const Trail outermost = Trail{}.with(annotations, file);
    expander.expand(policy.block, file, outermost);
    for (const Overlaid& overlaid : names_.overlays_of(policy_.name))
      expander.expand(overlaid.overlay->block, *overlaid.scope, outermost.with(*overlaid.annotations, *overlaid.scope));
    // An arrow to an unknown policy would look like another successor.
    if (sink_.error_count() == errors_before) check_successors(policy_.rules, sink_);
    return finished();
  }

 private:
  Context context_in(const Scope& scope) const { return {names_, configuration_, scope, sink_}; }

  void add(const ast::Statement& statement, const Scope& scope, const Trail& trail) {
    const Context context = context_in(scope);
    std::visit(Overloaded{[&](const ast::Rule& rule) { add(rule, context, trail); },
                          [&](const ast::Program& program) { add(program, context); },
                          [&](const ast::Default& d) { defaults_.add(d, "", statement.range, context); },
                          [&](const ast::Target& target) { add(target, context, trail); },
                          [&](const ast::Deploy& deploy) {
                            for (const ast::Name& name : deploy.targets) policy_.deploy.push_back(name.text);
                          },
                          [&](const ast::Limit& limit) { add(limit, statement.range, trail); },
                          [&](const ast::Expect& expect) { add(expect, context); }, [](const ast::Let&) {},
                          [](const ast::Use&) {}, [](const ast::When&) {}},
               statement.value);
  }

  void add(const ast::Rule& rule, const Context& context, const Trail& trail) {
    if (weight_ > heaviest_policy) return;  // reported
    ir::Rule result;
    result.effect = rule.allow ? ir::Effect::allow : ir::Effect::deny;
    for (auto& [box, left_out] : boxes_of(rule, context)) {
      weight_ += weight_of(box);
      result.boxes.push_back(std::move(box));
    }
    if (weight_ > heaviest_policy) sink_.add(diag::policy_too_heavy, rule.range, heaviest_policy);
    result.origin.reserve(trail.uses.size() + 1);
    result.origin.push_back(rule.range);
    result.origin.insert(result.origin.end(), trail.uses.begin(), trail.uses.end());
    if (trail.reason.annotation != nullptr) result.reason = note_of(trail.reason, 0);
    result.accepts = accepts_of(trail);
    result.acts = acts_of(rule.access);
    policy_.rules.push_back(std::move(result));
  }

  static Context with_effect(Context context, bool allow) {
    return {context.names, context.configuration, context.scope, context.sink, allow ? ir::Effect::allow : ir::Effect::deny};
  }

  // `deny exec P` says nothing about a successor, so it denies every one.
  Boxes boxes_of(const ast::Rule& rule, const Context& context) const {
    Boxes boxes;
    lower(rule.access, with_effect(context, rule.allow), boxes);
    for (auto& [box, left_out] : boxes)
      if (auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && !rule.allow && left_out.successor)
        file->successors.clear();
    return boxes;
  }

  // The text of an annotation's note; the parser has checked the shapes.
  std::string note_of(const Annotated& annotated, std::size_t place) const {
    const auto& notes = annotated.annotation->notes;
    const auto* text = place < notes.size() ? std::get_if<ast::String>(&notes[place].first) : nullptr;
    if (text == nullptr) return {};
    return plain_text_of(*text, *annotated.scope, sink_).value_or("");
  }

  std::vector<std::uint32_t> accepts_of(const Trail& trail) {
    std::vector<std::uint32_t> places;
    for (const Annotated& annotated : trail.accepts) {
      const auto next = static_cast<std::uint32_t>(policy_.accepts.size());
      const auto [known, is_new] = accept_places_.emplace(annotated.annotation, next);
      if (is_new) policy_.accepts.push_back(accept_of(annotated));
      places.push_back(known->second);
    }
    return places;
  }

  ir::Accept accept_of(const Annotated& annotated) const {
    ir::Accept accept;
    accept.range = annotated.annotation->range;
    accept.reason = note_of(annotated, 1);
    const auto& notes = annotated.annotation->notes;
    const auto* verdict = notes.empty() ? nullptr : std::get_if<ast::Name>(&notes.front().first);
    if (verdict == nullptr || !notes.front().second) return accept;
    accept.target = notes.front().second->text;
    const auto found = std::find(ir::verdict_names.begin(), ir::verdict_names.end(), verdict->text);
    if (found != ir::verdict_names.end()) accept.verdict = static_cast<ir::Verdict>(found - ir::verdict_names.begin());
    return accept;
  }

  void add(const ast::Program& program, const Context& context) {
    for (const ast::Path& path : program.paths) {
      std::vector<sets::PathPattern> patterns;
      add_patterns(path, false, context, patterns);
      for (const auto& pattern : patterns) {
        if (!pattern.is_literal()) {
          sink_.add(diag::program_pattern, ast::range_of(path), pattern.text());
        } else if (programs_.insert(pattern.literal()).second) {
          policy_.programs.push_back(pattern.literal());
        }
      }
    }
  }

  void add(const ast::Target& target, const Context& context, const Trail& trail) {
    for (const ast::TargetEntry& entry : target.entries)
      std::visit(
          Overloaded{
              [&](const ast::Raw& raw) {
                auto text = plain_text_of(raw.text, context.scope, sink_);
                policy_.raws.push_back({target.name.text, text.value_or(""), entry.range, accepts_of(trail)});
              },
              [&](const ast::Option& option) {
                policy_.options.push_back({target.name.text, option.name.text, words_of(option, context), entry.range});
              },
              [&](const ast::Default& d) { defaults_.add(d, target.name.text, entry.range, context); }},
          entry.value);
  }

  std::vector<std::string> words_of(const ast::Option& option, const Context& context) const {
    std::vector<std::string> words;
    for (const auto& word : option.words)
      words.push_back(std::visit(
          Overloaded{[](const ast::Name& name) { return name.text; },
                     [](const ast::Integer& number) { return std::to_string(number.value); },
                     [&](const ast::String& s) { return plain_text_of(s, context.scope, sink_).value_or(""); }},
          word));
    return words;
  }

  void add(const ast::Limit& limit, diag::SourceRange range, const Trail& trail) {
    const auto known = knowledge::limits_of(configuration_.os);
    const auto resource = knowledge::find_limit(configuration_.os, limit.name.text);
    if (!resource) {
      suggest(sink_.add(diag::unknown_limit, limit.name.range, limit.name.text, name_of(configuration_.os)),
              limit.name.range, nearest_of(folded(limit.name.text, "rlimit_"), known, sink_));
      return;
    }
    const std::uint64_t bound = std::visit([](const auto& value) { return value.value; }, limit.bound);
    const ir::Limit stated{*resource, bound, range, accepts_of(trail)};
    const auto [smallest, is_new] = limits_.emplace(*resource, stated);
    if (!is_new && bound < smallest->second.bound) smallest->second = stated;
  }

  void add(const ast::Expect& expect, const Context& context) {
    if (expect.guard && !holds(*expect.guard, configuration_)) return;
    for (const ast::ExpectedRule& expected : expect.rules) {
      ir::Expectation expectation;
      expectation.effect = expected.rule.allow ? ir::Effect::allow : ir::Effect::deny;
      expectation.range = expected.rule.range;
      if (weight_ > heaviest_policy) return;  // reported
      lower(expected.rule.access, with_effect(context, expected.rule.allow), expectation.boxes);
      for (const auto& [box, left_out] : expectation.boxes) weight_ += weight_of(box);
      if (weight_ > heaviest_policy) sink_.add(diag::policy_too_heavy, expected.rule.range, heaviest_policy);
      policy_.expectations.push_back(std::move(expectation));
    }
  }

  ir::Policy finished() {
    policy_.defaults = defaults_.take();
    for (const auto& [resource, limit] : limits_) policy_.limits.push_back(limit);
    std::sort(policy_.deploy.begin(), policy_.deploy.end());
    policy_.deploy.erase(std::unique(policy_.deploy.begin(), policy_.deploy.end()), policy_.deploy.end());
    return std::move(policy_);
  }

  const Names& names_;
  const ir::Configuration& configuration_;
  diag::Sink& sink_;
  ir::Policy policy_;
  Defaults defaults_;
  std::uint64_t weight_ = 0;  // of all rules and expectations
  std::map<std::uint64_t, ir::Limit> limits_;
  std::set<std::string> programs_;
  std::map<const ast::Annotation*, std::uint32_t> accept_places_;
};

}  // namespace

ir::Policy lower_policy(const ast::Policy& policy, const ast::Annotations& annotations, const Scope& file,
                        const Names& names, const ir::Configuration& configuration, diag::Sink& sink) {
  return PolicyBuilder(names, configuration, sink).build(policy, annotations, file);
}

}  // namespace polc::sema
