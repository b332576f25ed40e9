// What apparmor_parser would refuse, or worse, take for something else, without naming a place.
#include <fmt/format.h>

#include <algorithm>

#include "apparmor/choose.hpp"
#include "apparmor/links.hpp"
#include "apparmor/raw_exec.hpp"
#include "apparmor/size.hpp"
#include "diag/catalogue.hpp"

namespace polc::apparmor {
namespace {

// Where the option stands, or the policy.
diag::SourceRange range_of(const ir::Policy& policy, std::string_view key) {
  const auto given = std::find_if(policy.options.begin(), policy.options.end(), [&](const ir::Option& option) {
    return option.target == "apparmor" && option.key == key;
  });
  return given == policy.options.end() ? policy.range : given->range;
}

// The kernel takes the second for a new version of the first; the parser, given both, names no place.
void check_unique(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  const std::string name = profile_name(policy, settings);
  for (const auto& [other, options] : settings.siblings)
    if (sibling_name(other, settings) == name) {
      sink.add(diag::duplicate_profile, range_of(policy, "name"), name, policy.name, other);
      return;
    }
}

void check_parent(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  const std::string& parent = options_of(settings).child_of;
  if (parent.empty()) return;
  const auto known = settings.siblings.find(parent);
  std::string why;
  if (parent == policy.name) why = "that is itself";
  else if (known == settings.siblings.end()) why = "the file has no other policy of that name";
  else if (!known->second.as<Options>().child_of.empty()) why = "that is a child already";
  if (why.empty()) return;
  sink.add(diag::unknown_parent, range_of(policy, "child_of"), policy.name, parent, why);
}

// Where one of the patterns stands.
diag::SourceRange range_of(const ir::Policy& policy, const sets::PathPattern& place) {
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (file != nullptr && std::find(file->places.begin(), file->places.end(), place) != file->places.end())
        return rule.origin.front();
    }
  return policy.range;
}

void check_size(const ir::Policy& policy, diag::Sink& sink) {
  const auto blowup = find_blowup(policy);
  if (!blowup) return;
  const std::string factor =
      blowup->factor == largest_factor ? "beyond measure" : fmt::format("about {} times", blowup->factor);
  sink.add(diag::automaton_grows, range_of(policy, blowup->place), static_cast<unsigned>(blowup->patterns), factor)
      .note("apparmor_parser needs 0.3 s for 8 such patterns, 13 s for 10, and twice as long for each more");
}

void check_raw(const ir::Policy& policy, const target::Settings& settings, diag::Sink& sink) {
  const auto conflict = find_raw_conflict(policy, settings);
  if (!conflict) return;
  diag::Added added = sink.add(diag::raw_exec_conflict, conflict->raw, conflict->pattern);
  if (conflict->other) added.note(*conflict->other, "this rule's is another");
  else added.note("both are raw text");
}

bool is_named(const std::vector<sets::PathPattern>& places, const sets::PathPattern& place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

// A rule that names the real place as well knows what it says.
void check_links(const ir::Policy& policy, const ir::Rule& rule, const std::vector<sets::PathPattern>& places,
                 diag::Sink& sink) {
  for (const sets::PathPattern& place : places) {
    const Link* const link = find_link(place, policy);
    if (link == nullptr || !link->is_better_named) continue;
    const std::vector<sets::PathPattern> real = real_names(place, policy);
    if (std::all_of(real.begin(), real.end(), [&](const auto& name) { return is_named(places, name); })) continue;
    sink.add(diag::link_named, rule.origin.front(), std::string(link->name), std::string(link->leads_to))
        .note(fmt::format("write `{}`; until then the profile names both", real.back().text()));
    return;
  }
}

void check_links(const ir::Policy& policy, diag::Sink& sink) {
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes) {
      if (const auto* file = std::get_if<ir::FileBox>(&box)) check_links(policy, rule, file->places, sink);
      if (const auto* pair = std::get_if<ir::PairBox>(&box)) {
        check_links(policy, rule, pair->from, sink);
        check_links(policy, rule, pair->to, sink);
      }
    }
}

}  // namespace

std::vector<diag::Diagnostic> diagnostics_of(const ir::Policy& policy, const target::Settings& settings) {
  diag::Sink sink;
  check_unique(policy, settings, sink);
  check_parent(policy, settings, sink);
  check_size(policy, sink);
  check_raw(policy, settings, sink);
  check_links(policy, sink);
  return sink.all();
}

}  // namespace polc::apparmor
