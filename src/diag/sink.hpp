// Collects diagnostics: sink.add(diag::unknown_syscall, range, name).note(at, "did you mean `{}`?").fix(at, "open");
// The order of adding does not matter: sorted() is by position, without repeats of one id at one place.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "diag/diagnostic.hpp"

namespace polc::diag {

class Added {
 public:
  Added() = default;
  Added(std::vector<Diagnostic>& all, std::size_t place) : all_(&all), place_(place) {}
  Added& note(SourceRange range, std::string text, NoteKind kind = NoteKind::note);
  Added& note(std::string text, NoteKind kind = NoteKind::note);  // about no line in particular
  Added& fix(SourceRange range, std::string text);

 private:
  // By its place, for the sink may get others before this one is complete.
  std::vector<Diagnostic>* all_ = nullptr;  // null when the sink is full; then everything is swallowed
  std::size_t place_ = 0;
};

class Sink {
 public:
  template <class... Arguments, class... Given>
  Added add(const Kind<Arguments...>& kind, SourceRange range, Given&&... given) {
    static_assert(sizeof...(Arguments) == sizeof...(Given), "the catalogue says how many arguments this diagnostic takes");
    return add_text(kind.id, kind.name, kind.severity, range, true,
                    formatted<Arguments...>(kind.message, Arguments(std::forward<Given>(given))...));
  }
  /// About no place in a file: an option, a missing target, the world.
  template <class... Arguments, class... Given>
  Added add_unlocated(const Kind<Arguments...>& kind, Given&&... given) {
    static_assert(sizeof...(Arguments) == sizeof...(Given), "the catalogue says how many arguments this diagnostic takes");
    return add_text(kind.id, kind.name, kind.severity, {}, false,
                    formatted<Arguments...>(kind.message, Arguments(std::forward<Given>(given))...));
  }

  /// One that another sink collected.
  void add_diagnostic(Diagnostic diagnostic);

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  /// Sorted by file and position, one for each (id, range), at most `cap` errors of syntax a file.
  std::vector<Diagnostic> sorted() const;
  const std::vector<Diagnostic>& all() const { return diagnostics_; }

 private:
  template <class... Arguments>
  static std::string formatted(std::string_view message, const Arguments&... arguments) {
    return fmt::vformat(message, fmt::make_format_args(arguments...));
  }
  Added add_text(std::string_view id, std::string_view name, Severity severity, SourceRange range, bool located,
                 std::string message);

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

}  // namespace polc::diag
