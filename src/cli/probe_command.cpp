// `polc probe`: what this host enforces, a line a mechanism, and what becomes of a policy on it.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "cli/run_command.hpp"
#include "driver/ladder.hpp"
#include "registry.hpp"
#include "sandbox/host.hpp"
#include "sandbox/probe.hpp"

namespace polc::cli {
namespace {

constexpr std::array<std::string_view, 4> states{"enforced", "partial", "absent", "unknown"};

std::string_view name_of(sandbox::State state) { return states[static_cast<std::size_t>(state)]; }

nlohmann::ordered_json json_of(const std::vector<sandbox::Found>& host) {
  nlohmann::ordered_json document{{"version", 1}, {"rows", nlohmann::ordered_json::array()}};
  for (const sandbox::Found& row : host) document["rows"].push_back({{"name", row.name}, {"state", name_of(row.state)}, {"detail", row.detail}});
  return document;
}

std::string text_of(const std::vector<sandbox::Found>& host) {
  std::string text;
  for (const sandbox::Found& row : host) text += fmt::format("{:<20}{:<10}{}\n", row.name, name_of(row.state), row.detail);
  return text;
}

// The youngest rung that this kernel reaches; empty: none.
std::string_view rung_here(const target::Ladder& ladder) {
  const unsigned abi = sandbox::host_of(sandbox::Kernel()).landlock_abi;
  return abi == 0 ? std::string_view() : ladder.rungs[std::min<std::size_t>(abi, ladder.rungs.size()) - 1].word;
}

std::string words_of(const Prospect& prospect) {
  if (!prospect.starts) {
    const std::string why = prospect.why_not.empty() ? "of the errors that are told" : prospect.why_not;
    return fmt::format("polc run would not start a program under `{}`: {}\n", prospect.policy, why);
  }
  return fmt::format("polc run would start a program under `{}`, with Landlock of ABI {}\n", prospect.policy, prospect.abi);
}

}  // namespace

int probe_host(const Options& options) {
  const auto host = sandbox::probe_host();
  return print(options.format == "json" ? json_of(host).dump(2) + "\n" : text_of(host));
}

int probe_policy(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources,
                 diag::Sink& sink) {
  const Prospect prospect = prospect_of_run(program, request, options, sources, sink);
  if (prospect.policy.empty()) return no;
  driver::CompileRequest one = request;
  one.policy = prospect.policy;
  one.targets = {"landlock"};
  one.leaves_out_deployed = true;
  one.options.push_back({"landlock", "exec", "launcher"});
  const target::Ladder& ladder = *backends::find_ladder("landlock");
  const bool as_json = options.format == "json";
  const std::string rungs = driver::ladder_of(program, one, ladder, backends::all(), as_json, rung_here(ladder), sources);
  const auto host = sandbox::probe_host();
  std::string text;
  if (as_json) {
    auto document = json_of(host);
    document["ladders"] = nlohmann::ordered_json::parse(rungs)["ladders"];
    document["run"] = {{"policy", prospect.policy}, {"starts", prospect.starts}, {"landlock_abi", prospect.abi}, {"why_not", prospect.why_not}};
    text = document.dump(2) + "\n";
  } else {
    text = fmt::format("{}\n{}\n{}", text_of(host), rungs, words_of(prospect));
  }
  const int status = print(text);
  return status != done ? status : prospect.starts ? done : no;
}

}  // namespace polc::cli
