#include "apparmor/emit_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "apparmor/links.hpp"
#include "apparmor/network.hpp"
#include "knowledge/names.hpp"

namespace polc::apparmor {
namespace {

using Texts = std::vector<std::string>;

// ---- files: the letters that one rule puts on one path share a line

struct FileLine {
  ir::RuleId rule;
  ir::Effect effect{};
  bool owner = false;
  std::string path;
  Letters letters = 0;
  std::string exec;  // "ix", "Ux", "Px -> ..."
};

std::string exec_words(const target::LegalPolicy& legal, const ir::FileBox& box, ir::Effect effect) {
  if (effect == ir::Effect::deny) return "x";  // the parser takes no mode there
  const ir::Successor successor = box.successors.empty() ? ir::Successor{} : box.successors.front();
  switch (successor.kind) {
    case ir::Successor::Kind::same: return "ix";
    case ir::Successor::Kind::unconfined: return "Ux";
    case ir::Successor::Kind::policy: break;
  }
  if (const auto child = child_name(successor.policy, legal.policy(), legal.settings()))
    return "Cx -> " + quoted(*child);
  const bool is_own = successor.policy == legal.policy().name;
  return "Px -> " + quoted(is_own ? profile_name(legal.policy(), legal.settings())
                                  : sibling_name(successor.policy, legal.settings()));
}

class FileLines {
 public:
  explicit FileLines(const target::LegalPolicy& legal) : legal_(legal) {
    const ir::Policy& policy = legal.policy();
    for (std::uint32_t i = 0; i < policy.rules.size(); ++i)
      for (const ir::Box& box : policy.rules[i].boxes) note(policy.rules[i].effect, box, ir::RuleId{i});
  }

  void add(const target::LegalRule& legal) {
    const auto form = static_cast<Form>(legal.piece.form);
    if (form == Form::path) {
      const auto& box = std::get<ir::FileBox>(legal.piece.wanted);
      const FileVerb verb = only_verb(box.verbs);
      put(legal, real(box.places), seen_types(box.types), is_owner_rule(box.owners), letters_of(verb),
          verb == FileVerb::exec ? exec_words(legal_, box, legal.effect) : "");
    } else if (form == Form::move) {
      const auto& box = std::get<ir::PairBox>(legal.piece.wanted);
      put(legal, real(box.from), seen_types(box.types), is_owner_rule(box.owners), letter_r | letter_w, "");
      put(legal, real(box.to), seen_types(box.types), is_owner_rule(box.owners), letter_w, "");
    }
  }

  std::vector<Line> run() && {
    std::vector<Line> lines;
    for (const FileLine& line : lines_) lines.push_back({line.rule, text_of(line)});
    return lines;
  }

 private:
  using Places = std::vector<sets::PathPattern>;

  Places real(const Places& places) const { return with_real_names(places, legal_.policy()); }

  // The first rule that names a place is where its line comes from; the optimiser may have united several rules.
  void note(ir::Effect effect, const ir::Box& box, ir::RuleId rule) {
    const auto add_all = [&](const Places& places) {
      for (const auto& place : real(places)) named_by_.try_emplace({effect, place}, rule);
    };
    if (const auto* file = std::get_if<ir::FileBox>(&box)) add_all(file->places);
    if (const auto* pair = std::get_if<ir::PairBox>(&box)) add_all(pair->from), add_all(pair->to);
  }

  void put(const target::LegalRule& legal, const Places& places, FileTypes types, bool owner, Letters letters,
           const std::string& exec) {
    std::map<ir::RuleId, Places> by_rule;
    for (const auto& place : places) {
      const auto named = named_by_.find({legal.effect, place});
      by_rule[named == named_by_.end() ? legal.rule : named->second].push_back(place);
    }
    for (const auto& [rule, some] : by_rule) put(rule, legal.effect, some, types, owner, letters, exec);
  }

