#include <algorithm>
#include <string>

#include "diag/lint_catalogue.hpp"
#include "lint/text_checks.hpp"
#include "lint/walk.hpp"

namespace polc::lint {
namespace {

struct Range {
  std::uint64_t low = 0, high = 0;
  diag::SourceRange at;
  bool is_one() const { return low == high; }
};

std::vector<Range> ranges_of(const ast::Set& set) {
  std::vector<Range> ranges;
  for (const ast::Member& member : set.members)
    if (const auto* numbers = std::get_if<ast::NumberRange>(&member.value); numbers != nullptr && !numbers->low.negative)
      ranges.push_back({numbers->low.value, numbers->high ? numbers->high->value : numbers->low.value, member.range});
  return ranges;
}

// Two ranges side by side are one; two single numbers are easier read as two.
bool belong_together(const Range& a, const Range& b) {
  if (a.low <= b.high && b.low <= a.high) return true;
  return (a.high + 1 == b.low || b.high + 1 == a.low) && !a.is_one() && !b.is_one();
}

void judge(const ast::Set& set, const diag::SourceMap& sources, diag::Sink& sink) {
  const std::vector<Range> ranges = ranges_of(set);
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    const auto first = std::find_if(ranges.begin(), ranges.begin() + static_cast<std::ptrdiff_t>(i), [&](const Range& earlier) { return belong_together(earlier, ranges[i]); });
    if (first == ranges.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    const std::uint64_t low = std::min(first->low, ranges[i].low), high = std::max(first->high, ranges[i].high);
    const std::string together = low == high ? std::to_string(low) : std::to_string(low) + "-" + std::to_string(high);
    auto added = sink.add(diag::overlapping_ranges, ranges[i].at, together);
    added.note(first->at, "the other one");
    // Only what stands side by side, with nothing but a comma between, is written anew: a comment would be lost.
    const diag::SourceRange between{set.range.file, first->at.end, ranges[i].at.begin};
    if (sources.text_of(between).find_first_not_of(", \t\r\n") == std::string_view::npos) added.fix(diag::joined(first->at, ranges[i].at), together);
  }
}

struct Sets {
  const diag::SourceMap& sources;
  diag::Sink& sink;

  void in(const ast::Set& set) const {
    judge(set, sources, sink);
    for (const ast::Member& member : set.members)
      if (const auto* endpoint = std::get_if<ast::Endpoint>(&member.value)) in(*endpoint);
  }
  void in(const ast::Endpoint& endpoint) const {
    if (!endpoint.ports) return;
    if (const auto* sets = std::get_if<std::vector<ast::Set>>(&endpoint.ports->value))
      for (const ast::Set& set : *sets) in(set);
  }
  void in(const ast::Value& value) const {
    if (const auto* set = std::get_if<ast::Set>(&value.value)) in(*set);
    if (const auto* endpoint = std::get_if<ast::Endpoint>(&value.value)) in(*endpoint);
  }
  void in(const ast::Condition& condition) const {
    for (const ast::Condition& term : condition.terms) in(term);
    if (!condition.comparison) return;
    if (const auto* set = std::get_if<ast::Set>(&condition.comparison->right)) in(*set);
  }
  void in(const ast::Access& access) const {
    if (const auto* identity = std::get_if<ast::IdentityAccess>(&access.value)) in(identity->value);
    if (const auto* call = std::get_if<ast::CallAccess>(&access.value); call != nullptr && call->where) in(*call->where);
    const auto* net = std::get_if<ast::NetAccess>(&access.value);
    if (net == nullptr) return;
    if (const auto* peer = std::get_if<ast::InternetPeer>(&net->peer))
      for (const ast::Endpoint& endpoint : peer->endpoints) in(endpoint);
  }
};

}  // namespace

void find_overlapping_ranges(const ast::File& file, const diag::SourceMap& sources, diag::Sink& sink) {
  const Sets sets{sources, sink};
  for_each_let(file, [&](const ast::Let& let, const diag::SourceRange*) { sets.in(let.value); });
  for_each_statement(file, [&](const ast::Statement& statement) {
    if (const auto* rule = std::get_if<ast::Rule>(&statement.value)) sets.in(rule->access);
    if (const auto* use = std::get_if<ast::Use>(&statement.value))
      for (const ast::Usage& usage : use->usages)
        for (const ast::Value& value : usage.arguments) sets.in(value);
  });
}

}  // namespace polc::lint
