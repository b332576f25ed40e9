// What a backend is: a table of answers, and three functions.
//
//   capabilities  one answer a Feature: can the target say it, and if not, why (shown to people)
//   choose        a policy -> the target's own typed rules, with a gap for each part that has no exact text (ruleset.hpp)
//   print         these rules -> text, with the origin of each line; cannot fail
//   read          any such text, whoever wrote it -> the set of accesses that the target then permits (reader.hpp)
//
// A backend never judges, and nowhere declares what its constructs permit: target::enforce (enforce.hpp) reads what was
// printed, compares that set with the policy's meaning, and blames each difference on the rules behind the lines.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "eval/meaning.hpp"
#include "ir/policy.hpp"
#include "target/features.hpp"
#include "target/includes.hpp"
#include "target/options.hpp"
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

/// The options in force and the format, checked against the backend's tables.
struct Settings {
  OptionValues options = {};  // the backend's struct
  std::map<std::string, std::string, std::less<>> words = {};  // the same as they were said, every key: for reports
  std::string format = {};  // one of Backend::formats
  std::map<std::string, std::uint64_t, std::less<>> call_counts = {};  // of --profile: calls made by name; empty: unknown
  /// The options of the other policies of the same file: what those are called on this target. Empty when none sets any.
  std::map<std::string, OptionValues, std::less<>> siblings = {};
  /// Of a target whose confinement is inherited: to which of the policy's own successors does it leave less than they should have?
  /// Sorted.
  std::vector<ir::Successor> losing = {};
  /// What the reader is told of the files that a text includes.
  Includes includes = {};
};

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

/// What a package says of an artefact beside its text.
struct Shipped {
  std::string profile = {};        // its name; empty: it is none
  bool is_child = false;           // of another profile
  std::string architectures = {};  // that it serves beside the policy's own, as the option names them
  std::string caution = {};        // why it protects less than one might think
};

/// What only calls do (knowledge/relation.hpp), of a member alone or of all.
struct SeenAct {
  std::string_view act, member;
};

/// A call by which an access is done out of a target's sight (knowledge/relation.hpp has it as a way).
struct UnseenWay {
  std::string_view access, call;
};

/// Of a target whose files are added to by others: a unit's drop-ins.
struct DropIns {
  /// The folders, below each place where the target looks, whose files add to a file of that name; the nearest first. Empty: it is no
  /// such file. nullptr: there are none on this target.
  std::vector<std::string> (*folders)(std::string_view file_name) = nullptr;
  std::string_view suffix = {};   // of the files in them
  std::string_view between = {};  // lines that end one file and whatever it left open, so that the next may follow in one text
};
struct SaidText;

struct Backend {
  std::string_view name;      // "systrace"
  std::string_view summary;   // one line for `polc targets`
  std::string_view suffix;    // of an output file, with the dot
  bool is_example = false;    // for learning how a backend is written: never chosen unless named
  bool needs_program = false; // an artefact is bound to a program's path
  bool names_matter = false;  // artefacts name each other: it is told the options of the other policies (Settings::siblings)
  bool says_by_line = false;  // each line of its artefacts can be said by itself, whatever stands before: polc import
  bool asks_ways = false;     // it sees calls: an access is permitted where one of its ways is (ways.hpp)
  bool is_inherited = false;  // what is executed stays under the artefact (Settings::losing)
  Shipping shipping = Shipping::none;
  std::vector<std::string_view> formats;  // the first is the default
  std::vector<OptionSpec> options;
  std::vector<Os> systems;    // it can serve; the first is its own
  std::span<const Capability> capabilities;
  std::span<const Loading> loading = {};  // the usual way first
  /// Acts that the target decides itself, by whatever call they are done: where it refuses the calls that tell, it refuses the
  /// others as well.
  std::span<const SeenAct> sees_acts = {};
  /// Of a target that decides accesses: what it is not asked about.
  std::span<const UnseenWay> unseen_ways = {};
  DropIns drop_ins = {};

  /// Never fails: what cannot be said is a gap.
  Chosen (*choose)(const Source& source, const Settings& settings) = nullptr;
  Printed (*print)(const Chosen& chosen, const Source& source, const Settings& settings) = nullptr;
  Read (*read)(std::string_view text, const ir::Configuration& configuration, const Settings& settings) = nullptr;

  // ---- the rest is optional: nullptr where a target has no use for it

  /// Its lines as statements of a policy, for `polc import`, where says_by_line is not enough (said.hpp).
  tl::expected<SaidText, ReadError> (*say)(std::string_view text, const ir::Configuration& configuration, const Settings& settings) = nullptr;
  /// One text for several policies: those of one architecture all hold at once, each architecture has its own. nullptr: there is
  /// no such text.
  Printed (*print_together)(std::span<const Member> members) = nullptr;
  /// The architectures that one text is read for, the configuration's first. nullptr: only that.
  std::vector<Arch> (*architectures)(const ir::Configuration& configuration, const Settings& settings) = nullptr;
  /// Where an option adds architectures, for which no policy was compiled: does the text say there what the policy's calls amount
  /// to? nullopt: it does.
  std::optional<ReadError> (*error_elsewhere)(std::string_view text, const Source& source, const Settings& settings) = nullptr;
  /// Of a target that packages ship. nullptr: there is nothing to say.
  Shipped (*shipped)(const ir::Policy& policy, const Settings& settings) = nullptr;
};

/// The backend's answer to a feature.
const Capability& capability_of(const Backend& backend, Feature feature);

}  // namespace polc::target
