#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "diag/lint_catalogue.hpp"
#include "diag/render_review.hpp"

namespace polc::diag {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(Severity severity) { return severity == Severity::info ? "note" : name_of(severity); }

// FNV-1a: a name for a text, not a secret.
std::string fingerprint_of(std::string_view id, std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const std::string_view part : {id, std::string_view("\0", 1), text})
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return fmt::format("{:016x}", hash);
}

// A file name as a relative reference: what is not plainly a letter of a path is written %HH.
std::string uri_of(std::string_view name) {
  constexpr std::string_view plain = "/._-~";
  std::string uri;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || plain.find(c) != plain.npos) uri += c;
    else uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Json location_of(const SourceMap& sources, SourceRange range) {
  const auto begin = sources.position_of(range.file, range.begin);
  const auto end = sources.position_of(range.file, range.end);
  Json region{{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
  return {{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(sources.name_of(range.file))}}}, {"region", std::move(region)}}}};
}

Json result_of(const SourceMap& sources, const Diagnostic& finding) {
  Json result{{"ruleId", finding.id}, {"level", level_of(finding.severity)}, {"message", {{"text", finding.message}}}};
  if (!finding.located) return result;
  result["locations"] = Json::array({location_of(sources, finding.range)});
  Json related = Json::array();
  for (const Note& note : finding.notes) {
    if (!note.located) continue;
    Json one = location_of(sources, note.range);
    one["message"] = {{"text", note.text}};
    related.push_back(std::move(one));
  }
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  return result;
}

// What a message says of every finding: without the access that it ends in.
Json rule_of(const CatalogueRow& row) {
  return {{"id", row.id}, {"name", row.name}, {"shortDescription", {{"text", row.message.substr(0, row.message.find(": `{}`"))}}},
          {"help", {{"text", fmt::format("polc explain {}", row.id)}}}, {"defaultConfiguration", {{"level", level_of(row.severity)}}}};
}

}  // namespace

std::string render_sarif(const SourceMap& sources, std::span<const Diagnostic> findings) {
  Json rules = Json::array();
  for (const std::span<const CatalogueRow> rows : {std::span<const CatalogueRow>(catalogue), std::span<const CatalogueRow>(lint_catalogue)})
    for (const CatalogueRow& row : rows)
      if (std::any_of(findings.begin(), findings.end(), [&](const Diagnostic& finding) { return finding.id == row.id; })) rules.push_back(rule_of(row));
  Json results = Json::array();
  std::map<std::string, int> seen;
  for (const Diagnostic& finding : findings) {
    Json result = result_of(sources, finding);
    if (finding.located) {
      const std::string fingerprint = fingerprint_of(finding.id, sources.text_of(finding.range));
      // The same text twice is two findings; a viewer would take equal fingerprints for one.
      result["partialFingerprints"] = {{"polc/v1", fmt::format("{}:{}", fingerprint, ++seen[fingerprint])}};
    }
    results.push_back(std::move(result));
  }
  Json run{{"tool", {{"driver", {{"name", "polc"}, {"rules", std::move(rules)}}}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  const Json document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({std::move(run)})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::diag
