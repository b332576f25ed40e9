// A profile's rules as those of a policy: letters as verbs, includes as abstractions.
#include "apparmor/say.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apparmor/network.hpp"
#include "apparmor/read_rules.hpp"
#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "target/said.hpp"

namespace polc::apparmor {
namespace {

using target::ReadError;

struct Permitted {
  std::uint8_t permission;
  FileVerbs verbs;
};
// All that a letter permits: what is said is then what the profile permits, and no target gets more than that.
constexpr std::array permitted{
    Permitted{may_read, {FileVerb::read}},
    Permitted{may_write, {FileVerb::write, FileVerb::create, FileVerb::remove, FileVerb::truncate, FileVerb::chmod, FileVerb::chown}},
    Permitted{may_append, {FileVerb::append}},
    Permitted{may_lock, {FileVerb::lock}},
    Permitted{may_map, {FileVerb::map}},
};

/// Rules that say what calls are permitted, whoever is meant.
struct WordRow {
  std::string_view word, call;
};
constexpr std::array word_rows{WordRow{"mount", "mount"}, WordRow{"umount", "umount2"}, WordRow{"pivot_root", "pivot_root"}};

constexpr std::array<std::string_view, 3> by_others{"signal (receive)", "ptrace (readby)", "ptrace (tracedby)"};

/// Words of a rule, its quotes and all.
std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  return words;
}

/// `px`, `ux` and their like hand the environment over as it is.
bool keeps_environment(const std::string& text) {
  for (const std::string& word : words_of(text)) {
    if (word == "unsafe") return true;
    const auto mode = mode_of(word);
    if (mode && (mode->permissions & may_exec) != 0 && mode->leads != 0 && mode->leads != 'i' && word.find_first_of("PUC") == std::string::npos) return true;
  }
  return false;
}

/// The names with the types that they have there: as few rules as there are sets of types.
std::vector<std::pair<FileTypes, std::vector<sets::PathPattern>>> by_types(const std::vector<Place>& places) {
  std::vector<std::pair<sets::PathPattern, FileTypes>> names;
  for (const Place& place : places) {
    const auto same = std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == place.pattern; });
    if (same == names.end()) names.emplace_back(place.pattern, place.types);
    else same->second = same->second | place.types;
  }
  std::vector<std::pair<FileTypes, std::vector<sets::PathPattern>>> groups;
  for (auto& [name, types] : names) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&t = types](const auto& group) { return group.first == t; });
    if (same == groups.end()) groups.push_back({types, {std::move(name)}});
    else same->second.push_back(std::move(name));
  }
  return groups;
}

bool is_spoken(const std::vector<Place>& places) {
  return std::none_of(places.begin(), places.end(), [](const Place& place) {
    return std::any_of(place.pattern.components.begin(), place.pattern.components.end(), [](const sets::Component& c) { return c.kind == sets::Component::Kind::machine; });
  });
}

/// One pattern, and its types: of a link's name.
std::vector<sets::PathPattern> names_of(const std::vector<Place>& places) {
  std::vector<sets::PathPattern> names;
  for (const Place& place : places)
    if (!(place.types & other_types).empty()) names.push_back(place.pattern);
  return names;
}

class Sayer {
 public:
  explicit Sayer(const ReadProfile& profile) : profile_(profile) {}

  target::SaidText run() {
    head();
    for (std::size_t i = 0; i < profile_.statements.size(); ++i) statement(i);
    missing_includes();
    for (const ReadInclude& include : profile_.abstractions) {
      if (include.may_deny) said_.dropped.push_back({{include.line}, fmt::format("nothing is known of `{}`; say where it is with --include-dir", include.name)});
      else said_.options.push_back({include.line, "abstractions", include.name});
    }
    return std::move(said_);
  }

 private:
  // ---- what stands around rules

  // `if exists`, and it does not: what somebody puts there later is not the policy's.
  void missing_includes() {
    constexpr std::string_view begin = "include if exists ";
    said_.not_compared.push_back(fmt::format("{}*", begin));
    for (const target::Directive& directive : profile_.directives)
      if (directive.text.starts_with(begin)) said_.neutral.push_back({{directive.line, {}, directive.text}, "there is nothing"});
  }

