// What SARIF 2.1.0 demands of the properties that polc writes, by hand from the specification (OASIS, sections 3.13 to 3.58): its JSON
// schema is in no package of Debian. It checks structure, no more: not whether a viewer shows what one would like to see.
#pragma once

#include <set>
#include <string>

#include <nlohmann/json.hpp>

namespace e2e {

/// Empty: nothing is wrong; else the first thing that is.
class SarifChecker {
 public:
  std::string check(const nlohmann::json& log) {
    if (!log.is_object() || log.value("version", "") != "2.1.0") return "version";
    if (!is_array(log, "runs") || log["runs"].size() != 1) return "runs";
    const auto& run = log["runs"][0];
    if (!run.contains("tool") || run["tool"]["driver"].value("name", "") != "polc") return "tool.driver.name";
    if (!is_array(run["tool"]["driver"], "rules") || !is_array(run, "results")) return "rules or results";
    for (const auto& rule : run["tool"]["driver"]["rules"]) {
      if (!rule.contains("id") || !rules_.insert(rule["id"].get<std::string>()).second) return "a rule's id";
      if (!has_text(rule, "shortDescription") || !has_text(rule, "help") || !is_level(rule["defaultConfiguration"])) return "a rule's texts or level";
    }
    for (const auto& result : run["results"])
      if (const std::string wrong = fault_of(result); !wrong.empty()) return wrong;
    return "";
  }

 private:
  using Json = nlohmann::json;

  static bool is_array(const Json& in, const char* name) { return in.contains(name) && in[name].is_array(); }
  static bool has_text(const Json& in, const char* name) {
    return in.contains(name) && in[name].is_object() && in[name].contains("text") && in[name]["text"].is_string();
  }
  static bool is_level(const Json& in) {
    const std::string level = in.is_object() ? in.value("level", "") : "";
    return level == "error" || level == "warning" || level == "note";
  }
  static bool is_region(const Json& region) {
    const auto at = [&](const char* name) { return region.contains(name) && region[name].is_number_integer() ? region[name].get<int>() : 0; };
    if (at("startLine") < 1 || at("startColumn") < 1 || at("endColumn") < 1) return false;
    return at("endLine") > at("startLine") || (at("endLine") == at("startLine") && at("endColumn") >= at("startColumn"));
  }
  static bool is_uri(const Json& location) {
    if (!location.contains("uri") || !location["uri"].is_string()) return false;
    const std::string uri = location["uri"];
    return !uri.empty() && uri.find_first_of(" <>\"\\^`{|}") == uri.npos;
  }
  static bool is_location(const Json& location) {
    if (!location.contains("physicalLocation")) return false;
    const auto& physical = location["physicalLocation"];
    return physical.contains("artifactLocation") && is_uri(physical["artifactLocation"]) && physical.contains("region") && is_region(physical["region"]);
  }
  static bool is_fix(const Json& fix) {
    if (!is_array(fix, "artifactChanges") || fix["artifactChanges"].empty()) return false;
    for (const auto& change : fix["artifactChanges"]) {
      if (!change.contains("artifactLocation") || !is_uri(change["artifactLocation"])) return false;
      if (!is_array(change, "replacements") || change["replacements"].empty()) return false;
      for (const auto& replacement : change["replacements"])
        if (!replacement.contains("deletedRegion") || !is_region(replacement["deletedRegion"]) || !has_text(replacement, "insertedContent")) return false;
    }
    return true;
  }

  std::string fault_of(const Json& result) {
    if (!result.contains("ruleId") || rules_.count(result["ruleId"].get<std::string>()) == 0) return "ruleId names no rule";
    if (!is_level(result) || !has_text(result, "message")) return "level or message";
    for (const char* name : {"locations", "relatedLocations"})
      for (const auto& location : result.value(name, Json::array()))
        if (!is_location(location)) return name;
    if (result.contains("locations") && !result.contains("partialFingerprints")) return "no fingerprint";
    for (const auto& fingerprint : result.value("partialFingerprints", Json::object()))
      if (!fingerprints_.insert(result["ruleId"].get<std::string>() + fingerprint.get<std::string>()).second) return "a fingerprint occurs twice";
    for (const auto& fix : result.value("fixes", Json::array()))
      if (!is_fix(fix)) return "fixes";
    for (const auto& suppression : result.value("suppressions", Json::array()))
      if (suppression.value("kind", "") != "inSource" || suppression.value("justification", "").empty()) return "suppressions";
    for (const auto& flow : result.value("codeFlows", Json::array()))
      for (const auto& thread : flow.value("threadFlows", Json::array()))
        for (const auto& step : thread.value("locations", Json::array()))
          if (!step.contains("location") || !is_location(step["location"])) return "codeFlows";
    return "";
  }

  std::set<std::string> rules_, fingerprints_;
};

}  // namespace e2e
