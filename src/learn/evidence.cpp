#include "learn/evidence.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "diag/catalogue.hpp"

namespace polc::learn {
namespace {

// What makes two lines of one kind the same event, fact or part. Blanks and letters sort as in the file: a tab stands between
// fields, and it is less than all that fields hold.
auto key_of(const Event& event) { return std::tie(event.program, event.outcome, event.access); }
auto key_of(const Fact& fact) { return std::tie(fact.kind, fact.words); }
auto key_of(const Part& part) { return std::tie(part.node, part.serial, part.record); }

std::vector<Place>& places_of(Event& event) { return event.places; }
std::vector<Place>& places_of(Part& part) { return part.places; }
std::vector<std::uint32_t>& places_of(Fact& fact) { return fact.sources; }
std::uint32_t source_of(const Place& place) { return place.source; }
std::uint32_t source_of(std::uint32_t source) { return source; }
void set_source(Place& place, std::uint32_t source) { place.source = source; }
void set_source(std::uint32_t& place, std::uint32_t source) { place = source; }

void add_to(Place& place, const Place& other) {
  place.count += other.count;
  place.first_line = std::min(place.first_line, other.first_line);
}
void add_to(std::uint32_t&, std::uint32_t) {}

template <class P>
void unite_places(std::vector<P>& places) {
  std::ranges::sort(places);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (kept > 0 && source_of(places[kept - 1]) == source_of(places[i])) add_to(places[kept - 1], places[i]);
    else places[kept++] = places[i];
  places.resize(kept);
}

template <class Line>
void renumber(std::vector<Line>& lines, const std::vector<std::uint32_t>& numbers) {
  for (Line& line : lines)
    for (auto& place : places_of(line)) set_source(place, numbers[source_of(place)]);
}

template <class Line>
void unite(std::vector<Line>& lines) {
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) { return key_of(a) < key_of(b); });
  std::vector<Line> united;
  for (Line& line : lines) {
    if (united.empty() || key_of(united.back()) != key_of(line)) {
      united.push_back(std::move(line));
      continue;
    }
    auto& places = places_of(united.back());
    places.insert(places.end(), places_of(line).begin(), places_of(line).end());
  }
  for (Line& line : united) unite_places(places_of(line));
  lines = std::move(united);
}

// A log that was copied or given another run's name is the same log: of two names the first in order, which no order of merging
// changes. All else must be equal.
bool join(Source& kept, const Source& other) {
  Source same = other;
  same.run = kept.run, same.name = kept.name;
  if (same != kept) return false;
  kept.run = std::min(kept.run, other.run), kept.name = std::min(kept.name, other.name);
  return true;
}

class Merger {
 public:
  explicit Merger(const std::vector<Evidence>& all) : all_(all) {}

  // The identity of a source that two show with different contents; empty: none is.
  const std::string& torn() const { return torn_; }

  Evidence merged() {
    std::map<std::string, std::uint32_t> places;
    for (const Evidence& one : all_) add_sources(one);
    for (const auto& [id, source] : sources_) {
      places.emplace(id, static_cast<std::uint32_t>(result_.sources.size()));
      result_.sources.push_back(source);
      owners_.push_back(counts_[id]);
    }
    for (const Evidence& one : all_) {
      numbers_.emplace_back();
      for (const Source& source : one.sources) numbers_.back().push_back(places.at(source.id));
    }
    result_.events = lines(&Evidence::events);
    result_.facts = lines(&Evidence::facts);
    result_.parts = lines(&Evidence::parts);
    return std::move(result_);
  }

 private:
  void add_sources(const Evidence& one) {
    for (const Source& source : one.sources) {
      ++counts_[source.id];
      const auto [at, is_new] = sources_.emplace(source.id, source);
      if (!is_new && !join(at->second, source)) torn_ = source.id;
    }
  }

  template <class Line>
  std::vector<Line> lines(std::vector<Line> Evidence::*member) {
    struct From {
      const Line* line;
      std::size_t evidence;
    };
    std::vector<From> from;
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const Line& line : all_[i].*member) from.push_back({&line, i});
    std::ranges::stable_sort(from, [](const From& a, const From& b) { return key_of(*a.line) < key_of(*b.line); });
    std::vector<Line> united;
    for (std::size_t begin = 0; begin < from.size();) {
      std::size_t end = begin + 1;
      while (end < from.size() && key_of(*from[begin].line) == key_of(*from[end].line)) ++end;
      Line line = *from[begin].line;
      places_of(line).clear();
      for (; begin < end; ++begin) {
        Line one = *from[begin].line;
        for (auto place : places_of(one)) {
          set_source(place, numbers_[from[begin].evidence][source_of(place)]);
          places_of(line).push_back(place);
        }
      }
      take_once(places_of(line));
      united.push_back(std::move(line));
    }
    return united;
  }

  // Whoever holds a source must show the same of it.
  template <class P>
  void take_once(std::vector<P>& places) {
    std::ranges::sort(places);
    for (std::size_t begin = 0; begin < places.size();) {
      std::size_t end = begin + 1;
      while (end < places.size() && source_of(places[begin]) == source_of(places[end])) ++end;
      const std::uint32_t source = source_of(places[begin]);
      if (end - begin != owners_[source] || places[begin] != places[end - 1]) torn_ = result_.sources[source].id;
      begin = end;
    }
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }

  const std::vector<Evidence>& all_;
  std::map<std::string, Source> sources_;
  std::map<std::string, std::size_t> counts_;
  std::vector<std::size_t> owners_;                  // of each source of the result, how many hold it
  std::vector<std::vector<std::uint32_t>> numbers_;  // of each evidence's sources, those in the result
  std::string torn_;
  Evidence result_;
};

// A name's letters beyond ASCII are bytes: the evidence of a log is the same text wherever it is read.
std::string in_ascii(const std::string& access) {
  std::string text;
  for (const char c : access)
    if (c >= ' ' && c <= '~') text += c;
    else text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

Evidence normalised(Evidence evidence) {
  for (Event& event : evidence.events) event.access = in_ascii(event.access);
  for (Fact& fact : evidence.facts) fact.words = in_ascii(fact.words);
  std::vector<std::uint32_t> order(evidence.sources.size()), numbers(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return evidence.sources[a].id < evidence.sources[b].id; });
  std::vector<Source> sources;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    numbers[order[i]] = i;
    sources.push_back(std::move(evidence.sources[order[i]]));
  }
  evidence.sources = std::move(sources);
  renumber(evidence.events, numbers), unite(evidence.events);
  renumber(evidence.facts, numbers), unite(evidence.facts);
  renumber(evidence.parts, numbers), unite(evidence.parts);
  return evidence;
}

std::optional<Evidence> merge(const std::vector<Evidence>& all, diag::Sink& sink) {
  Merger merger(all);
  Evidence merged = merger.merged();
  if (merger.torn().empty()) return merged;
  sink.add_unlocated(diag::source_differs, merger.torn());
  return std::nullopt;
}

}  // namespace polc::learn
