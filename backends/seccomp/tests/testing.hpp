// What the tests share: policies from text, the whole way to a program and back.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ir/policy.hpp"
#include "seccomp/instruction.hpp"
#include "target/legalise.hpp"
#include "target/settings.hpp"

namespace polc::seccomp::testing {

/// One policy in language 1, lowered and legalised; the policies stay where they are.
struct Compiled {
  std::vector<ir::Policy> policies;
  std::vector<eval::Meaning> meanings;
  std::deque<target::Legalised> legal;
  diag::SourceMap sources;
  std::vector<const target::LegalPolicy*> pointers() const;
};
using GivenOptions = std::vector<target::GivenOption>;

target::Settings settings(const ir::Policy& policy, const GivenOptions& options = {}, std::string_view format = "bpf");
/// The text must be right.
std::unique_ptr<Compiled> compiled(const std::string& text, const GivenOptions& options = {},
                                   const decltype(target::Settings::call_counts)& counts = {},
                                   Arch arch = Arch::x86_64);
/// A policy with these lines: rules and defaults.
std::string policy_of(std::string_view lines);
std::string file_text(const std::string& path);
Program program_of(const Compiled& compiled);
/// The answer to one call on x86_64.
Action answer(const Program& program, std::string_view call, const sets::Arguments& arguments = {});

/// Empty: proven.
std::string words_of(const std::optional<target::ProofFailure>& failure);

}  // namespace polc::seccomp::testing
