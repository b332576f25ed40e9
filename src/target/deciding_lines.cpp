#include "target/deciding_lines.hpp"

#include <algorithm>

#include "eval/argument_sets.hpp"
#include "knowledge/relation.hpp"
#include "target/points.hpp"

namespace polc::target {
namespace {

/// May one of the calls make a socket of this family?
bool makes_socket(const ir::CallBox& box, Family family, const ir::Configuration& configuration) {
  const knowledge::CallPattern socket = knowledge::socket_call(configuration.os, family, SocketType::stream, configuration.arch);
  if (!std::binary_search(box.calls.begin(), box.calls.end(), socket.call)) return false;
  sets::ArgumentSpace space;
  auto calls = eval::argument_set(space, box.where);
  for (const knowledge::Condition& term : socket.where.terms)
    if (term.test.argument == 0 && term.test.op == knowledge::Compare::equal)
      calls = space.conjunction(calls, space.compare(0, term.test.mask, sets::Compare::equal, term.test.value));
  return calls != space.none || space.exhausted();
}

/// Other things done with sockets of its family?
bool is_of_its_family(const ir::Box& box, const ir::Point& point) {
  const auto* net = std::get_if<ir::NetBox>(&box);
  const auto* at = std::get_if<ir::NetPoint>(&point);
  return net != nullptr && at != nullptr && net->family == at->family;
}

bool is_readlink(const ir::Point& point) {
  const auto* file = std::get_if<ir::FilePoint>(&point);
  return file != nullptr && file->verb == FileVerb::read && file->type == FileType::symlink;
}

constexpr FileVerbs changing{FileVerb::write, FileVerb::append, FileVerb::create, FileVerb::remove, FileVerb::truncate,
                             FileVerb::chmod, FileVerb::chown,  FileVerb::utime,  FileVerb::xattr};

/// What is wider in changing something is the doing of what may change it, rather than of what only reads or appends.
bool may_change(const ir::Box& box) {
  const auto* file = std::get_if<ir::FileBox>(&box);
  return std::holds_alternative<ir::PairBox>(box) || (file != nullptr && !(file->verbs & (changing - FileVerbs{FileVerb::append})).empty());
}

bool is_rename(const ir::Point& point) {
  const auto* pair = std::get_if<ir::PairPoint>(&point);
  return pair != nullptr && pair->verb == FileVerb::rename;
}

bool is_change(const ir::Point& point) {
  const auto* file = std::get_if<ir::FilePoint>(&point);
  return is_rename(point) || (file != nullptr && changing.contains(file->verb));
}

}  // namespace

Kind kind_at(const ir::Point& point) {
  constexpr unsigned of_links = 256;
  if (const auto* call = std::get_if<ir::CallPoint>(&point)) return {point.index(), call->call.value};
  const Kind kind = kind_of(point);
  return is_readlink(point) ? Kind{kind.first, kind.second + of_links} : kind;
}

bool is_about(const ir::Box& box, const ir::Point& point) {
  const auto* file = std::get_if<ir::FileBox>(&box);
  const bool names_links = file != nullptr && file->types == FileTypes{FileType::symlink};
  return concerns(box, point) && (!is_readlink(point) || names_links);
}

bool concerns(const ir::Box& box, const ir::Point& point) {
  const auto* calls = std::get_if<ir::CallBox>(&box);
  const auto* call = std::get_if<ir::CallPoint>(&point);
  if (calls == nullptr || call == nullptr) return same_kind(box, point);
  return std::binary_search(calls->calls.begin(), calls->calls.end(), call->call);
}

const Origin* DecidingLines::origin_of(std::uint32_t place, const ir::Point& point) const {
  const std::uint32_t line = permits_.parts()[place].line;
  if (line == 0 || line > origins_.size() || origins_[line - 1].kind != Origin::Kind::rules) return nullptr;
  const Origin& origin = origins_[line - 1];
  const auto speaks = [&](std::uint32_t part) { return concerns(source_.parts[part].box, point); };
  if (!origin.why.empty() && std::none_of(origin.from.begin(), origin.from.end(), speaks)) return nullptr;
  return &origin;
}

bool DecidingLines::is_free(const ir::Point& point) {
  const auto places = at(point);
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) { return origin_of(place, point) == nullptr; });
}

bool DecidingLines::is_default(const ir::Point& point) {
  const auto places = at(point);
  const bool is_unknown = !permits_.order().is_certain() && !eval::surely_allows(permits_, point);
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    return permits_.parts()[place].line == 0 || (is_unknown && origin_of(place, point) == nullptr);
  });
}

std::vector<std::uint32_t> DecidingLines::opening(const ir::Point& point) {
  std::vector<std::uint32_t> places = at(point);
  const auto only_reads = [&](std::uint32_t place) {
    const Origin* origin = origin_of(place, point);
    return origin != nullptr && std::none_of(origin->from.begin(), origin->from.end(), [&](std::uint32_t part) { return may_change(source_.parts[part].box); });
  };
  if (is_rename(point) && !std::all_of(places.begin(), places.end(), only_reads)) std::erase_if(places, only_reads);
  return places;
}

DecidingLines::Behind& DecidingLines::behind(std::uint32_t place, const Origin& origin, const ir::Point& point) {
  const auto [known, is_new] = behind_.try_emplace({place, kind_at(point)});
  if (is_new) known->second.all = known->second.untold = nearest(origin, effect_of(place), point);
  return known->second;
}

// Those of which the choice itself says that accesses of this kind come with them.
std::vector<std::uint32_t> DecidingLines::bringing(const Origin& origin, ir::Effect effect, const ir::Point& point) const {
  std::vector<std::uint32_t> found;
  for (const Gap& gap : gaps_) {
    if (gap.verdict != ir::Verdict::wider || gap.from == Gap::everybody || source_.parts[gap.from].effect != effect) continue;
    if (same_kind(gap.part, point) && std::find(origin.from.begin(), origin.from.end(), gap.from) != origin.from.end()) found.push_back(gap.from);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::uint32_t> DecidingLines::nearest(const Origin& origin, ir::Effect effect, const ir::Point& point) const {
  const auto those = [&](const auto& fits) {
    std::vector<std::uint32_t> found;
    for (const std::uint32_t part : origin.from)
      if (source_.parts[part].effect == effect && fits(source_.parts[part].box)) found.push_back(part);
    return found;
  };
  const auto makes_its_socket = [&](const ir::Box& box) {
    const auto* call = std::get_if<ir::CallBox>(&box);
    const auto* net = std::get_if<ir::NetPoint>(&point);
    return call != nullptr && net != nullptr && makes_socket(*call, net->family, source_.policy.configuration);
  };
  if (auto found = those([&](const ir::Box& box) { return concerns(box, point); }); !found.empty()) return found;
  if (auto found = bringing(origin, effect, point); !found.empty()) return found;
  if (auto found = those([&](const ir::Box& box) { return is_of_its_family(box, point); }); !found.empty()) return found;
  if (auto found = those(makes_its_socket); !found.empty()) return found;
  if (auto found = those([&](const ir::Box& box) { return is_change(point) && may_change(box); }); !found.empty()) return found;
  return those([](const ir::Box&) { return true; });
}

}  // namespace polc::target
