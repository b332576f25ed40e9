// What an artefact means: the one place where a target's semantics is written, for polc's own text and for anybody's.
//   Read reading = backend.read(text, configuration, settings);
// Start from everything in each class (features.hpp) and say why a part stays or goes: silence of the text is an answer too.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "eval/meaning.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// What shows in no access of a policy, in one spelling each: "ProtectHome=yes".
struct Directive {
  std::string text;
  std::string key = {};  // what a later directive of the same key replaces; empty: nothing
  unsigned line = 0;     // 1-based; 0: nowhere, the target's default
  /// The line is where it stands, not what it says.
  bool operator<(const Directive& other) const { return text < other.text; }
  bool operator==(const Directive& other) const { return text == other.text; }
};

/// How refused accesses end, where the text says so.
struct Answer {
  std::string what;     // "EPERM", "kill", "log", "quiet"
  int severity = 0;     // of several texts that hold at once the one with the greatest answers
  eval::Meaning where;  // accesses that are not permitted
};

/// What the reader does not know and has widened T by: "what `<abstractions/base>` holds".
struct Unknown {
  unsigned line = 0;
  std::string what;
};

struct Reading {
  /// T: what the artefact permits, in every class; each part with its line, or none for the target's own default.
  eval::Meaning permits;
  std::vector<Answer> answers = {};
  std::set<Directive> directives = {};
  std::vector<Unknown> unknown = {};
  /// Why the target refuses nothing that `permits` lacks, but only tells of it: "flags=(complain)". nullopt: it refuses.
  std::optional<Unknown> unenforced = {};
};

struct ReadError {
  enum class Kind : std::uint8_t { unreadable, too_complex };
  unsigned line = 0;  // 1-based; 0: the text as a whole
  std::string message;
  Kind kind = Kind::unreadable;
};
using Read = tl::expected<Reading, ReadError>;

/// Would an attempt that performs this access succeed as far as the target decides it? Where that is not sure: it may.
bool permits(const Reading& reading, const ir::Point& point);
/// The line (1-based) that decides an access, for `polc explain`; `notes`: of the finished text. nullopt: no line, the target's
/// own default.
std::optional<unsigned> line_for(const Reading& reading, const ir::Point& point, const NotesAt& notes = {});

}  // namespace polc::target
