// What is told of an imported policy, to people and to machines.
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "driver/import.hpp"

namespace polc::driver {
namespace {

constexpr std::array<std::string_view, 5> outcome_names{"said", "raw", "neutral", "dropped", "unknown"};

std::array<std::size_t, outcome_names.size()> counts_of(const Imported& imported) {
  std::array<std::size_t, outcome_names.size()> counts{};
  for (const ImportedLine& line : imported.lines) ++counts[static_cast<std::size_t>(line.outcome)];
  return counts;
}

}  // namespace

std::string_view name_of(ImportedLine::Outcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }

std::string summary_of(const Imported& imported) {
  std::vector<std::string> parts;
  const auto counts = counts_of(imported);
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] != 0) parts.push_back(fmt::format("{} {}", counts[i], outcome_names[i]));
  const std::string checked = !imported.is_checked ? "not compiled again" : imported.is_equal ? "compiled again: equal" : fmt::format("{}: {} {}", imported.compiles ? "compiled again" : "it does not compile", imported.differences.size(), imported.compiles ? "differences" : "errors");
  return fmt::format("{}: {} lines: {}; {}", imported.name, imported.lines.size(), parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", ")), checked);
}

std::string json_of(const Imported& imported, std::string_view target) {
  nlohmann::ordered_json document{{"version", 1}, {"target", target}, {"policy", imported.name}, {"checked", imported.is_checked}, {"compiles", imported.compiles}, {"equal", imported.is_equal}};
  const auto counts = counts_of(imported);
  for (std::size_t i = 0; i < counts.size(); ++i) document["counts"][std::string(outcome_names[i])] = counts[i];
  document["differences"] = imported.differences;
  document["lines"] = nlohmann::ordered_json::array();
  for (const ImportedLine& line : imported.lines)
    document["lines"].push_back({{"place", line.line}, {"file", line.file}, {"text", line.text}, {"outcome", name_of(line.outcome)}, {"why", line.why}, {"written", line.written}});
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace polc::driver