  void head() {
    said_.head = profile_.head;
    said_.name = profile_.name.substr(profile_.name.rfind('/') + 1);
    const auto is_one_path = [](const std::string& text) { return text.starts_with('/') && text.find_first_of("*?[]{}@\\\"") == std::string::npos; };
    const std::vector<std::string> attached = profile_.attachments.empty() && profile_.name.starts_with('/') ? std::vector{profile_.name} : profile_.attachments;
    for (const std::string& program : attached) {
      const auto spelled = attached.size() == 1 ? profile_.variables.spelled_out(program) : std::nullopt;
      if (is_one_path(program)) said_.programs.push_back(program);
      else if (spelled && spelled->find_first_of(" @\\") == std::string::npos) said_.options.push_back({0, "attachment", without_quotes(*spelled)});
      else drop({profile_.head, {}, "attachment " + program}, "a policy's `program` is no pattern");
    }
    name();
    others();
    for (const std::string& flag : profile_.flags) this->flag(flag);
    constexpr std::string_view begin = "<abi/";
    if (profile_.abi.starts_with(begin)) said_.options.push_back({0, "abi", profile_.abi.substr(begin.size(), profile_.abi.size() - begin.size() - 1)});
  }

  static std::string without_quotes(const std::string& text) {
    return text.size() >= 2 && text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
  }

  // What others do to the program no policy says. That any of them may is what is printed anyway; else it is raw text.
  void others() {
    std::set<std::string> all;
    for (const target::Directive& directive : profile_.directives)
      for (const std::string_view what : by_others)
        if (directive.text.find(what) != std::string::npos) all.insert(directive.text);
    others_may_ = all == std::set<std::string>{"signal (receive)", "ptrace (readby)", "ptrace (tracedby)"};
    if (!others_may_) said_.options.push_back({0, "others", "raw"});
  }

