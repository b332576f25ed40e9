// What logs say that programs did, reduced: each distinct event once, with how often and where each source shows it.
//   Evidence all = *merge({normalised(first), normalised(second)}, sink);      print(all)
// A source is one log (or the parts of one that belong together), known by its bytes. Merging is the union of sources, hence
// associative, commutative and idempotent: equal sets of sources give equal bytes, in whatever tree they were merged.
// Nothing here knows a log's format (readers) or a policy (generalise, replay).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"

namespace polc::learn {

/// The number behind `polc-evidence`; a reader refuses any other.
inline constexpr unsigned evidence_version = 1;

struct Source {
  std::string id;             // 16 digits of the SHA-256 of its bytes
  std::string run;            // which run of the program; as the source where nobody said
  std::string kind;           // strace, audit ...
  std::string configuration;  // linux x86_64
  std::string map;            // the tables by which lines became events: map1
  std::uint64_t lines = 0, events = 0;
  bool is_complete = true;    // false: the log says itself that lines are missing
  std::string name;           // of the file, without its folder; bytes
  auto operator<=>(const Source&) const = default;
};

/// How an attempt ended.
struct Outcome {
  enum class Kind : std::uint8_t {
    ok,
    failed,   // with an errno, of a call
    refused,  // a log says that a sandbox denied it
    would,    // a sandbox on trial says that it would have: it happened
  };
  Kind kind = Kind::ok;
  std::string error = {};   // failed: ENOENT
  std::string call = {};    // failed: which call asked
  std::string target = {};  // refused, would: apparmor
  auto operator<=>(const Outcome&) const = default;
};

/// Where one source shows an event.
struct Place {
  std::uint32_t source = 0;  // its number in Evidence::sources
  std::uint64_t count = 0, first_line = 0;
  auto operator<=>(const Place&) const = default;
};

struct Event {
  std::string program;  // its real path, as bytes; empty: unknown
  Outcome outcome;
  std::string access;   // in the policy language, without `allow`
  std::vector<Place> places;
  auto operator<=>(const Event&) const = default;
};

/// What a log or the machine said of a file or an account. `words` as the file has them: `"/etc/passwd" file`.
struct Fact {
  std::string kind;   // type, owner, link, account, listens
  std::string words;
  std::vector<std::uint32_t> sources;
  auto operator<=>(const Fact&) const = default;
};

/// A record of an event whose other records a cut has parted from it.
struct Part {
  std::string node, serial, record;  // record as bytes
  std::vector<Place> places;
  auto operator<=>(const Part&) const = default;
};

struct Evidence {
  std::vector<Source> sources;
  std::vector<Event> events;
  std::vector<Fact> facts;
  std::vector<Part> parts;
  bool operator==(const Evidence&) const = default;
};

/// In the order that it is printed in: sources by identity, what is equal once (counts added, the earliest line kept).
Evidence normalised(Evidence evidence);

/// The union of the sources. nullopt: two hold one source with different contents (P7109), and that is reported.
/// Each must be normalised, as the reader's are.
std::optional<Evidence> merge(const std::vector<Evidence>& all, diag::Sink& sink);

}  // namespace polc::learn
