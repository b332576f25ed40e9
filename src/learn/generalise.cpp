#include "learn/generalise.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "eval/compare.hpp"
#include "knowledge/calls.hpp"

namespace polc::learn {
namespace {

std::string statements_of(const std::vector<Use>& uses) {
  std::string text;
  for (const Use& use : uses) text += "use " + use.text + ";\n";
  return text;
}

// Pairs have no rewrite: each is a rule.
std::vector<Statement> pair_statements(const std::vector<Seen>& seen) {
  std::vector<Statement> statements;
  for (const Seen& one : seen)
    if (!one.boxes.empty() && std::holds_alternative<ir::PairBox>(one.boxes.front().first)) statements.push_back({one.access, one.places});
  return statements;
}

std::vector<Statement> file_statements(std::vector<FileEntry> entries) {
  std::vector<Statement> statements;
  std::vector<FileEntry> parents;
  for (FileEntry& entry : entries) {
    if (entry.rewrite == "G10") parents.push_back(std::move(entry));
    else statements.push_back({text_of(entry), entry.places, entry.rewrite, entry.names});
  }
  if (parents.empty()) return statements;
  Statement all{text_of(parents), {}, "G10", parents.size()};
  for (const FileEntry& parent : parents) all.places = joined(std::move(all.places), parent.places);
  statements.insert(statements.begin(), std::move(all));
  return statements;
}

// The verbs of one peer are one rule.
std::vector<Statement> net_statements(const std::vector<NetEntry>& entries) {
  std::vector<Statement> statements;
  for (std::size_t begin = 0; begin < entries.size();) {
    std::size_t end = begin;
    std::vector<std::string> verbs;
    Statement one{"", {}, entries[begin].rewrite, entries[begin].names};
    for (; end < entries.size() && entries[end].peer == entries[begin].peer; ++end) {
      if (std::ranges::find(verbs, entries[end].verb) == verbs.end()) verbs.push_back(entries[end].verb);
      one.places = joined(std::move(one.places), entries[end].places);
    }
    std::ranges::sort(verbs, {}, [](const std::string& verb) { return std::ranges::find(net_verb_names, verb) - net_verb_names.begin(); });
    one.access = fmt::format("{} {}", fmt::join(verbs, ", "), entries[begin].peer);
    statements.push_back(std::move(one));
    begin = end;
  }
  return statements;
}

// Of each call that a failed attempt made and that no rule lets through, the errno that it got most often.
std::map<std::string, std::vector<std::string>> answers_of(const Observed& observed, const eval::Meaning& allowed, const std::set<std::string>& answered,
                                                           const Words& words, Os os) {
  std::map<std::string, std::map<std::string, std::uint64_t>> errors;
  for (const Seen& one : observed.asked) {
    const auto call = knowledge::find_call(os, one.outcome.call);
    if (!call || answered.contains(one.outcome.call)) continue;
    const eval::Meaning whole = eval::set_of({ir::CallBox{{*call}, {}}}, os);
    const eval::Meaning* const sides[] = {&whole, &allowed};
    sets::Budget budget;
    const bool is_brought = eval::find_common(sides, budget).has_value();
    // What a filter sees of it: the call itself, or the making of the socket, of which another kind may be allowed.
    const std::string socket = one.outcome.call == "socket" ? socket_access(one) : "";
    const bool is_let_through = is_call(one) ? allows(allowed, one.boxes) : socket.empty() || allows(allowed, words.boxes_of(socket));
    if (is_brought && is_let_through) continue;
    errors[one.outcome.call][error_for(one)] += count_of(one.places);
  }
  std::map<std::string, std::vector<std::string>> answers;
  for (const auto& [call, counts] : errors) {
    const auto most = std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; });
    answers[most->first].push_back(call);
  }
  return answers;
}

}  // namespace

std::string statements_of(const Draft& draft) {
  std::string text = statements_of(draft.uses);
  for (const auto* all : {&draft.files, &draft.nets, &draft.calls, &draft.processes})
    for (const Statement& one : *all) text += "allow " + one.access + ";\n";
  return text;
}

Draft generalise(const Observed& observed, const Facts& facts, const Words& words, const std::vector<Danger>& dangers, const Choices& choices) {
  constexpr Os os = Os::linux_os;
  Draft draft;
  draft.uses = uses_for({os, observed.happened, facts, words, dangers, choices.off, choices.wanted, draft.log});
  const eval::Meaning cover = words.meaning_of(statements_of(draft.uses));
  std::vector<ir::Box> boxes;
  std::vector<Seen> left;
  for (const Seen& seen : observed.happened) {
    for (const auto& [box, left_out] : seen.boxes) boxes.push_back(box);
    if (!allows(cover, with_facts(seen.boxes, facts))) left.push_back(seen);
  }
  const eval::Meaning allowed = united(cover, boxes, os);
  const Prover prover(os, allowed, dangers);
  RewriteContext context{os, facts, prover, choices.off, draft.log};

  std::vector<FileEntry> entries = entries_of(left, facts);
  rewrite_files(entries, context);
  draft.files = file_statements(std::move(entries));
  for (Statement& pair : pair_statements(left)) draft.files.push_back(std::move(pair));
  std::vector<NetEntry> nets = net_entries_of(left);
  rewrite_addresses(nets, context);
  draft.nets = net_statements(nets);
  draft.calls = call_statements(left, context);
  draft.processes = process_statements(left);
  draft.answers = answers_of(observed, words.meaning_of(statements_of(draft)), words.answered_by(statements_of(draft.uses)), words, os);
  return draft;
}

}  // namespace polc::learn
