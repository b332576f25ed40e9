// `polc replay`: what would a policy have refused of what programs were seen to do? Asked of the meaning and of each artefact, by the
// readers that `polc test` uses. `polc why` asks the same of one event.
//   auto replay = Replay::open(files, loaded.program, request, backends, sources, sink);
//   const Replayed all = replay->of(evidence, sink);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/edits.hpp"
#include "learn/observed.hpp"

namespace polc::driver {

/// Who refuses an access, and how: "meaning", "kill".
struct Refusal {
  std::string by, reaction;
};

/// What a policy says to one access.
struct Explained {
  const ir::Policy* policy = nullptr;
  std::string access;
  std::vector<Refusal> by;               // empty: it is allowed
  bool nobody_sees = false;              // no target of the set looks at such accesses
  std::optional<ir::RuleId> nearest;
  std::vector<ir::RuleId> denies;        // deny rules that name it: then there is no edit
  std::optional<Edit> edit;
};

/// One event of the evidence that is worth telling.
struct ReplayedEvent {
  Explained explained;
  std::uint64_t count = 0;
  std::size_t runs = 0;
  std::string first;  // "nginx:795"
};

struct Replayed {
  std::vector<ReplayedEvent> denied;
  std::vector<ReplayedEvent> killed;         // questions that would end the program
  std::vector<ReplayedEvent> refused_before; // with `by` empty: the policy allows them
  std::vector<std::string> unseen;           // accesses that no target sees
  std::vector<std::pair<const ir::Policy*, ir::RuleId>> unused;
  std::size_t rules = 0;                     // of the user's files
  std::uint64_t accesses = 0, events = 0, denied_events = 0;
  std::vector<std::string> ungoverned;       // programs that no policy of the file names
};

class Replay {
 public:
  /// nullopt: the policies cannot be compiled; reported. The arguments must outlive it.
  static std::unique_ptr<Replay> open(const std::vector<std::string>& files, const sema::Program& program, CompileRequest request,
                                      const std::vector<std::string>& directories, Backends backends, diag::SourceMap& sources, diag::Sink& sink);

  /// nullopt: none of the programs is governed (P7112), or an access cannot be understood; reported.
  std::optional<Replayed> of(const learn::Evidence& evidence, diag::Sink& sink);

  struct Asking {
    bool edits = false;  // look for an edit, too
    bool whole = false;  // a call is allowed where all of it is: nobody knows its arguments
  };
  /// One access of one policy.
  Explained explain(std::size_t policy, const std::string& access, const learn::Boxes& boxes, Asking asking);

  /// The access as sets. nullopt: it is none; reported.
  std::optional<learn::Boxes> boxes_of(const std::string& access, diag::Sink& sink);
  /// The place of the policy that governs a program; an empty path asks for the only one. nullopt: there is none, or several.
  std::optional<std::size_t> policy_of(const std::string& program) const;
  std::string programs() const;  // for messages: which are governed

  const Configured& configured() const { return *configured_; }
  const std::vector<std::string>& targets() const { return request_.targets; }
  /// What becomes of a call that no rule brings: "kill".
  std::string reaction_to(const ir::Policy& policy, std::string_view target, const learn::Boxes& boxes) const;

 private:
  Replay(const std::vector<std::string>& files, const sema::Program& program, CompileRequest request, const std::vector<std::string>& directories,
         diag::SourceMap& sources);
  bool would_end(const ir::Policy& policy, const eval::Meaning& meaning, const learn::Seen& asked);
  void note_use(std::size_t policy, const learn::Boxes& boxes);

  const sema::Program& program_;
  CompileRequest request_;
  diag::SourceMap& sources_;
  Compilation compilation_;
  std::optional<Configured> configured_;
  Editor editor_;
  std::vector<std::vector<bool>> used_;  // of each policy, its rules
};

std::string text_of(const Replayed& all, const Replay& replay, const learn::Evidence& evidence, const diag::SourceMap& sources);
std::string json_of(const Replayed& all, const Replay& replay, const learn::Evidence& evidence, const diag::SourceMap& sources);

/// Why an access is refused, in indented lines: the nearest rule, the deny, the edit.
std::string reasons_of(const Explained& explained, const diag::SourceMap& sources);

}  // namespace polc::driver