  void put(ir::RuleId rule, ir::Effect effect, const Places& places, FileTypes types, bool owner, Letters letters,
           const std::string& exec) {
    for (std::string& path : path_texts(places, types)) {
      const std::string key = fmt::format("{} {} {} {}", rule.value, static_cast<int>(effect), owner, path);
      auto [at, is_new] = by_path_.try_emplace(key, lines_.size());
      // An exec mode shares its line with other letters, but not with another mode.
      if (!is_new && !exec.empty() && !lines_[at->second].exec.empty() && lines_[at->second].exec != exec)
        std::tie(at, is_new) = by_path_.try_emplace(key + ' ' + exec, lines_.size());
      if (is_new) {
        lines_.push_back({rule, effect, owner, std::move(path), letters, exec});
        continue;
      }
      FileLine& line = lines_[at->second];
      line.letters |= letters;
      if (line.exec.empty()) line.exec = exec;
    }
  }

  static std::string text_of(const FileLine& line) {
    std::string out = line.effect == ir::Effect::deny ? "deny " : "";
    if (line.owner) out += "owner ";
    out += '"' + line.path + "\" ";
    if ((line.letters & letter_r) != 0) out += 'r';
    if ((line.letters & letter_w) != 0) out += 'w';
    else if ((line.letters & letter_a) != 0) out += 'a';  // `w` holds it; the parser takes no rule with both
    if ((line.letters & letter_m) != 0) out += 'm';
    if ((line.letters & letter_k) != 0) out += 'k';
    return out + line.exec + ',';
  }

