// What the tests share: policies from text, the whole way to a program and back.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ir/policy.hpp"
#include "seccomp/instruction.hpp"
#include "target/enforce.hpp"
#include "target/settings.hpp"

namespace polc::seccomp::testing {

/// Policies with what is chosen for each; they stay where they are.
struct Compiled {
  std::deque<ir::Policy> policies;
  std::deque<eval::Meaning> meanings;
  std::deque<std::vector<eval::Part>> parts;
  std::deque<target::Settings> settings;
  std::deque<target::Source> said;
  std::deque<target::Chosen> chosen;
  diag::SourceMap sources;

  void add(ir::Policy policy, target::Settings its);
  std::vector<target::Member> members() const;
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

}  // namespace polc::seccomp::testing
