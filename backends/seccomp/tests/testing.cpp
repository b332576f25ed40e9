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
#include "seccomp/ruleset.hpp"
#include "seccomp/seccomp.hpp"
#include "target/settings.hpp"

namespace polc::seccomp::testing {

void Compiled::add(ir::Policy policy, target::Settings its) {
  const ir::Policy& kept = policies.emplace_back(std::move(policy));
  const eval::Meaning& meaning = meanings.emplace_back(eval::meaning_of(kept));
  sets::Budget budget;
  const auto& said_parts = parts.emplace_back(target::parts_to_say(meaning, meaning.parts(), budget));
  const target::Settings& chosen_settings = settings.emplace_back(std::move(its));
  const target::Source& source = said.emplace_back(target::Source{kept, meaning, said_parts, sources});
  chosen.push_back(choose(source, chosen_settings));
}

std::vector<target::Member> Compiled::members() const {
  std::vector<target::Member> result;
  for (std::size_t i = 0; i < policies.size(); ++i) result.push_back({chosen[i], said[i], settings[i]});
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
  for (ir::Policy& policy : *policies) {
    target::Settings its = settings(policy, options);
    its.call_counts = counts;
    result->add(std::move(policy), std::move(its));
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

Program program_of(const Compiled& compiled) { return generate(compiled.members()).program; }

Action answer(const Program& program, std::string_view call, const sets::Arguments& arguments) {
  const auto id = knowledge::find_call(Os::linux_os, call);
  REQUIRE(id);
  const auto number = knowledge::number_of(Arch::x86_64, *id);
  REQUIRE(number);
  return run(program, call_data(knowledge::audit_arch(Arch::x86_64), false, *number, arguments)).action;
}

}  // namespace polc::seccomp::testing
