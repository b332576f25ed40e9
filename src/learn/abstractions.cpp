#include "learn/abstractions.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "eval/assertions.hpp"
#include "eval/compare.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "learn/marks.hpp"

namespace polc::learn {
namespace {

constexpr std::size_t least_in_directory = 4;
constexpr FileVerbs keeping{FileVerb::create, FileVerb::write, FileVerb::remove, FileVerb::truncate, FileVerb::append};
constexpr std::array<std::string_view, 3> homes_of_daemons{"/var/lib/", "/var/cache/", "/var/spool/"};

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

std::vector<ir::Box> plain(const Boxes& boxes) {
  std::vector<ir::Box> all;
  for (const auto& [box, left_out] : boxes) all.push_back(box);
  return all;
}

// The value behind the verb, all of one kind as a set: `setuid user "x" 1` -> user "x" 1.
std::string values_of(const std::vector<Seen>& happened, std::string_view verb) {
  std::vector<std::string> values;
  for (const Seen& seen : happened)
    if (seen.access.starts_with(verb)) values.push_back(seen.access.substr(verb.size()));
  if (values.size() == 1) return values.front();
  return fmt::format("{{ {} }}", fmt::join(values, ", "));
}

class Chooser {
 public:
  explicit Chooser(const UseRequest& request) : request_(request) {
    for (const Seen& seen : request.happened) {
      words_.insert(seen.access);
      for (const auto& [box, left_out] : seen.boxes) {
        seen_boxes_.push_back(box);
        if (const auto* call = std::get_if<ir::CallBox>(&box)) calls_.insert(call->calls.begin(), call->calls.end());
      }
    }
  }

  std::vector<Use> run() {
    if (!request_.off.contains("G1"))
      for (const Mark& mark : marks())
        if (!mark.accesses.empty() && is_marked(mark.accesses)) consider(mark);
    if (!request_.off.contains("G2")) directories();
    for (const std::string& wanted : request_.wanted) use(wanted, 0);
    if (request_.off.contains("G1")) return std::move(uses_);
    if (!denies_what_was_seen("no_set_id_files")) uses_.push_back({"no_set_id_files", {}, 0, true});
    if (!denies_what_was_seen("no_new_code")) uses_.push_back({"no_new_code", {}, 0, true});
    return std::move(uses_);
  }

 private:
  bool is_marked(std::string_view accesses) const {
    for (const std::string_view all : split(accesses, " & "))
      if (std::ranges::none_of(split(all, " | "), [&](std::string_view access) { return was_seen(access); })) return false;
    return true;
  }

  // Acts are known by their words: `fork` and `thread` share calls.
  bool was_seen(std::string_view access) const {
    if (words_.contains(std::string(access))) return true;
    if (access == "fork" || access == "thread") return false;
    const eval::Meaning mark = eval::set_of(plain(request_.words.boxes_of(access)), request_.os);
    const eval::Meaning all = eval::set_of(seen_boxes_, request_.os);
    const eval::Meaning* const sides[] = {&mark, &all};
    sets::Budget budget;
    return eval::find_common(sides, budget).has_value();
  }

  void consider(const Mark& mark) {
    std::string usage(mark.abstraction);
    if (usage == "drop_privileges") usage += fmt::format("({}, {})", values_of(request_.happened, "setuid "), values_of(request_.happened, "setgid "));
    use(usage, mark.least);
  }

  // Not one that opens something dangerous which was not seen, nor a long list of calls for the sake of a few.
  bool use(const std::string& usage, unsigned least) {
    const eval::Meaning wide = request_.words.meaning_of("use " + usage + ";");
    const eval::Meaning nothing = eval::set_of({}, request_.os);
    const Added added = Prover(request_.os, nothing, request_.dangers).added(wide, seen_boxes_);
    if (added.is_dangerous) return false;
    const std::vector<std::string> calls = request_.words.calls_of(usage);
    Use one{usage, {}, calls.size()};
    unsigned seen = 0;
    for (const std::string& call : calls)
      if (has_call(call)) seen += used_.insert(call).second ? 1 : 0;
      else one.unseen_calls.push_back(call);
    if (seen < least) return false;
    used_.insert(calls.begin(), calls.end());
    uses_.push_back(std::move(one));
    request_.log.push_back({usage.starts_with("private_directory") ? "G2" : "G1", "use " + usage, covered(wide), {}, {}, added.example});
    return true;
  }

