// drop_subsumed: `allow read "/etc/hosts"` beside `allow read "/etc/**"` says nothing new.
// A union does not change when a set that lies wholly inside another one of it is left out; that holds for the allows and
// for the denies, each by themselves. Equal parts become one that stands for the rules of both. Of two sets that hold one
// another the first to be asked goes, since only what is still there may cover. A written access is never dropped for an
// implied one: what a rule says itself is reported otherwise than what it needs. Endpoints stay (unite_addresses has them):
// a line for 127.0.0.1:9050 beside one for every address tells a reader something, and the how-to has both. So does what is
// covered only by something that a target may be unable to say, a glob or every account: it would be lost with that.
#include <algorithm>

#include "opt/cover.hpp"
#include "opt/keys.hpp"
#include "sets/path_inclusion.hpp"

namespace polc::opt {
namespace {

// More boxes of one kind than this are not compared each with each.
constexpr std::size_t compared_at_most = 512;

bool every_target_says(const sets::PathPattern& place) {
  using Kind = sets::Component::Kind;
  return std::all_of(place.components.begin(), place.components.end(),
                     [](const sets::Component& c) { return c.kind == Kind::literal || c.kind == Kind::below; });
}

void drop_places(Parts& parts, ir::Effect effect) {
  const PlaceIndex index(parts, effect);
  std::vector<std::vector<bool>> gone(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (const auto* file = std::get_if<ir::FileBox>(&parts[i].box)) gone[i].resize(file->places.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto* file = std::get_if<ir::FileBox>(&parts[i].box);
    if (file == nullptr || parts[i].effect != effect) continue;
    for (std::size_t k = 0; k < file->places.size(); ++k) {
      const auto around = index.around(file->places[k]);
      gone[i][k] = std::any_of(around.begin(), around.end(), [&](const PlaceIndex::Place& at) {
        if ((at.part == i && at.place == k) || gone[at.part][at.place]) return false;
        if (!every_target_says(std::get<ir::FileBox>(parts[at.part].box).places[at.place])) return false;
        const auto& other = std::get<ir::FileBox>(parts[at.part].box);
        return covers_but_places(other, *file) && sets::includes(other.places[at.place], file->places[k]);
      });
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto* file = std::get_if<ir::FileBox>(&parts[i].box);
    if (file == nullptr || parts[i].effect != effect) continue;
    std::size_t k = 0;
    std::erase_if(file->places, [&](const auto&) { return static_cast<bool>(gone[i][k++]); });
  }
}

// Calls that another part allows whatever their arguments.
void drop_calls(Parts& parts, ir::Effect effect) {
  std::vector<CallId> written, implied;
  for (const eval::Part& part : parts) {
    const auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box == nullptr || part.effect != effect || !box->where.is_always()) continue;
    auto& into = part.implied ? implied : written;
    into.insert(into.end(), box->calls.begin(), box->calls.end());
  }
  std::sort(written.begin(), written.end());
  std::sort(implied.begin(), implied.end());
  const auto has = [](const std::vector<CallId>& calls, CallId call) { return std::binary_search(calls.begin(), calls.end(), call); };
  for (eval::Part& part : parts) {
    auto* box = std::get_if<ir::CallBox>(&part.box);
    if (box == nullptr || part.effect != effect) continue;
    const bool always = box->where.is_always();
    std::erase_if(box->calls, [&](CallId call) {
      if (part.implied) return has(written, call) || (!always && has(implied, call));
      return !always && has(written, call);
    });
  }
}

template <class Box>
void drop_boxes(Parts& parts, ir::Effect effect, std::vector<bool>& gone) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (parts[i].effect == effect && std::holds_alternative<Box>(parts[i].box)) places.push_back(i);
  if (places.size() > compared_at_most) return;
  for (const std::size_t i : places)
    gone[i] = std::any_of(places.begin(), places.end(), [&](std::size_t other) {
      return other != i && !gone[other] && covers(std::get<Box>(parts[other].box), std::get<Box>(parts[i].box));
    });
}

bool is_empty(const ir::Box& box) {
  if (const auto* file = std::get_if<ir::FileBox>(&box)) return file->places.empty();
  if (const auto* call = std::get_if<ir::CallBox>(&box)) return call->calls.empty();
  return false;
}

}  // namespace

Parts drop_subsumed(Parts parts) {
  parts = merge_by_key(std::move(parts), Without::nothing, [](const ir::Box&) { return true; }, [](ir::Box&, ir::Box&&) {});
  std::vector<bool> gone(parts.size(), false);
  for (const ir::Effect effect : {ir::Effect::allow, ir::Effect::deny}) {
    drop_places(parts, effect);
    drop_calls(parts, effect);
    drop_boxes<ir::PairBox>(parts, effect, gone);
    drop_boxes<ir::CapabilityBox>(parts, effect, gone);
    drop_boxes<ir::PeerBox>(parts, effect, gone);
  }
  Parts result;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!gone[i] && !is_empty(parts[i].box)) result.push_back(std::move(parts[i]));
  return result;
}

}  // namespace polc::opt
