// polc targets: what there is to compile for. All about one: how it is loaded, and what it can enforce.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "driver/names_check.hpp"
#include "registry.hpp"
#include "support/lines.hpp"

namespace polc::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string head_of(const target::Backend& backend) {
  std::string text =
      fmt::format("{:<12} {}\n             formats: {}\n", backend.name, backend.summary, fmt::join(backend.formats, ", "));
  for (const auto& option : backend.options)
    text += fmt::format("             --option={}.{}={}: {}\n", backend.name, option.key, fmt::join(option.values, "|"), option.what);
  return text;
}

void print_lines(std::string& text, std::string_view lines) {
  while (!lines.empty()) text += fmt::format("               {}\n", take_line(lines));
}

std::string loading_of(const target::Backend& backend) {
  std::string text;
  for (const target::Loading& way : backend.loading) {
    text += fmt::format("  loaded by {} ({})\n", way.with, way.command.empty() ? "no" : way.format);
    print_lines(text, way.command);
    if (!way.loses.empty()) text += fmt::format("             {}\n", way.loses);
  }
  return text;
}

std::string capabilities_of(const target::Backend& backend) {
  std::string text;
  for (const auto& row : backend.capabilities)
    text += fmt::format("  {:<11} {:<22} {}\n", ir::name_of(row.support), target::name_of(row.feature), row.why);
  return text;
}

Json json_of(const target::Backend& backend, bool is_whole) {
  Json result{{"name", backend.name}, {"summary", backend.summary}, {"suffix", backend.suffix}, {"formats", backend.formats}};
  result["options"] = Json::array();
  for (const auto& option : backend.options)
    result["options"].push_back({{"key", option.key}, {"values", option.values}, {"what", option.what}});
  if (!is_whole) return result;
  result["loading"] = Json::array();
  for (const target::Loading& way : backend.loading)
    result["loading"].push_back({{"with", way.with}, {"format", way.format}, {"command", way.command}, {"loses", way.loses}});
  result["capabilities"] = Json::array();
  for (const auto& row : backend.capabilities)
    result["capabilities"].push_back(
        {{"feature", target::name_of(row.feature)}, {"verdict", ir::name_of(row.support)}, {"why", row.why}});
  return result;
}

}  // namespace

int list_targets(const Options& options, diag::Sink& sink) {
  const bool is_whole = !options.argument.empty();
  Json all = Json::array();
  std::string text;
  for (const target::Backend* backend : backends::all()) {
    if (is_whole && backend->name != options.argument) continue;
    all.push_back(json_of(*backend, is_whole));
    text += head_of(*backend);
    if (is_whole) text += loading_of(*backend) + capabilities_of(*backend);
  }
  if (all.empty()) {
    driver::backend_named(backends::all(), options.argument, sink);
    return usage;
  }
  if (options.format == "json") return print(Json{{"version", 1}, {"targets", all}}.dump(2) + "\n");
  return print(text);
}

}  // namespace polc::cli
