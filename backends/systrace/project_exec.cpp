// exec, and the two verbs with two names.
#include <algorithm>

#include "systrace/project_parts.hpp"

namespace polc::systrace {
namespace {

using sets::PathPattern;
using target::Feature;
using target::Piece;
using target::Projection;

// systrace chooses the next policy by the new image's path: any policy may follow.
std::vector<ir::Successor> every_policy(const ir::Policy& policy) {
  std::vector<ir::Successor> result;
  for (const ir::Rule& rule : policy.rules)
    for (const ir::Box& box : rule.boxes)
      if (const auto* file = std::get_if<ir::FileBox>(&box))
        for (const auto& successor : file->successors)
          if (successor.kind == ir::Successor::Kind::policy) result.push_back(successor);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

bool may_meet(const sets::Component& a, const sets::Component& b) {
  using Kind = sets::Component::Kind;
  if (a.kind == Kind::literal && b.kind == Kind::literal) return a.text == b.text;
  if (a.kind == Kind::glob && b.kind == Kind::glob) return true;
  return PathPattern{{a}}.matches("/" + b.text) || PathPattern{{b}}.matches("/" + a.text);
}

/// False only when no path lies in both, as far as their beginnings tell.
bool may_meet(const PathPattern& a, const PathPattern& b) {
  const auto repeats = [](const sets::Component& c) {
    return c.kind == sets::Component::Kind::any || c.kind == sets::Component::Kind::below;
  };
  const std::size_t count = std::min(a.components.size(), b.components.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (repeats(a.components[i]) || repeats(b.components[i])) return true;
    if (!may_meet(a.components[i], b.components[i])) return false;
  }
  if (a.components.size() == b.components.size()) return true;
  return repeats((a.components.size() > count ? a : b).components[count]);
}

}  // namespace

Piece exec_piece(ir::FileBox wanted, const PathTest& test, const Asking& asking) {
  const bool to_policy = !wanted.successors.empty() && wanted.successors.front().kind == ir::Successor::Kind::policy;
  if (asking.is_allow() && wanted.successors.empty()) wanted.successors = {ir::Successor{}};
  Piece piece = path_piece(wanted, test, asking);
  if (!asking.is_allow() || !to_policy) return piece;
  for (ir::Box& box : piece.meaning)
    if (auto* file = std::get_if<ir::FileBox>(&box)) file->successors = every_policy(asking.policy);
  piece.because.insert(piece.because.begin(), Feature::successor_policy);
  return piece;
}

bool goes_on_otherwise(const ir::FileBox& wanted, const Asking& asking) {
  const auto kind_of = [](const ir::FileBox& box) {
    return box.successors.empty() ? ir::Successor::Kind::same : box.successors.front().kind;
  };
  for (const ir::Rule& rule : asking.policy.rules)
    for (const ir::Box& box : rule.boxes) {
      const auto* file = std::get_if<ir::FileBox>(&box);
      if (rule.effect != ir::Effect::allow || file == nullptr || !file->verbs.contains(FileVerb::exec)) continue;
      if (kind_of(*file) == kind_of(wanted) && file->successors.size() < 2) continue;
      for (const PathPattern& place : file->places)
        if (may_meet(place, wanted.places.front())) return true;
    }
  return false;
}

Projection project_pair(const ir::PairBox& box, const Asking& asking) {
  Projection out;
  const bool renames = box.verbs.contains(FileVerb::rename);
  const FileVerb verb = renames ? FileVerb::rename : FileVerb::link;
  for (const PathPattern& from : box.from)
    for (const PathPattern& to : box.to) {
      ir::PairBox one = box;
      one.from = {from}, one.to = {to};
      const auto test = [&](const PathPattern& p) {
        return asking.is_allow() ? path_test(p, asking.settings) : strict_test(p);
      };
      const PathTest old_name = test(from), new_name = test(to);
      if (!old_name.fits || !new_name.fits ||
          (!asking.is_allow() && is_open_anyway(asking.policy, verb, FileTypes::all(), asking.version))) {
        out.lacks.push_back(
            {one, asking.is_allow() ? ir::Verdict::narrower : ir::Verdict::unmediated, feature_of(verb)});
        continue;
      }
      Piece piece{one, {}, number_of(Form::by_two_paths), {}};
      ir::PairBox meaning;
      meaning.verbs = box.verbs, meaning.from = old_name.meaning, meaning.to = new_name.meaning;
      piece.meaning.emplace_back(std::move(meaning));
      if (asking.is_allow()) piece.meaning.push_back(whole_call_box(asking.policy, renames ? "rename" : "link"));
      if (!old_name.is_exact || !new_name.is_exact)
        piece.because.push_back(old_name.is_exact ? new_name.because : old_name.because);
      if (!box.types.is_all()) piece.because.push_back(Feature::qualifier_type);
      if (!box.owners.any) piece.because.push_back(Feature::qualifier_owner);
      out.pieces.push_back(std::move(piece));
    }
  return out;
}

}  // namespace polc::systrace
