#include <algorithm>

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
  result["partialFingerprints"] = {{"polc/v1", fingerprint_of(finding.id, sources.text_of(finding.range))}};
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

}  // namespace

std::string render_sarif(const SourceMap& sources, std::span<const Diagnostic> findings) {
  Json rules = Json::array();
  for (const CatalogueRow& row : lint_catalogue) {
    if (std::none_of(findings.begin(), findings.end(), [&](const Diagnostic& finding) { return finding.id == row.id; })) continue;
    rules.push_back({{"id", row.id}, {"name", row.name}, {"shortDescription", {{"text", row.message}}},
                     {"help", {{"text", fmt::format("polc explain {}", row.id)}}},
                     {"defaultConfiguration", {{"level", level_of(row.severity)}}}});
  }
  Json results = Json::array();
  for (const Diagnostic& finding : findings) results.push_back(result_of(sources, finding));
  Json run{{"tool", {{"driver", {{"name", "polc"}, {"rules", std::move(rules)}}}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  const Json document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({std::move(run)})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::diag