  const target::LegalPolicy& legal_;
  std::map<std::pair<ir::Effect, sets::PathPattern>, ir::RuleId> named_by_;
  std::vector<FileLine> lines_;
  std::unordered_map<std::string, std::size_t> by_path_;  // a rule's path -> its line
};

// ---- everything else: a piece is a line or several

Texts capability_lines(const ir::CapabilityBox& box) {
  if (box.capabilities == ~std::uint64_t{0}) return {"capability,"};
  Texts lines;
  for (const auto& [name, number] : knowledge::capabilities())
    if (((box.capabilities >> number) & 1u) != 0) lines.push_back(fmt::format("capability {},", name));
  return lines;
}

Texts network_lines(const target::Piece& piece) {
  std::vector<NetworkWord> words;
  if (const auto word = word_of_form(piece.form)) words = {*word};
  else words = words_for(std::get<ir::NetBox>(piece.wanted));
  Texts lines;
  for (const NetworkWord word : words) {
    const std::string text = text_of(word);
    lines.push_back(text.empty() ? "network," : "network " + text + ',');
  }
  return lines;
}

// apparmor_parser's own names; stkflt and those from 32 on have no other.
std::string signal_name(unsigned number) {
  constexpr std::string_view names[] = {"exists", "hup",  "int",    "quit", "ill",   "trap", "abrt", "bus",
                                        "fpe",    "kill", "usr1",   "segv", "usr2",  "pipe", "alrm", "term",
                                        "stkflt", "chld", "cont",   "stop", "stp",   "ttin", "ttou", "urg",
                                        "xcpu",   "xfsz", "vtalrm", "prof", "winch", "io",   "pwr",  "sys"};
  return number < std::size(names) ? std::string(names[number]) : fmt::format("rtmin+{}", number - 32);
}

std::string peer_words(const target::LegalPolicy& legal, const ir::PeerBox& box) {
  if (box.any_peer) return "";
  const ir::Peer& peer = box.peers.front();
  if (peer.kind == ir::Peer::Kind::other) return "";
  const bool is_sibling = peer.kind == ir::Peer::Kind::policy && peer.policy != legal.policy().name;
  return " peer=" + quoted(is_sibling ? sibling_name(peer.policy, legal.settings())
                                      : profile_name(legal.policy(), legal.settings()));
}

Texts peer_lines(const target::LegalPolicy& legal, const ir::PeerBox& box) {
  const std::string peer = peer_words(legal, box);
  if (box.kind == ir::PeerKind::ptrace) {
    Texts words;
    if ((box.what & ir::ptrace_read) != 0) words.push_back("read");
    if ((box.what & ir::ptrace_trace) != 0) words.push_back("trace");
    return words.empty() ? Texts{} : Texts{fmt::format("ptrace ({}){},", fmt::join(words, ", "), peer)};
  }
  if (box.what == ~std::uint64_t{0}) return {"signal (send)" + peer + ','};
  Texts names;
  for (unsigned i = 0; i < 64; ++i)
    if (((box.what >> i) & 1u) != 0) names.push_back('"' + signal_name(i) + '"');
  return {fmt::format("signal (send) set=({}){},", fmt::join(names, ", "), peer)};
}

// Neither name ever ends in a slash here. That such names would match too costs nothing, while patterns that exclude
// them make the parser's automaton explode.
Texts link_lines(const ir::PairBox& box, const ir::Policy& policy) {
  Texts lines;
  const Texts old_names = path_texts(with_real_names(box.from, policy), FileTypes::all());
  for (const std::string& name : path_texts(with_real_names(box.to, policy), FileTypes::all()))
    for (const std::string& old_name : old_names)
      lines.push_back(
          fmt::format("{}link \"{}\" -> \"{}\",", is_owner_rule(box.owners) ? "owner " : "", name, old_name));
  return lines;
}

std::optional<Section> section_of(std::uint16_t form) {
  if (word_of_form(form)) return Section::network;
  switch (static_cast<Form>(form)) {
    case Form::path:
    case Form::move: return Section::files;
    case Form::link: return Section::links;
    case Form::network:
    case Form::socket: return Section::network;
    case Form::capability: return Section::capabilities;
    case Form::peers: return Section::processes;
    case Form::mount:
    case Form::umount:
    case Form::pivot_root:
    case Form::userns: return Section::mounts;
    case Form::nothing: return std::nullopt;
  }
  return std::nullopt;
}

Texts texts_of(const target::LegalPolicy& legal, const target::Piece& piece) {
  if (word_of_form(piece.form)) return network_lines(piece);
  switch (static_cast<Form>(piece.form)) {
    case Form::link: return link_lines(std::get<ir::PairBox>(piece.wanted), legal.policy());
    case Form::network: return network_lines(piece);
    case Form::capability: return capability_lines(std::get<ir::CapabilityBox>(piece.wanted));
    case Form::peers: return peer_lines(legal, std::get<ir::PeerBox>(piece.wanted));
    case Form::mount: return {"mount,"};
    case Form::umount: return {"umount,"};
    case Form::pivot_root: return {"pivot_root,"};
    case Form::userns: return {"userns,"};
    case Form::socket:
    case Form::path:
    case Form::move:
    case Form::nothing: break;
  }
  return {};
}

}  // namespace

std::vector<Line> lines_of(const target::LegalPolicy& legal, Section section) {
  FileLines files(legal);
  std::vector<Line> lines;
  for (const target::LegalRule& one : legal.rules()) {
    if (section_of(one.piece.form) != section) continue;
    if (section == Section::files) {
      files.add(one);
      continue;
    }
    for (std::string& text : texts_of(legal, one.piece))
      lines.push_back({one.rule, (one.effect == ir::Effect::deny ? "deny " : "") + std::move(text)});
  }
  if (section == Section::files) lines = std::move(files).run();
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.rule < b.rule; });
  return lines;
}

std::string attachment_text(const ir::Policy& policy) {
  Texts programs;
  for (const std::string& program : policy.programs)
    for (std::string& name : with_real_names(program, policy))
      if (std::find(programs.begin(), programs.end(), name) == programs.end()) programs.push_back(std::move(name));
  if (programs.empty()) return "";
  if (programs.size() == 1) return quoted(programs.front());
  Texts texts;
  for (const std::string& program : programs) texts.push_back(quoted_bytes(std::string_view(program).substr(1)));
  return fmt::format("\"/{{{}}}\"", fmt::join(texts, ","));
}

}  // namespace polc::apparmor
