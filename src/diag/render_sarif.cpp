#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "diag/fixes.hpp"
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

Json artifact_of(const SourceMap& sources, SourceId file) { return {{"uri", uri_of(sources.name_of(file))}}; }

Json region_of(const SourceMap& sources, SourceRange range) {
  const auto begin = sources.position_of(range.file, range.begin);
  const auto end = sources.position_of(range.file, range.end);
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

Json location_of(const SourceMap& sources, SourceRange range) {
  return {{"physicalLocation", {{"artifactLocation", artifact_of(sources, range.file)}, {"region", region_of(sources, range)}}}};
}

Json told_location(const SourceMap& sources, const Note& note) {
  Json location = location_of(sources, note.range);
  location["message"] = {{"text", note.text}};
  return location;
}

// What leads to the finding, in its order: the steps of a way out, or the uses that bring a rule into a policy.
Json flow_of(const SourceMap& sources, const Diagnostic& finding) {
  Json steps = Json::array();
  const auto add = [&](const Note& note) { steps.push_back({{"location", told_location(sources, note)}}); };
  const Note end{finding.range, finding.message, true, NoteKind::note};
  if (finding.id == escape_chain.id) {
    for (const Note& note : finding.notes)
      if (note.kind == NoteKind::step) add(note);
  } else {
    for (auto note = finding.notes.rbegin(); note != finding.notes.rend(); ++note)
      if (note->kind == NoteKind::used_here) add(*note);
    if (!steps.empty()) add(end);
  }
  return steps;
}

// All edits of one hint, as SARIF wants them: by file.
Json fix_of(const SourceMap& sources, const Diagnostic& finding) {
  std::map<SourceId, Json> by_file;
  for (const FixIt& edit : edits_of(sources, finding)) {
    Json& replacements = by_file.try_emplace(edit.range.file, Json::array()).first->second;
    replacements.push_back({{"deletedRegion", region_of(sources, edit.range)}, {"insertedContent", {{"text", edit.text}}}});
  }
  Json changes = Json::array();
  for (auto& [file, replacements] : by_file) changes.push_back({{"artifactLocation", artifact_of(sources, file)}, {"replacements", std::move(replacements)}});
  const bool safe = safety_of(sources, finding) == Safety::safe;
  return {{"description", {{"text", safe ? "keeps the meaning (polc lint --fix)" : "a guess (polc lint --unsafe-fixes)"}}}, {"artifactChanges", std::move(changes)}};
}

Json result_of(const SourceMap& sources, const Diagnostic& finding) {
  Json result{{"ruleId", finding.id}, {"level", level_of(finding.severity)}, {"message", {{"text", finding.message}}}};
  if (!finding.located) return result;
  result["locations"] = Json::array({location_of(sources, finding.range)});
  Json related = Json::array();
  for (const Note& note : finding.notes)
    if (note.located) related.push_back(told_location(sources, note));
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  if (Json flow = flow_of(sources, finding); !flow.empty()) {
    const Json thread{{"locations", std::move(flow)}};
    const Json code_flow{{"threadFlows", Json::array({thread})}};
    result["codeFlows"] = Json::array({code_flow});
  }
  if (!finding.fixes.empty()) result["fixes"] = Json::array({fix_of(sources, finding)});
  return result;
}

// What a message says of every finding: without the access that it ends in.
Json rule_of(const CatalogueRow& row) {
  std::string what(row.message.substr(0, row.message.find(": `{}`")));
  for (std::size_t at; (at = what.find("`{}`")) != what.npos;) what.replace(at, 4, "...");
  const std::string help = fmt::format("{}. What, why, an example and how to fix it: polc explain {}", what, row.id);
  return {{"id", row.id}, {"name", row.name}, {"shortDescription", {{"text", what}}}, {"help", {{"text", help}}},
          {"defaultConfiguration", {{"level", level_of(row.severity)}}}};
}

// The results so far, and how often each fingerprint occurred.
class Results {
 public:
  explicit Results(const SourceMap& sources) : sources_(sources) {}
  Json list = Json::array();

  void add(const Diagnostic& finding, const std::string* justification) {
    Json result = result_of(sources_, finding);
    if (finding.located) {
      const std::string fingerprint = fingerprint_of(finding.id, sources_.text_of(finding.range));
      // The same text twice is two findings; a viewer would take equal fingerprints for one.
      result["partialFingerprints"] = {{"polc/v1", fmt::format("{}:{}", fingerprint, ++seen_[fingerprint])}};
    }
    const Json suppression = justification == nullptr ? Json() : Json{{"kind", "inSource"}, {"justification", *justification}};
    if (justification != nullptr) result["suppressions"] = Json::array({suppression});
    list.push_back(std::move(result));
  }

 private:
  const SourceMap& sources_;
  std::map<std::string, int> seen_;
};

bool is_about(const Json& results, const CatalogueRow& row) {
  return std::any_of(results.begin(), results.end(), [&](const Json& result) { return result["ruleId"] == row.id; });
}

}  // namespace

std::string render_sarif(const SourceMap& sources, std::span<const Diagnostic> findings, std::span<const Suppressed> suppressed) {
  Results results(sources);
  for (const Diagnostic& finding : findings) results.add(finding, nullptr);
  for (const Suppressed& one : suppressed) results.add(one.finding, &one.reason);
  Json rules = Json::array();
  for (const std::span<const CatalogueRow> rows : {std::span<const CatalogueRow>(catalogue), std::span<const CatalogueRow>(lint_catalogue)})
    for (const CatalogueRow& row : rows)
      if (is_about(results.list, row)) rules.push_back(rule_of(row));
  Json run{{"tool", {{"driver", {{"name", "polc"}, {"rules", std::move(rules)}}}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results.list)}};
  const Json document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({std::move(run)})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::diag