  std::size_t covered(const eval::Meaning& wide) const {
    return static_cast<std::size_t>(std::ranges::count_if(request_.happened, [&](const Seen& seen) { return allows(wide, seen.boxes); }));
  }

  bool has_call(const std::string& name) const {
    const auto id = knowledge::find_call(request_.os, name);
    return id && calls_.contains(*id);
  }

  // What it keeps in a directory of its own. The outermost wins.
  void directories() {
    std::map<std::string, std::size_t> kept;
    for (const std::string& directory : candidates()) {
      const std::size_t count = static_cast<std::size_t>(std::ranges::count_if(request_.happened, [&](const Seen& seen) { return is_kept(seen, directory); }));
      if (count >= least_in_directory && is_within_borders(directory)) kept.emplace(directory, count);
    }
    std::string last;
    for (const auto& [directory, count] : kept) {
      if (!last.empty() && directory.starts_with(last + "/")) continue;
      if (use(fmt::format("private_directory({})", format::quoted_path(directory)), 0)) last = directory;
    }
  }

  std::set<std::string> candidates() const {
    std::set<std::string> all;
    for (const std::string& directory : request_.facts.own_directories())
      if (const auto pattern = sets::parse_path_pattern({directory, std::vector<bool>(directory.size(), false)}, false);
          pattern && pattern->size() == 1 && pattern->front().is_literal())
        all.insert(pattern->front().literal());
    for (const Seen& seen : request_.happened)
      for (const sets::PathPattern& path : paths_of(seen))
        for (const std::string_view home : homes_of_daemons) {
          const std::string text = path.is_literal() ? path.literal() : "";
          if (!text.starts_with(home)) continue;
          const std::size_t end = text.find('/', home.size());
          if (end != text.npos) all.insert(text.substr(0, end));
        }
    return all;
  }

  static std::vector<sets::PathPattern> paths_of(const Seen& seen) {
    std::vector<sets::PathPattern> paths;
    for (const auto& [box, left_out] : seen.boxes) {
      if (const auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && !(file->verbs & keeping).empty())
        paths.insert(paths.end(), file->places.begin(), file->places.end());
      if (const auto* pair = std::get_if<ir::PairBox>(&box)) paths.insert(paths.end(), pair->from.begin(), pair->from.end());
    }
    return paths;
  }

  static bool is_kept(const Seen& seen, const std::string& directory) {
    const auto paths = paths_of(seen);
    return !paths.empty() && std::ranges::all_of(paths, [&](const sets::PathPattern& path) { return path.text().starts_with(sets::escaped_literal(directory) + "/"); });
  }

  bool denies_what_was_seen(const std::string& usage) const {
    std::string statements = "use " + usage + ";";
    for (const Seen& seen : request_.happened) statements += "\nallow " + seen.access + ";";
    const eval::Meaning left = request_.words.meaning_of(statements);
    return std::ranges::any_of(request_.happened, [&](const Seen& seen) { return !allows(left, seen.boxes); });
  }

  const UseRequest& request_;
  std::vector<ir::Box> seen_boxes_;
  std::set<std::string> words_;
  std::set<CallId> calls_;
  std::set<std::string> used_;
  std::vector<Use> uses_;
};

}  // namespace

bool allows(const eval::Meaning& meaning, const Boxes& boxes) {
  ir::Expectation expectation;
  expectation.effect = ir::Effect::allow;
  expectation.boxes = boxes;
  sets::Budget budget;
  return eval::judge(meaning, expectation, budget).holds;
}

std::vector<Use> uses_for(const UseRequest& request) { return Chooser(request).run(); }

}  // namespace polc::learn
