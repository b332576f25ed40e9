// What a backend makes of a policy: typed rules of its own (choose), and their text with the origin of each line (print).
//   Chosen chosen = backend.choose(source, settings);
//   Printed printed = backend.print(chosen, source, settings);
// Nothing here says what the text permits: that is read from it (reader.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/sink.hpp"
#include "eval/meaning.hpp"
#include "sets/path_space.hpp"
#include "target/features.hpp"

namespace polc::target {

struct Settings;

/// A part of a policy for which nothing exact is chosen. `refused`: no sound text exists for it, which is the rule's verdict.
/// Any other verdict gives only the reason, where the comparison finds such a difference inside the part.
struct Gap {
  static constexpr std::uint32_t everybody = ~std::uint32_t{0};
  ir::Box part;
  ir::Verdict verdict{};
  Feature because{};
  std::uint32_t from = 0;  // place in Source::parts; everybody: the target looks at nothing of the part's kind
  std::string words = {};  // the reason, where it is the part's own and not the feature's
};

/// Why a line of an artefact is there.
struct Origin {
  enum class Kind : std::uint8_t {
    rules,  // for parts of the policy
    raw,    // raw text of the policy's own
    fixed,  // printed for everybody, or a comment
  };
  Kind kind = Kind::fixed;
  std::vector<std::uint32_t> from = {};  // rules: places in Source::parts; raw: one place in Policy::raws
  std::string_view why = {};             // fixed: in the words of a report; empty for comments and blank lines. Of a line that is
                                         // there for rules: why it would be without them, too
  std::vector<ir::RuleId> rules = {};    // of the rules of these parts those that the line is there for, sorted; empty: all
};

/// What a rule of the target's is there for, before it is a line.
struct Behind {
  std::vector<std::uint32_t> parts = {};
  std::vector<ir::RuleId> rules = {};

  void add(const Behind& more);
  void sort_unique();
  Origin origin() const { return {Origin::Kind::rules, parts, {}, rules}; }
};

/// Where notes went into a text, and how many lines they are.
struct NotesAt {
  unsigned line = 0, count = 0;
  /// The line of the finished text that was this one before them.
  unsigned after(unsigned before) const { return before > line ? before + count : before; }
};

struct Printed {
  std::string text;
  std::vector<Origin> origins;  // by line; of a binary format by instruction
  std::optional<std::size_t> head = {};  // byte at which notes go in; none: the format has no place for them
  std::string_view note_begins = "# ";   // a line of notes
  std::string unfit = {};   // why the target would refuse it, as for its size, or the format has no word for it; else empty

  /// Adds a line (or several, of one origin), and the line breaks that are missing.
  void add(std::string_view lines, Origin origin);
  void comment(std::string_view line) { add(line, {}); }
  /// The next lines of notes go in here.
  void mark_head() { head = text.size(); }
  /// Puts notes into the head; nothing may be added after that.
  void insert_notes(const std::vector<std::string>& notes);
  /// The line of the finished text that was this one before insert_notes.
  unsigned line_after_head(unsigned line) const { return notes_.after(line); }
  const NotesAt& notes() const { return notes_; }

 private:
  std::string as_comment(std::string note) const;

  NotesAt notes_;
};

/// All that choose and print may look at.
struct Source {
  const ir::Policy& policy;
  const eval::Meaning& meaning;
  /// What the policy means, optimised, a verb each; with what its allows bring along, and what its denies keep away.
  const std::vector<eval::Part>& parts;
  const diag::SourceMap& sources;
};

/// A part of the policy that is being said.
struct Wish {
  const Source& source;
  std::uint32_t from = 0;  // place in Source::parts
  std::vector<Gap>& gaps;

  const eval::Part& part() const { return source.parts[from]; }
  bool is_implied() const { return part().implied; }  // a call that a rule only needs
  bool is_allow() const { return part().effect == ir::Effect::allow; }
  void gap(ir::Box box, ir::Verdict verdict, Feature because) const { gaps.push_back({std::move(box), verdict, because, from}); }
};

struct Chosen {
  std::shared_ptr<const void> ruleset;  // the backend's own
  std::vector<Gap> gaps = {};
  std::vector<diag::Diagnostic> diagnostics = {};  // what the target's own tools would refuse without naming a place
};

/// One of the policies that are printed together.
struct Member {
  const Chosen& chosen;
  const Source& source;
  const Settings& settings;
};

/// The parts that a Source holds, from those of a meaning that may have been optimised.
std::vector<eval::Part> parts_to_say(const eval::Meaning& meaning, const std::vector<eval::Part>& parts, sets::Budget& budget);

}  // namespace polc::target
