// The words of `polc diff`: for people, for programs and for a review comment.
#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "driver/diff.hpp"
#include "format/raise.hpp"

namespace polc::driver {
namespace {

using diff::Change;
using diff::Direction;

// What performs a new kind of access comes with thousands of rules, when it comes with many.
constexpr std::size_t shown_rules = 5;

// A right that joins two others (moving a file) is new between one place and every other.
constexpr std::size_t shown_places = 8, shown_ends = 3;

/// Cuts the lists of places; returns how many were taken out.
std::size_t shorten(ir::Box& box) {
  const auto cut = [](std::vector<sets::PathPattern>& places, std::size_t at_most) -> std::size_t {
    const std::size_t before = places.size();
    places.resize(std::min(before, at_most));
    return before - places.size();
  };
  if (auto* file = std::get_if<ir::FileBox>(&box)) return cut(file->places, shown_places);
  if (auto* net = std::get_if<ir::NetBox>(&box)) return cut(net->paths, shown_places);
  auto* pair = std::get_if<ir::PairBox>(&box);
  if (pair == nullptr || pair->from.size() * pair->to.size() <= shown_places) return 0;
  return cut(pair->from, shown_ends) + cut(pair->to, shown_ends);
}

std::string_view mark_of(const Change& change) { return change.direction == Direction::gained ? "may now" : "may no longer"; }

std::string example_of(const Compared& one, const Change& change) {
  return format::text_of(one.now->configuration.os, change.example);
}
struct Words {
  std::string text;
  std::size_t left_out = 0;  // places
};
Words access_of(const Compared& one, const Change& change) {
  ir::Box box = change.box;
  const std::size_t left_out = shorten(box);
  return {format::text_of(one.now->configuration.os, box), left_out};
}

std::string sentence(const Compared& one, const Change& change, std::string_view quote) {
  const auto [access, left_out] = access_of(one, change);
  std::string text = fmt::format("{} {} {}{}{}", one.name, mark_of(change), quote, access, quote);
  if (left_out > 0) text += fmt::format(" and the same for {} places more", left_out);
  const char* separator = ", except ";
  for (const ir::Box& box : change.except) {
    text += fmt::format("{}{}{}{}", separator, quote, format::text_of(one.now->configuration.os, box), quote);
    separator = ", ";
  }
  if (!change.whole) text += fmt::format(", in part: for example {}{}{}", quote, example_of(one, change), quote);
  if (change.implied) text += " (implied)";
  return text;
}

std::string head(const Compared& one) {
  const ir::Configuration& configuration = (one.now != nullptr ? one.now : one.before)->configuration;
  return fmt::format("{} ({} {}), {}", one.name, name_of(configuration.os), name_of(configuration.arch),
                     one.target != nullptr ? one.target->name : std::string_view("meaning"));
}

std::string_view only_in(const Compared& one) {
  if (one.before == nullptr) return "this policy is new: what it governs ran without it";
  if (one.now == nullptr) return "this policy is gone: what it governed runs without it";
  return {};
}

bool is_equal(const Compared& one) { return one.changes.empty() && one.otherwise.empty(); }

using RuleVisitor = std::function<void(std::string_view when, const std::string& place, const std::string& text)>;

// On one line: rules are often written over several.
std::string line_of(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  return line;
}

// The rules that decided, those of the old side first: a deny that went, an allow that came.
void for_each_cause(const Compared& one, const Change& change, const diag::SourceMap& sources, const RuleVisitor& visit) {
  const auto each = [&](const ir::Policy& policy, const std::vector<ir::RuleId>& rules, std::string_view when) {
    for (std::size_t i = 0; i < rules.size() && i < shown_rules; ++i) {
      const auto range = policy.rules[rules[i].value].origin.front();
      visit(when, diag::place_of(sources, range), line_of(sources.text_of(range)));
    }
    if (rules.size() > shown_rules) visit(when, "", fmt::format("and {} rules more", rules.size() - shown_rules));
  };
  each(*one.before, change.before, "was");
  each(*one.now, change.now, "is");
}

}  // namespace

std::string text_of(const ComparedAll& all, const diag::SourceMap& sources) {
  std::string text;
  for (const Compared& one : all) {
    const auto only = only_in(one);
    text += fmt::format("{}: {}\n", head(one), !only.empty() ? only : is_equal(one) ? "equivalent" : "different");
    for (const std::string& words : one.otherwise) text += words + "\n";
    for (const Change& change : one.changes) {
      text += fmt::format("{} {}\n", change.direction == Direction::gained ? "+" : "-", sentence(one, change, ""));
      for_each_cause(one, change, sources, [&](std::string_view when, const std::string& place, const std::string& rule) {
        text += place.empty() ? fmt::format("    {}: {}\n", when, rule) : fmt::format("    {}: {}: {}\n", when, place, rule);
      });
    }
  }
  return text;
}

std::string json_of(const ComparedAll& all, const diag::SourceMap& sources) {
  using Json = nlohmann::ordered_json;
  Json comparisons = Json::array();
  for (const Compared& one : all) {
    const ir::Configuration& configuration = (one.now != nullptr ? one.now : one.before)->configuration;
    Json changes = Json::array();
    for (const Change& change : one.changes) {
      Json causes = Json::array();
      for_each_cause(one, change, sources, [&](std::string_view when, const std::string& place, const std::string& rule) {
        Json cause{{"when", when}, {"rule", rule}};
        if (!place.empty()) cause["place"] = place;
        causes.push_back(std::move(cause));
      });
      Json except = Json::array();
      for (const ir::Box& box : change.except) except.push_back(format::text_of(configuration.os, box));
      const auto [access, left_out] = access_of(one, change);
      changes.push_back({{"change", change.direction == Direction::gained ? "allowed" : "denied"},
                         {"access", access},
                         {"places_left_out", left_out},
                         {"except", std::move(except)},
                         {"whole", change.whole},
                         {"implied", change.implied},
                         {"example", example_of(one, change)},
                         {"causes", std::move(causes)}});
    }
    Json row{{"policy", one.name}, {"os", name_of(configuration.os)}, {"arch", name_of(configuration.arch)}};
    row["target"] = one.target != nullptr ? Json(one.target->name) : Json(nullptr);
    row["result"] = one.before == nullptr ? "new" : one.now == nullptr ? "gone" : is_equal(one) ? "equivalent" : "different";
    if (!one.otherwise.empty()) row["otherwise"] = one.otherwise;
    row["changes"] = std::move(changes);
    comparisons.push_back(std::move(row));
  }
  const Json document{{"version", 1}, {"comparisons", std::move(comparisons)}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string markdown_of(const ComparedAll& all, const diag::SourceMap& sources) {
  std::string text;
  for (const Compared& one : all) {
    const auto only = only_in(one);
    text += fmt::format("{}### {}\n\n", text.empty() ? "" : "\n", head(one));
    for (const std::string& words : one.otherwise) text += fmt::format("{}\n\n", words);
    if (!only.empty() || is_equal(one)) text += fmt::format("{}\n", !only.empty() ? only : "Equivalent: nothing is newly allowed or denied.");
    for (const Change& change : one.changes) {
      text += fmt::format("- **{}** {}\n", change.direction == Direction::gained ? "allowed" : "denied", sentence(one, change, "`"));
      for_each_cause(one, change, sources, [&](std::string_view when, const std::string& place, const std::string& rule) {
        text += place.empty() ? fmt::format("  - {}: {}\n", when, rule) : fmt::format("  - {}: {} `{}`\n", when, place, rule);
      });
    }
  }
  return text;
}

}  // namespace polc::driver
