// What went wrong, as data. A Kind is one line of the catalogue; a Diagnostic is one use of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diag/source.hpp"

namespace polc::diag {

enum class Severity : std::uint8_t { error, warning, info };
std::string_view name_of(Severity severity);

/// A catalogue line. `Arguments` are the types that its message takes; a wrong use does not compile.
template <class... Arguments>
struct Kind {
  std::string_view id;      // "P2003"
  Severity severity;
  std::string_view name;    // "unknown_syscall"
  std::string_view message; // fmt's syntax
};

/// What a note is about, so that nobody compares texts: where the statement is used from, which rule opened what a deny refuses, a
/// step of a way, what would help, how the program is called.
enum class NoteKind : std::uint8_t { note, used_here, opened_by, step, help, usage };
std::string_view name_of(NoteKind kind);

struct Note {
  SourceRange range;
  std::string text;
  bool located = true;
  NoteKind kind = NoteKind::note;
};

/// Replaces the bytes of `range` by `text`; `safe` ones keep the meaning that the author plainly had.
struct FixIt {
  SourceRange range;
  std::string text;
};

struct Diagnostic {
  std::string_view id;
  std::string_view name;
  Severity severity = Severity::error;
  SourceRange range;
  bool located = true;  // false: about a file, an option or the world, no line to show
  std::string message;
  std::vector<Note> notes;
  std::vector<FixIt> fixes;
};

}  // namespace polc::diag
