#include "cli/run_report.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "driver/ledgers.hpp"
#include "format/raise.hpp"
#include "knowledge/landlock.hpp"
#include "knowledge/names.hpp"
#include "target/ledger.hpp"

namespace polc::cli {
namespace {

using Json = nlohmann::ordered_json;
enum class Confirmed : std::uint8_t { yes, no, nothing };

struct Layer {
  std::string name;
  bool has = false, asked = false, applied = false;
  Confirmed confirmed = Confirmed::nothing;
  std::string has_words = {}, asked_words = {}, applied_words = {}, why = {};  // of a text
  Json detail = Json::object();
};

std::string capability_words(std::uint64_t capabilities) {
  std::vector<std::string> names;
  for (const knowledge::NamedNumber& one : knowledge::capabilities())
    if ((capabilities >> one.value & 1) != 0) names.emplace_back(one.name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ","));
}

std::string plural(std::size_t count, std::string_view what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

/// Both bounds of a limit in /proc/PID/limits are at most this.
bool is_bounded(const std::string& limits, std::string_view title, std::uint64_t most) {
  const std::size_t at = limits.find(title);
  if (at == std::string::npos) return false;
  std::string soft, hard;
  std::size_t from = limits.find_first_not_of(' ', at + title.size());
  for (std::string* word : {&soft, &hard}) {
    const std::size_t end = limits.find(' ', from);
    *word = limits.substr(from, end - from);
    from = limits.find_first_not_of(' ', end);
  }
  const auto is_low = [&](const std::string& word) { return !word.empty() && word != "unlimited" && std::stoull(word) <= most; };
  return is_low(soft) && is_low(hard);
}

// Titles of fs/proc/base.c, by the resource.
constexpr std::string_view limit_titles[] = {"Max cpu time", "Max file size", "Max data size", "Max stack size", "Max core file size", "Max resident set", "Max processes",
                                             "Max open files", "Max locked memory", "Max address space", "Max file locks", "Max pending signals", "Max msgqueue size",
                                             "Max nice priority", "Max realtime priority", "Max realtime timeout"};

class Report {
 public:
  Report(const Boundary& boundary, const sandbox::Seen& seen) : boundary_(boundary), plan_(boundary.plan), host_(boundary.host), seen_(seen) {
    layers_ = {landlock(), filter(), no_new_privs(), capabilities(), limits()};
  }

  std::string text() const {
    std::string text = fmt::format("polc run: {} ({}), pid {}, Linux {}\n", boundary_.policy, boundary_.place, seen_.pid, host_.release);
    if (!seen_.error.empty()) return text + "not started: " + seen_.error + "\n";
    if (!seen_.started) text += "it ended before it could be looked at\n";
    text += fmt::format("{:<14}{:<9} {:<12} {:<30} {}\n", "", "has", "asked", "applied", "confirmed");
    for (const Layer& layer : layers_)
      text += fmt::format("{:<14}{:<9} {:<12} {:<30} {}\n", layer.name, layer.has_words, layer.asked_words, layer.applied_words, confirmed_words(layer));
    if (!seen_.facts.skipped.empty()) text += fmt::format("skipped: {}\n", fmt::join(skipped_words(), ", "));
    return text + set_words();
  }

  std::string json() const {
    Json root{{"version", 1}, {"policy", boundary_.policy}, {"place", boundary_.place}, {"variants", boundary_.options.variants}, {"command", boundary_.options.command}, {"pid", seen_.pid}, {"started", seen_.started}};
    if (!seen_.error.empty()) root["error"] = seen_.error;
    root["kernel"] = {{"release", host_.release}, {"landlock_abi", host_.landlock_abi}, {"landlock_errata", host_.landlock_errata}, {"seccomp_actions", words_of(host_.seccomp_actions)}};
    root["layers"] = Json::array();
    for (const Layer& layer : layers_) {
      const Json confirmed = layer.confirmed == Confirmed::nothing ? Json(nullptr) : Json(layer.confirmed == Confirmed::yes);
      root["layers"].push_back({{"name", layer.name}, {"has", layer.has}, {"asked", layer.asked}, {"applied", layer.applied}, {"confirmed", confirmed}, {"detail", layer.detail}});
    }
    root["skipped"] = Json::array();
    for (const sandbox::Skipped& one : seen_.facts.skipped) root["skipped"].push_back({{"path", one.path}, {"why", word_of(one.why)}});
    Json set = Json::object(), open = Json::array();
    for (const auto& [name, count] : counts()) set[name] = count;
    for (const std::string& one : open_words()) open.push_back(one);
    root["set"] = set, root["open"] = open;
    root["best_effort"] = boundary_.options.best_effort, root["trial"] = boundary_.is_trial;
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  static std::string confirmed_words(const Layer& layer) {
    if (layer.confirmed == Confirmed::nothing) return "nothing to check";
    return (layer.confirmed == Confirmed::yes ? "yes" : "NO") + (layer.why.empty() ? "" : ": " + layer.why);
  }

  // What did not run was not looked at.
  Confirmed judged(bool is_so) const { return !seen_.started ? Confirmed::nothing : is_so ? Confirmed::yes : Confirmed::no; }

  Layer landlock() const {
    Layer layer{"landlock", host_.landlock_abi != 0, boundary_.options.without != "landlock" && !boundary_.is_trial, plan_.rules && seen_.error.empty()};
    layer.has_words = layer.has ? fmt::format("ABI {}", host_.landlock_abi) : "no";
    layer.asked_words = layer.asked ? "ABI " + (boundary_.options.abi.empty() ? std::string("6") : boundary_.options.abi) : "no";
    layer.applied_words = "no";
    if (!layer.applied) return layer;
    std::size_t ports = 0, scopes = 0;
    for (const sandbox::PortRule& rule : plan_.rules->ports) ports += std::size_t{rule.high} - rule.low + 1;
    for (std::uint64_t rest = plan_.rules->scoped; rest != 0; rest &= rest - 1) ++scopes;
    layer.applied_words = fmt::format("{}, {}, {}", plural(seen_.facts.paths, "path"), plural(ports, "port"), plural(scopes, "scope"));
    layer.why = seen_.facts.landlock.words;
    layer.confirmed = layer.why.empty() ? Confirmed::nothing : Confirmed::yes;  // a failure would have ended the start
    layer.detail = {{"abi", plan_.rules->abi}, {"paths", seen_.facts.paths}, {"ports", ports}, {"scopes", scopes}};
    return layer;
  }

  Layer filter() const {
    Layer layer{"seccomp", !host_.seccomp_actions.empty(), boundary_.options.without != "seccomp", !plan_.filter.empty() && seen_.error.empty()};
    layer.has_words = layer.has ? "yes" : "no", layer.asked_words = layer.asked ? "yes" : "no", layer.applied_words = "no";
    if (!layer.applied) return layer;
    const std::size_t instructions = plan_.filter.size() / 8;
    layer.applied_words = plural(instructions, "instruction");
    layer.confirmed = judged(seen_.seccomp == 2 && seen_.filters > 0);
    layer.why = fmt::format("Seccomp {}, Seccomp_filters {}", seen_.seccomp, seen_.filters);
    layer.detail = {{"instructions", instructions}};
    return layer;
  }

  Layer no_new_privs() const {
    Layer layer{"no_new_privs", true, true, seen_.error.empty(), judged(seen_.no_new_privs)};
    layer.has_words = layer.asked_words = "yes", layer.applied_words = layer.applied ? "yes" : "no";
    return layer;
  }

  Layer capabilities() const {
    Layer layer{"capabilities", true, true, seen_.error.empty()};
    const bool is_within = ((seen_.effective | seen_.permitted | seen_.ambient) & ~plan_.capabilities) == 0;
    layer.confirmed = judged(is_within);
    layer.has_words = "yes", layer.asked_words = layer.applied_words = capability_words(plan_.capabilities);
    layer.why = fmt::format("CapEff {:x}, CapBnd {:x}", seen_.effective, seen_.bounding);
    layer.detail = {{"caps", capability_words(plan_.capabilities)}};
    return layer;
  }

  Layer limits() const {
    Layer layer{"limits", true, true, seen_.error.empty()};
    std::vector<std::string> asked{"nofile"}, applied{fmt::format("nofile {}", plan_.descriptor)};
    bool is_so = is_bounded(seen_.limits, limit_titles[RLIMIT_NOFILE], plan_.descriptor);
    layer.detail["nofile"] = plan_.descriptor;
    for (const sandbox::Limit& limit : plan_.limits) {
      if (limit.resource == RLIMIT_NOFILE || limit.resource >= std::size(limit_titles)) continue;
      asked.push_back(limit.name), applied.push_back(fmt::format("{} {}", limit.name, limit.bound));
      is_so = is_so && is_bounded(seen_.limits, limit_titles[limit.resource], limit.bound);
      layer.detail[limit.name] = limit.bound;
    }
    layer.has_words = "yes", layer.asked_words = fmt::format("{}", fmt::join(asked, ",")), layer.applied_words = fmt::format("{}", fmt::join(applied, ","));
    layer.confirmed = judged(is_so);
    return layer;
  }

  static std::string word_of(sandbox::Skipped::Why why) { return why == sandbox::Skipped::Why::link ? "link" : why == sandbox::Skipped::Why::type ? "type" : "missing"; }
  std::vector<std::string> skipped_words() const {
    std::vector<std::string> words;
    for (const sandbox::Skipped& one : seen_.facts.skipped) words.push_back(fmt::format("{} ({})", one.path, one.why == sandbox::Skipped::Why::link ? "a link" : word_of(one.why)));
    return words;
  }

  static std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) words.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return words;
  }

  std::map<std::string, unsigned> counts() const {
    std::map<std::string, unsigned> counts;
    for (const std::string_view name : target::standing_names) counts[std::string(name)] = 0;
    for (const target::Ledger& ledger : ledgers())
      for (const target::LedgerRow& row : ledger.rows) ++counts[std::string(target::name_of(row.whole))];
    return counts;
  }

  std::vector<std::string> open_words() const {
    std::vector<std::string> words;
    for (const target::Ledger& ledger : ledgers())
      for (const ir::Point& point : ledger.combined.open) words.push_back(format::text_of(Os::linux_os, point));
    return words;
  }

  const std::vector<target::Ledger>& ledgers() const {
    if (ledgers_.empty()) ledgers_ = driver::ledgers_of(boundary_.compilation);
    return ledgers_;
  }

  std::string set_words() const {
    const auto count = counts();
    const auto open = open_words();
    std::string text = fmt::format("set: {} exact, {} named, {} delegated, {} wider, {} unmediated", count.at("exact"), count.at("named"), count.at("delegated"), count.at("wider"), count.at("unmediated"));
    if (!open.empty()) text += fmt::format("; open, for example: {}", fmt::join(open, ", "));
    return text + "\n";
  }

  const Boundary& boundary_;
  const sandbox::Plan& plan_;
  const sandbox::Host& host_;
  const sandbox::Seen& seen_;
  std::vector<Layer> layers_;
  mutable std::vector<target::Ledger> ledgers_;
};

}  // namespace

std::string report_of(const Boundary& boundary, const sandbox::Seen& seen) {
  const Report report(boundary, seen);
  return boundary.options.report == "json" ? report.json() : report.text();
}

}  // namespace polc::cli
