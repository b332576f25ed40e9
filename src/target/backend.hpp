// What a backend is: a table of answers, a projection, an emitter and a reader written apart from it.
//
//   capabilities  one answer a Feature: can the target say it, and if not, why (shown to people)
//   project       one box of a rule -> the constructs that say it, each with what it will REALLY permit, as boxes
//   emit          prints a LegalPolicy; cannot fail
//   read          turns any such text back into a Reader, which decides points by the target's own rules
//
// target::legalise (legalise.hpp) calls project for every rule, unites the meanings to the set T that the artefact will
// permit, and computes each verdict by comparing T with the policy's meaning. So a backend never judges: it declares, and
// its reader is held to the declaration.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "diag/sink.hpp"
#include "eval/meaning.hpp"
#include "ir/policy.hpp"
#include "target/features.hpp"
#include "target/reader.hpp"
#include "target/ruleset.hpp"

namespace polc::target {

/// The target's answer to one feature at its best settings; `why` is a short sentence for reports, empty when exact.
struct Capability {
  Feature feature;
  ir::Verdict support;
  std::string_view why;
};
/// True when the rows answer every feature once, in the enum's order: static_assert(answers_every_feature(capabilities)).
template <std::size_t n>
constexpr bool answers_every_feature(const std::array<Capability, n>& rows) {
  if (n != feature_count) return false;
  for (std::size_t i = 0; i < n; ++i)
    if (rows[i].feature != static_cast<Feature>(i) || (rows[i].support != ir::Verdict::exact && rows[i].why.empty())) return false;
  return true;
}

/// An option of `target T { option K = V; }`. The first value is the default; no values: any word is taken.
struct OptionSpec {
  std::string_view key;
  std::vector<std::string_view> values;
  std::string_view what;
  /// Of an option that takes any word: is it one that says something? nullptr: all do. `shape` tells people what would.
  bool (*fits)(std::string_view word) = nullptr;
  std::string shape = {};
};

/// The options in force and the format, checked against the backend's tables: every key is present.
struct Settings {
  std::map<std::string, std::string, std::less<>> options;
  std::string format;  // one of Backend::formats
  std::map<std::string, std::uint64_t, std::less<>> call_counts = {};  // of --profile: calls made by name; empty: unknown
  /// The options of the other policies of the same file: what those are called on this target. Empty when none sets any.
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> siblings = {};
  /// Of a target whose confinement is inherited: to which of the policy's own successors does it leave less than they should have?
  /// Sorted.
  std::vector<ir::Successor> losing = {};
  std::string_view at(std::string_view key) const;
};

/// One construct of the target that says (part of) a box.
struct Piece {
  ir::Box wanted;                // the part of the rule's box that it says; the emitter prints from this and `form`
  std::vector<ir::Box> meaning;  // what it permits (for a deny rule: refuses), exactly; at least `wanted`
  std::uint16_t form = 0;        // the backend's own number: which construct (see its model.hpp)
  std::vector<Feature> because;  // what it cannot say exactly; empty when meaning == wanted
};
/// A part of a box for which nothing is printed.
struct Lack {
  ir::Box part;
  ir::Verdict verdict{};  // unmediated, narrower or refused
  Feature because{};
};
struct Projection {
  std::vector<Piece> pieces;
  std::vector<Lack> lacks;
};

/// A piece as it will be printed, with the rule it comes from.
struct LegalRule {
  ir::RuleId rule;
  ir::Effect effect{};
  Piece piece;
};

/// A policy that its target can print. Only legalise makes one. It does not own the policy that it was made from.
class LegalPolicy {
 public:
  const ir::Policy& policy() const { return *policy_; }
  const Settings& settings() const { return settings_; }
  const std::vector<LegalRule>& rules() const { return rules_; }
  /// Classes and parts that the target does not see at all: permitted whatever the policy says.
  const std::vector<ir::Box>& unmediated() const { return unmediated_; }
  /// Lines for the artefact's header: what was accepted, with the reasons. No line breaks inside.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  friend class Legaliser;
  const ir::Policy* policy_ = nullptr;
  Settings settings_;
  std::vector<LegalRule> rules_;
  std::vector<ir::Box> unmediated_;
  std::vector<std::string> notes_;
};

/// What is written. `text` may be binary for other formats.
struct Artifact {
  std::string text;
  std::string too_large = {};  // the target would refuse it for its size: the figures, in words; else empty
};

/// An artefact read back: it answers as the target would.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Would an attempt that performs this access succeed as far as the target decides it? A file or net access: there is a
  /// call by which it is permitted. A call: there is something (a path, an address) with which it is permitted.
  virtual bool permits(const ir::Point& point) const = 0;
  /// Points worth asking because the artefact names them (its paths, addresses, ports, calls ...), for `polc verify`.
  virtual std::vector<ir::Point> mentioned() const = 0;
  /// The artefact's line (1-based) that decides a point, for `polc explain`; nullopt: no line, the target's default.
  virtual std::optional<unsigned> line_for(const ir::Point& point) const = 0;
  /// What the whole artefact permits, where the target's language is one that boxes can say: it is then compared with what
  /// was meant exactly. nullptr: it can only be asked point by point.
  virtual const eval::Meaning* meaning() const { return nullptr; }
  /// Does meaning() say everything of this class? A class for which it does not is asked point by point.
  virtual bool is_exact_for(ir::AccessClass) const { return meaning() != nullptr; }
  /// What the artefact says that shows in no access of a policy, one entry a saying, in one spelling ("ProtectHome=yes"): `polc
  /// verify` holds it to what the policy's own artefact says.
  virtual std::set<std::string> further() const { return {}; }
};
/// Backend::project for the boxes of one policy.
using Projector = std::function<Projection(const ir::Box& box, ir::Effect effect)>;
using ReadResult = tl::expected<std::unique_ptr<Reader>, ReadError>;

