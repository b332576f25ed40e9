// Glues the steps: program -> configurations -> artefacts -> verdicts, by reading each back.
//   Compilation c = compile(program, request, backends, sources, sink);   if (!sink.has_errors()) write c.results
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "opt/passes.hpp"
#include "sema/lower.hpp"
#include "target/enforce.hpp"
#include "target/judge.hpp"
#include "target/settings.hpp"

namespace polc::driver {

using Backends = std::span<const target::Backend* const>;

struct CompileRequest {
  std::vector<std::string> targets;
  std::string policy;  // empty: all
  std::vector<std::string> variants;
  Arch arch = Arch::x86_64;
  std::vector<Arch> more_architectures;  // in one artefact with `arch`, where the target can
  bool fuse = false;                     // all policies in one artefact, where the target can: what each of them allows
  std::vector<target::GivenOption> options;
  std::string format;  // empty: by the suffix of what is written, else each target's first
  std::string suffix;  // of the output file, without the dot; "*": each target's own
  std::map<std::string, std::uint64_t, std::less<>> call_counts;  // of --profile
  bool strict = false;
  std::vector<std::string> notes = {};   // for the heads of artefacts: what else the policy was made of
  bool leaves_out_deployed = false;      // who puts the targets in force does not put in force what the policy deploys besides
  std::vector<std::string_view> disabled_passes;
  target::Includes includes = {};  // of artefacts and raw text
  std::vector<std::string> include_directories = {};  // where that is; and drop-ins
};

/// One OS and architecture with its policies and what they mean. Lives as long as the Compilation.
struct Configured {
  Os os{};
  Arch arch{};
  std::vector<ir::Policy> policies;
  std::vector<eval::Meaning> meanings;
  std::vector<opt::Parts> said;  // what a backend chooses from (target::Source::parts): of the meanings, optimised
  std::vector<ir::Policy> others = {};  // of the same file, not asked for
};

/// One policy on one target.
struct TargetResult {
  const target::Backend* backend = nullptr;
  const ir::Policy* policy = nullptr;
  const eval::Meaning* meaning = nullptr;
  const opt::Parts* said = nullptr;  // what was chosen from (Configured::said)
  target::Settings settings;
  bool emitted = false;  // false: only deployed beside the others
  bool joined = false;   // its artefact is an earlier result's, made of several policies or architectures
  std::string text;      // the artefact; empty: none is written
  bool is_alone = false; // the text is of this policy alone, so that its lines are those of `enforced`
  target::Enforced enforced = {};
};

struct Compilation {
  std::deque<Configured> configurations;
  std::vector<TargetResult> results;  // by policy, then target as requested
};

/// Everything is reported into `sink`; with errors in it nothing may be written.
Compilation compile(const sema::Program& program, const CompileRequest& request, Backends backends,
                    const diag::SourceMap& sources, diag::Sink& sink);
/// The same; the program is let go as soon as its policies are lowered. (Measured: a sixth of a big policy's memory.)
Compilation compile(sema::Program&& program, const CompileRequest& request, Backends backends, const diag::SourceMap& sources,
                    diag::Sink& sink);

/// The OS under which a target compiles this program: by `option emulation`-like choices of its own none exist yet, so the
/// first of its systems that a platform of the program lists, or simply its first.
Os system_for(const target::Backend& backend, const sema::Program& program);

}  // namespace polc::driver