  void name() {
    const bool is_word = std::all_of(profile_.name.begin(), profile_.name.end(), [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-' || c == '/'; });
    if (is_word && profile_.name.find("//") == std::string::npos) said_.options.push_back({0, "name", profile_.name});
    else drop({profile_.head, {}, "the name " + profile_.name}, "profiles of policies are named by words");
  }

  void flag(const std::string& flag) {
    if (flag == "complain") said_.options.push_back({0, "mode", "complain"});
    else if (flag == "attach_disconnected") said_.options.push_back({0, "flags", flag});
    else drop({profile_.head, {}, "flags=(" + flag + ")"}, "policies have no option for it");
  }

  void drop(target::SaidPlace at, std::string why) { said_.dropped.push_back({std::move(at), std::move(why)}); }

  // ---- rules

  struct Range {
    std::size_t begin, end;
    bool empty() const { return begin == end; }
  };
  template <class List>
  Range range(std::size_t place, std::size_t ReadStatement::*member, const List& list) const {
    const bool is_last = place + 1 == profile_.statements.size();
    return {profile_.statements[place].*member, is_last ? list.size() : profile_.statements[place + 1].*member};
  }

  target::SaidPlace at() const { return {statement_->line, statement_->file, statement_->text}; }
  void say(const ReadRule& rule, std::vector<ir::Box> boxes) { said_.rules.push_back({at(), rule.effect(), std::move(boxes)}); }
  void keep(std::string why) {
    if (const auto text = profile_.variables.spelled_out(statement_->text)) said_.raws.push_back({at(), fmt::format("  {},", *text), std::move(why)});
    else drop(at(), why + "; raw text cannot hold its variables");
  }

  void statement(std::size_t place) {
    statement_ = &profile_.statements[place];
    const Range paths = range(place, &ReadStatement::paths, profile_.paths), links = range(place, &ReadStatement::links, profile_.links),
                networks = range(place, &ReadStatement::networks, profile_.networks),
                capabilities = range(place, &ReadStatement::capabilities, profile_.capabilities),
                peers = range(place, &ReadStatement::peers, profile_.peers), words = range(place, &ReadStatement::words, profile_.words);
    if (paths.empty() && links.empty() && networks.empty() && capabilities.empty() && peers.empty() && words.empty()) return directive();
    if (is_logged(paths, profile_.paths) || is_logged(links, profile_.links) || is_logged(networks, profile_.networks) ||
        is_logged(capabilities, profile_.capabilities) || is_logged(peers, profile_.peers) || is_logged(words, profile_.words))
      return keep("rules of policies do not say what is logged");
    for (std::size_t i = paths.begin; i < paths.end; ++i) path(profile_.paths[i]);
    for (std::size_t i = links.begin; i < links.end; ++i) link(profile_.links[i]);
    for (std::size_t i = networks.begin; i < networks.end; ++i) network(profile_.networks[i]);
    for (std::size_t i = capabilities.begin; i < capabilities.end; ++i) capability(profile_.capabilities[i]);
    for (std::size_t i = peers.begin; i < peers.end; ++i) peer(profile_.peers[i]);
    if (!peers.empty() && !others_may_) keep_for_others();
    for (std::size_t i = words.begin; i < words.end; ++i) word(profile_.words[i]);
  }

  template <class List>
  static bool is_logged(Range range, const List& list) {
    return std::any_of(list.begin() + static_cast<std::ptrdiff_t>(range.begin), list.begin() + static_cast<std::ptrdiff_t>(range.end), [](const ReadRule& rule) { return rule.audit; });
  }

  // What shows in no access.
  void directive() {
    const std::vector<std::string> words = words_of(statement_->text);
    const auto has = [&](std::string_view word) { return statement_->text.find(word) != std::string::npos; };
    if (has("signal") || has("ptrace")) {
      if (others_may_) return said_.implied.push_back({at(), "what others do to the program is up to them"});
      return keep_for_others();
    }
    if (words.size() == 5 && words[0] == "set" && words[1] == "rlimit" && words[3] == "<=") return limit(words[2], words[4]);
    keep("the language has no words for it");
  }

  // Of `signal peer=x` what others send, as the reader has it.
  void keep_for_others() {
    const std::string text = profile_.variables.spelled_out(statement_->text).value_or(statement_->text);
    const std::size_t at_word = std::min(text.find("signal"), text.find("ptrace"));
    if (at_word == text.npos) return;
    const std::size_t conditions = std::min({text.find(" set=", at_word), text.find(" peer=", at_word), text.size()});
    for (const std::string_view what : by_others) {
      const std::string one = fmt::format("{}{}{}", text.substr(0, at_word), what, text.substr(conditions));
      if (profile_.directives.contains({one})) said_.raws.push_back({at(), fmt::format("  {},", one), "policies have no word for who may do this to the program"});
    }
  }

  // Without a unit; the parser counts times in others, and `nice` downwards.
  void limit(std::string_view name, std::string_view amount) {
    std::uint64_t bound = 0;
    const auto [end, error] = std::from_chars(amount.data(), amount.data() + amount.size(), bound);
    for (const knowledge::NamedNumber& known : knowledge::limits_of(Os::linux_os))
      if (known.name == name && name != "nice" && name != "cpu" && name != "rttime" && error == std::errc() && end == amount.data() + amount.size())
        return said_.limits.push_back({statement_->line, {known.value, bound, {}}});
    keep("a limit that policies have no word for");
  }

  // ---- files

  void path(const ReadPath& rule) {
    const bool is_exec = (rule.permissions & may_exec) != 0;
    if (!rule.places || !is_spoken(*rule.places)) return keep("the pattern is none of the language's");
    if (rule.other) return keep("`other` is no owner");
    if (is_exec && rule.open) return keep("where the program leads is up to the system's other profiles");
    if (is_exec && rule.successor && rule.successor->kind == ir::Successor::Kind::policy) return keep("it leads to a profile of another file");
    if (is_exec && !rule.deny && !is_readable(rule)) return keep("`exec` reads and maps the program, too");
    if (is_exec && keeps_environment(statement_->text)) return keep("policies have no word for an environment that is kept");
    for (auto& [types, names] : by_types(*rule.places))
      if (auto boxes = boxes_of(rule, types, names); !boxes.empty()) say(rule, std::move(boxes));
    if ((rule.permissions & may_link) != 0) letter_l();
  }

  static bool is_readable(const ReadPath& rule) {
    const bool stays = rule.successor && rule.successor->kind == ir::Successor::Kind::same;  // `ix` maps
    return (rule.permissions & may_read) != 0 && (stays || (rule.permissions & may_map) != 0);
  }

  // `link P` would ask for both names in P, and for a name that may be anywhere the letter asks for the rights of the new one. (Of a
  // pair of patterns with `**` apparmor_parser 3.0.8 makes an automaton for minutes, too.)
  void letter_l() {
    const std::vector<std::string> words = words_of(statement_->text);
    const auto mode = std::find_if(words.rbegin(), words.rend(), [](const std::string& word) { return mode_of(word) && word.find('l') != word.npos; });
    const auto text = profile_.variables.spelled_out(mode == words.rend() ? "" : fmt::format("{} l", fmt::join(words.begin(), mode.base() - 1, " ")));
    if (mode.base() != words.end() || !text) return drop(at(), "the letter `l`");
    said_.raws.push_back({at(), fmt::format("  {},", *text), "what the letter `l` permits, a link to any name with these rights, has no words"});
  }

  static std::vector<ir::Box> boxes_of(const ReadPath& rule, FileTypes types, const std::vector<sets::PathPattern>& names) {
    std::vector<ir::Box> boxes;
    ir::FileBox files;
    files.places = names;
    files.types = types;
    files.owners = {!rule.owner, rule.owner, {}};
    for (const Permitted& row : permitted)
      if ((rule.permissions & row.permission) != 0) files.verbs = files.verbs | row.verbs;
    if ((rule.permissions & may_exec) != 0 && !(types & other_types).empty()) {
      files.verbs.insert(FileVerb::exec);
      // `ix` maps, and so does the word.
      if (!rule.deny && rule.successor && rule.successor->kind == ir::Successor::Kind::same) files.verbs.remove(FileVerb::map);
      files.successors.clear();
      if (rule.successor) files.successors = {*rule.successor};
    }
    // A deny of reading leaves the text of a link open, and the parser knows no links.
    if (rule.deny && files.verbs.contains(FileVerb::read) && types.contains(FileType::symlink)) {
      ir::FileBox read = files;
      read.verbs = {FileVerb::read};
      read.types.remove(FileType::symlink);
      boxes.push_back(std::move(read));
      files.verbs.remove(FileVerb::read);
    }
    if (!files.verbs.empty()) boxes.push_back(files);
    ir::PairBox pairs;
    pairs.from = pairs.to = names;
    pairs.types = types;
    pairs.owners = files.owners;
    constexpr std::uint8_t moves = may_read | may_write;
    if (!rule.deny && (rule.permissions & moves) == moves) pairs.verbs.insert(FileVerb::rename);
    if (!pairs.verbs.empty()) boxes.push_back(std::move(pairs));
    return boxes;
  }

  void link(const ReadLink& rule) {
    if (!rule.name || !rule.target || !is_spoken(*rule.name) || !is_spoken(*rule.target)) return keep("the pattern is none of the language's");
    if (rule.is_subset || rule.other) return keep("the language has no words for such links");
    ir::PairBox pairs;
    pairs.verbs = {FileVerb::link};
    pairs.from = names_of(*rule.target);
    pairs.to = names_of(*rule.name);
    pairs.owners = {!rule.owner, rule.owner, {}};
    say(rule, {std::move(pairs)});
  }

  // ---- the rest

  // What nothing allows is refused without a line; the profile's own line keeps it out of the log.
  void capability(const ReadCapability& rule) {
    say(rule, {ir::CapabilityBox{rule.bits}});
    const auto allows = [&](const ReadCapability& other) { return !other.deny && (other.bits & rule.bits) != 0; };
    if (rule.deny && std::none_of(profile_.capabilities.begin(), profile_.capabilities.end(), allows)) keep("what is refused without a word in the log");
  }

  void network(const ReadNetwork& rule) {
    const auto number = [](int value) { return value < 0 ? NetworkWord::any : static_cast<std::uint8_t>(value); };
    std::vector<ir::Box> boxes;
    const bool is_all = rule.domain < 0 && rule.type < 0;
    for (ir::NetBox& box : opened_by({number(rule.domain), number(rule.type)})) {
      if (box.family == Family::unix_family && box.verbs.contains(NetVerb::bind)) {
        ir::NetBox binds = box;
        binds.verbs = {NetVerb::bind};
        name_sockets(binds);
        boxes.emplace_back(std::move(binds));
        box.verbs.remove(NetVerb::bind);
      }
      if (is_all || (box.family != Family::other && (box.family != Family::netlink || rule.type < 0))) boxes.emplace_back(std::move(box));
    }
    // Sockets of families that only calls name, of netlink's types, and such as the words for protocols leave out.
    std::vector<ir::Condition> where;
    constexpr std::uint64_t type_only = 0xF;
    if (rule.domain >= 0) where.push_back(ir::test_of({0, ~std::uint64_t{0}, sets::Compare::equal, static_cast<std::uint64_t>(rule.domain), 32, true}));
    if (rule.type >= 0) where.push_back(ir::test_of({1, type_only, sets::Compare::equal, static_cast<std::uint64_t>(rule.type), 32, true}));
    boxes.emplace_back(ir::CallBox{{*knowledge::find_call(Os::linux_os, "socket")}, ir::all_of(std::move(where))});
    say(rule, std::move(boxes));
  }

  // Who may bind anywhere may make a file there; it is rules of files that say where.
  void name_sockets(ir::NetBox& box) const {
    box.any_unix_address = false;
    box.abstracts = sets::parse_name_pattern({"*", {}}).value();
    for (const ReadPath& path : profile_.paths) {
      if (path.deny || path.owner || path.other || (path.permissions & may_write) == 0 || !path.places || !is_spoken(*path.places)) continue;
      for (const Place& place : *path.places)
        if (place.types.contains(FileType::socket) && std::find(box.paths.begin(), box.paths.end(), place.pattern) == box.paths.end()) box.paths.push_back(place.pattern);
    }
  }

  void peer(const ReadPeer& rule) {
    ir::PeerBox box{rule.kind, rule.what, !rule.peer || rule.peer->is_everything(), {}};
    const bool is_own = rule.peer && rule.peer->is_exact() && rule.peer->prefix() == profile_.name;
    if (rule.is_unknown || (!box.any_peer && !is_own)) return keep("the peer is a profile of another file");
    if (rule.kind == ir::PeerKind::signal && rule.what != ~std::uint64_t{0} && (rule.what & ~named_signals()) != 0) return keep("policies have no name for all of these signals");
    if (is_own) box.peers = {{ir::Peer::Kind::self, ""}, {ir::Peer::Kind::children, ""}};
    say(rule, {std::move(box)});
  }

  static std::uint64_t named_signals() {
    std::uint64_t bits = 0;
    for (const knowledge::NamedNumber& signal : knowledge::signals_of(Os::linux_os)) bits |= signal.value < 64 ? std::uint64_t{1} << signal.value : 0;
    return bits;
  }

  void word(const ReadWord& rule) {
    for (const WordRow& row : word_rows)
      if (row.word == rule.word && !rule.has_conditions) return say(rule, {ir::CallBox{{*knowledge::find_call(Os::linux_os, row.call)}, {}}});
    keep("the language has no words for it");
  }

  const ReadProfile& profile_;
  const ReadStatement* statement_ = nullptr;
  target::SaidText said_;
  bool others_may_ = false;  // signal and inspect the program, all of them
};

}  // namespace

tl::expected<target::SaidText, ReadError> say(std::string_view text, const ir::Configuration&, const target::Settings& settings) {
  const std::vector<std::string>& included = options_of(settings).abstractions;
  const auto profile = profile_from(text, {included.begin(), included.end()}, settings.includes);
  if (!profile) return tl::unexpected(profile.error());
  return Sayer(*profile).run();
}

}  // namespace polc::apparmor
