// Policies, compiled for one target or a set: those of the repository with the options of their first line, and drawn ones.
//   for_each_file(backend, [](const Compiled& one) { ... one.compilation.results ... });
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/load.hpp"

namespace polc::property {

struct Compiled {
  std::string name;  // "backends/plain/tests/one/policy.pol", "drawn 4711"
  diag::SourceMap sources;
  driver::Loaded loaded;
  driver::CompileRequest request;
  driver::Compilation compilation;
  bool has_errors = false;  // nothing may be written: a finding that nobody accepts, say
};
using CompiledVisitor = std::function<void(const Compiled&)>;
using Targets = std::span<const target::Backend* const>;

/// Those of the policies, examples and golden cases below a checkout, sorted.
std::vector<std::filesystem::path> policy_files(const std::filesystem::path& root);

/// The options of a golden case's first line: `# polc policy.pol --variant=a --option=K=V`; targets and verbs are not looked at.
driver::CompileRequest request_in(const std::string& policy_text);

/// Every policy, example and golden case that is sound for the target.
void for_each_file(const target::Backend& backend, const CompiledVisitor& visit);
/// The golden cases that hold an artefact of this target as it is printed, and no others.
void for_each_golden_artefact(const target::Backend& backend, const CompiledVisitor& visit);
/// The policy of this seed, or one that was made smaller, with options that follow from the seed.
void compile_drawn(Targets set, std::uint64_t seed, const ir::Policy& policy, const CompiledVisitor& visit);
void compile_drawn(const target::Backend& backend, std::uint64_t seed, const ir::Policy& policy, const CompiledVisitor& visit);

}  // namespace polc::property
