#include "testing.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "driver/load.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/generate.hpp"
#include "seccomp/machine.hpp"
#include "seccomp/seccomp.hpp"
#include "target/settings.hpp"

namespace polc::seccomp::testing {

std::vector<const target::LegalPolicy*> Compiled::pointers() const {
  std::vector<const target::LegalPolicy*> result;
  for (const target::Legalised& one : legal) result.push_back(&one.policy);
  return result;
}

target::Settings settings(const ir::Policy& policy, const GivenOptions& options, std::string_view format) {
  diag::Sink sink;
  const auto found = target::settings_for(backend(), policy, options, format, sink);
  REQUIRE(found);
  return *found;
}

std::unique_ptr<Compiled> compiled(const std::string& text, const GivenOptions& options,
                                   const decltype(target::Settings::call_counts)& counts, Arch arch) {
  auto result = std::make_unique<Compiled>();
  const auto path = std::filesystem::temp_directory_path() /
                    ("polc-seccomp-" + std::to_string(std::hash<std::string>{}(text)) + ".pol");
  std::ofstream(path, std::ios::binary) << text;
  diag::Sink sink;
  const auto loaded = driver::load({path.string()}, {}, result->sources, sink);
  std::filesystem::remove(path);
  auto policies = sink.has_errors() ? std::nullopt : sema::lower(loaded.program, {Os::linux_os, arch, {}}, sink);
  for (const auto& diagnostic : sink.all()) MESSAGE(diagnostic.message);
  REQUIRE(policies);
  result->policies = *std::move(policies);
  for (const ir::Policy& policy : result->policies) result->meanings.push_back(eval::meaning_of(policy));
  for (std::size_t i = 0; i < result->policies.size(); ++i) {
    target::Settings chosen = settings(result->policies[i], options);
    chosen.call_counts = counts;
    result->legal.push_back(target::legalise(result->policies[i], result->meanings[i], backend(), chosen));
  }
  return result;
}

std::string policy_of(std::string_view lines) { return "language 1;\npolicy p {\n" + std::string(lines) + "\n}\n"; }

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

Program program_of(const Compiled& compiled) { return generate(compiled.pointers()).program; }

Action answer(const Program& program, std::string_view call, const sets::Arguments& arguments) {
  const auto id = knowledge::find_call(Os::linux_os, call);
  REQUIRE(id);
  const auto number = knowledge::number_of(Arch::x86_64, *id);
  REQUIRE(number);
  return run(program, call_data(knowledge::audit_arch(Arch::x86_64), false, *number, arguments)).action;
}

std::string words_of(const std::optional<target::ProofFailure>& failure) { return failure ? failure->words : ""; }

}  // namespace polc::seccomp::testing