/// A way in which an artefact is put to use.
struct Loading {
  std::string_view with;     // who loads it: "bubblewrap"
  std::string_view format;   // of the artefact, one of Backend::formats
  std::string_view command;  // for a policy named tor; several lines are several commands. Empty: there is no such way
  std::string_view loses;    // what it enforces less, or refuses more, than the artefact says; empty: nothing
};

/// What a distribution's package of a policy makes of the artefact.
enum class Shipping : std::uint8_t {
  none,
  profile,  // installed with the system's profiles, and named by the unit
  drop_in,  // of the unit
  filter,   // installed for launchers, and as a header for building the program
};

struct Backend {
  std::string_view name;      // "systrace"
  std::string_view summary;   // one line for `polc targets`
  std::string_view suffix;    // of an output file, with the dot
  bool is_example = false;    // for learning how a backend is written: never chosen unless named
  bool needs_program = false; // an artefact is bound to a program's path
  bool names_matter = false;  // artefacts name each other: it is told the options of the other policies (Settings::siblings)
  bool is_inherited = false;  // what is executed stays under the artefact (Settings::losing)
  Shipping shipping = Shipping::none;
  std::vector<std::string_view> formats;  // the first is the default
  std::vector<OptionSpec> options;
  std::vector<Os> systems;    // it can serve; the first is its own
  std::span<const Capability> capabilities;
  std::span<const Loading> loading = {};  // the usual way first

  // ---- a backend whose reader is its only semantics: choose, print, read (ruleset.hpp, reader.hpp)

  /// Never fails: what cannot be said is a gap.
  Chosen (*choose)(const Source& source, const Settings& settings) = nullptr;
  Printed (*print)(const Chosen& chosen, const Source& source, const Settings& settings) = nullptr;
  Read (*read_text)(std::string_view text, const ir::Configuration& configuration, const Settings& settings) = nullptr;
  /// One text for several policies: those of one architecture all hold at once, each architecture has its own. nullptr: there is
  /// no such text.
  Printed (*print_together)(std::span<const Member> members) = nullptr;
  /// The architectures that one text is read for, the configuration's first. nullptr: only that.
  std::vector<Arch> (*architectures)(const ir::Configuration& configuration, const Settings& settings) = nullptr;
  /// Where an option adds architectures, for which no policy was compiled: does the text say there what the policy's calls amount
  /// to? nullopt: it does.
  std::optional<ReadError> (*error_elsewhere)(std::string_view text, const Source& source, const Settings& settings) = nullptr;

  // ---- one that still declares what its constructs permit

  /// How one box of a rule is said. Boxes come with a single verb (file, pair, net) each; places and calls may be several.
  Projection (*project)(const ir::Box& box, ir::Effect effect, const ir::Policy& policy, const Settings& settings) = nullptr;
  /// What the target never sees under these settings.
  std::vector<ir::Box> (*unmediated)(const ir::Policy& policy, const Settings& settings) = nullptr;
  Artifact (*emit)(const LegalPolicy& policy, const diag::SourceMap& sources) = nullptr;
  ReadResult (*read)(std::string_view text, const ir::Configuration& configuration, const Settings& settings) = nullptr;

  // ---- the rest is optional: nullptr where a target has no use for it

  /// Where a box is said by what the whole policy says: looks at that once, for all its boxes. The policy must outlive it.
  Projector (*projector)(const ir::Policy& policy, const Settings& settings) = nullptr;
  /// What the target's own tools would refuse without naming a place, reported at the policy's line.
  void (*check)(const ir::Policy& policy, const eval::Meaning& meaning, const Settings& settings, diag::Sink& sink) = nullptr;
};

/// How the boxes of this policy are said: by Backend::projector, or else by Backend::project, box by box.
Projector projector_of(const Backend& backend, const ir::Policy& policy, const Settings& settings);

/// The artefact read back, whichever way the backend reads.
ReadResult read_artefact(const Backend& backend, std::string_view text, const ir::Configuration& configuration, const Settings& settings);

/// The backend's answer to a feature.
const Capability& capability_of(const Backend& backend, Feature feature);

}  // namespace polc::target
