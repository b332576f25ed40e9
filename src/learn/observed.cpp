#include "learn/observed.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <string_view>

#include "support/overloaded.hpp"

namespace polc::learn {
namespace {

using Patterns = std::set<sets::PathPattern>;

// The address is meant; the other side was missing, or had it already.
constexpr std::array<std::string_view, 4> needs{"EADDRINUSE", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"};

// Which names the program makes itself: by creating, by renaming to, by binding a socket there.
void add_made(const Seen& seen, Patterns& made) {
  if (seen.outcome.kind == Outcome::Kind::failed || seen.outcome.kind == Outcome::Kind::refused) return;
  for (const auto& [box, left_out] : seen.boxes)
    std::visit(Overloaded{[&](const ir::FileBox& file) {
                            if (file.verbs.contains(FileVerb::create)) made.insert(file.places.begin(), file.places.end());
                          },
                          [&](const ir::PairBox& pair) { made.insert(pair.to.begin(), pair.to.end()); },
                          [&](const ir::NetBox& net) {
                            if (net.verbs.contains(NetVerb::bind)) made.insert(net.paths.begin(), net.paths.end());
                          },
                          [](const auto&) {}},
               box);
}

const ir::FileBox* file_of(const Seen& seen) {
  return seen.boxes.size() == 1 ? std::get_if<ir::FileBox>(&seen.boxes.front().first) : nullptr;
}

bool is_need(const Seen& seen, const Patterns& made) {
  const ir::FileBox* file = file_of(seen);
  const std::string& error = seen.outcome.error;
  if (file != nullptr && error == "EEXIST") return file->verbs == FileVerbs{FileVerb::create};
  if (file != nullptr && error == "ENOENT" && file->verbs == FileVerbs{FileVerb::remove})
    return std::ranges::all_of(file->places, [&](const sets::PathPattern& place) { return made.contains(place); });
  return std::ranges::find(needs, error) != needs.end();
}

}  // namespace

Observed sorted_by_outcome(std::string program, std::vector<Seen> seen) {
  Observed result{std::move(program), {}, {}, {}};
  Patterns made;
  std::set<std::string> happened;
  for (const Seen& one : seen) add_made(one, made);
  for (Seen& one : seen) {
    const bool did = one.outcome.kind == Outcome::Kind::ok || one.outcome.kind == Outcome::Kind::would;
    if (one.outcome.kind == Outcome::Kind::refused) {
      result.refused.push_back(std::move(one));
    } else if (!did && !is_need(one, made)) {
      result.asked.push_back(std::move(one));
    } else if (happened.insert(one.access).second) {
      result.happened.push_back(std::move(one));
    } else {
      const auto same = std::ranges::find(result.happened, one.access, &Seen::access);
      same->places = joined(std::move(same->places), one.places);
    }
  }
  return result;
}

std::string error_for(const Seen& asked) { return asked.outcome.call == "socket" ? "EACCES" : asked.outcome.error; }

std::string socket_access(const Seen& seen) {
  if (seen.boxes.empty() || !std::holds_alternative<ir::NetBox>(seen.boxes.front().first)) return "";
  std::istringstream words(seen.access);
  std::string verb, protocol, type;
  words >> verb >> protocol >> type;
  const bool is_type = std::ranges::find(socket_type_names, type) != socket_type_names.end();
  return "socket " + protocol + (is_type || protocol == "netlink" ? " " + type : "");
}

std::uint64_t count_of(const std::vector<Place>& places) {
  std::uint64_t count = 0;
  for (const Place& place : places) count += place.count;
  return count;
}

Place first_of(const std::vector<Place>& places) { return places.empty() ? Place{} : *std::ranges::min_element(places, {}, &Place::source); }

std::vector<Place> joined(std::vector<Place> places, const std::vector<Place>& more) {
  for (const Place& place : more) {
    const auto same = std::ranges::find(places, place.source, &Place::source);
    if (same == places.end()) {
      places.push_back(place);
    } else {
      same->count += place.count;
      same->first_line = std::min(same->first_line, place.first_line);
    }
  }
  std::ranges::sort(places);
  return places;
}

}  // namespace polc::learn
