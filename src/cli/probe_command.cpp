// `polc probe`: what this host enforces, a line a mechanism.
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "sandbox/probe.hpp"

namespace polc::cli {
namespace {

constexpr std::array<std::string_view, 4> states{"enforced", "partial", "absent", "unknown"};

std::string_view name_of(sandbox::State state) { return states[static_cast<std::size_t>(state)]; }

}  // namespace

int probe_host(const Options& options) {
  nlohmann::ordered_json document{{"version", 1}, {"rows", nlohmann::ordered_json::array()}};
  std::string text;
  for (const sandbox::Found& row : sandbox::probe_host()) {
    document["rows"].push_back({{"name", row.name}, {"state", name_of(row.state)}, {"detail", row.detail}});
    text += fmt::format("{:<20}{:<10}{}\n", row.name, name_of(row.state), row.detail);
  }
  return print(options.format == "json" ? document.dump(2) + "\n" : text);
}

}  // namespace polc::cli
