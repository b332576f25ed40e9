#include "apparmor/read_conditions.hpp"

#include "apparmor/read_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

namespace polc::apparmor {
namespace {

using Names = std::vector<std::string_view>;

bool holds(const Names& names, std::string_view word) { return std::find(names.begin(), names.end(), word) != names.end(); }

/// One kind of rule: accesses, then conditions, then names.
struct Grammar {
  std::string_view rule;
  Names accesses;
  std::string_view letters;  // that may stand together as an access: "rw"
  Names conditions;          // NAME=VALUE
  std::size_t most_names;    // beside them
  std::string_view arrow;    // `->` and what behind it? "name": one must; "": none may stand there
  bool has_peer = false;     // peer=(...), at the end
};

const std::vector<Grammar>& grammars() {
  static const std::vector<Grammar> rows{
      {"userns", {}, "", {}, 0, ""},  // see below
      {"io_uring", {"sqpoll", "override_creds"}, "", {"label"}, 0, ""},
      {"mqueue", {"read", "write", "create", "open", "delete", "getattr", "setattr"}, "rw", {"type", "label"}, 1, ""},
      {"mount", {}, "", {"fstype", "vfstype", "options", "option"}, 1, "name"},
      {"remount", {}, "", {"fstype", "vfstype", "options", "option"}, 1, ""},
      {"umount", {}, "", {"fstype", "vfstype", "options", "option"}, 1, ""},
      {"pivot_root", {}, "", {"oldroot"}, 1, "name"},
      {"unix",
       {"send", "receive", "bind", "create", "listen", "accept", "connect", "shutdown", "getattr", "setattr", "getopt", "setopt", "read", "write"},
       "rw", {"type", "addr"}, 0, "", true},
      {"dbus", {"send", "receive", "bind", "eavesdrop", "read", "write"}, "rw", {"bus", "path", "interface", "member", "name"}, 0, "", true},
      {"change_profile", {}, "", {}, 1, "name"},
  };
  return rows;
}

// mount.cc of 4.1, and what options take from MS_ constants.
const Names& mount_options() {
  static const Names names{"ro", "r", "read-only", "rw", "w", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "remount", "mand", "nomand", "dirsync",
                           "symfollow", "nosymfollow", "atime", "noatime", "diratime", "nodiratime", "bind", "B", "move", "M", "rbind", "R", "verbose", "silent", "loud", "acl", "noacl",
                           "unbindable", "make-unbindable", "runbindable", "make-runbindable", "private", "make-private", "rprivate", "make-rprivate", "slave", "make-slave", "rslave",
                           "make-rslave", "shared", "make-shared", "rshared", "make-rshared", "relatime", "norelatime", "iversion", "noiversion", "strictatime", "nostrictatime",
                           "lazytime", "nolazytime", "user", "nouser"};
  return names;
}

class Checker {
 public:
  Checker(std::string_view rule, std::vector<Token> words) : rule_(rule), words_(std::move(words)), grammar_(*std::find_if(grammars().begin(), grammars().end(), [&](const Grammar& one) { return one.rule == rule; })) {}

  std::string run() {
    if (rule_ == "userns") return words_.empty() || (words_.size() == 1 && words_[0].is("create")) ? "" : stands_here();
    if (rule_ == "change_profile") safety();
    else accesses();
    while (more()) condition_or_name();
    if (error_.empty()) whole();
    return error_;
  }

 private:
  bool more() const { return at_ < words_.size() && error_.empty(); }
  bool is_mark(std::size_t at, std::string_view mark) const { return at < words_.size() && words_[at].is(mark) && words_[at].kind == Token::Kind::mark; }
  bool is_word(std::size_t at) const { return at < words_.size() && words_[at].kind != Token::Kind::mark; }
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }
  std::string stands_here() const { return fmt::format("`{}` cannot be read here, in a rule of {}", at_ < words_.size() ? words_[at_].text : "the end", rule_); }

  void safety() {
    if (!is_word(0) || (words_[0].text != "safe" && words_[0].text != "unsafe")) return;
    ++at_;
    if (!is_word(at_)) return fail("`safe` and `unsafe` are about programs that are run");

  }

  bool is_access(const Token& word) const {
    if (word.kind != Token::Kind::word) return false;
    return holds(grammar_.accesses, word.text) || (!grammar_.letters.empty() && word.text.find_first_not_of(grammar_.letters) == std::string::npos);
  }

  // One word, or several in parentheses.
  void accesses() {
    if (grammar_.accesses.empty()) return;
    if (is_mark(0, "(")) {
      for (++at_; at_ < words_.size() && !is_mark(at_, ")"); ++at_) {
        if (is_mark(at_, ",")) continue;
        if (!is_access(words_[at_])) return fail(stands_here());
        accesses_.push_back(words_[at_].text);
      }
      ++at_;
    } else if (is_word(0) && !is_condition(0)) {
      if (is_access(words_[0])) accesses_.push_back(words_[at_++].text);
      else if (grammar_.most_names == 0) fail(stands_here());
    }
  }

  bool is_condition(std::size_t at) const { return is_word(at) && (is_mark(at + 1, "=") || (at + 2 < words_.size() && words_[at + 1].is("in") && is_mark(at + 2, "("))); }

  void condition_or_name() {
    if (is_peer_seen_) return fail(stands_here());
    if (is_condition(at_)) return condition();
    if (is_mark(at_, "->")) return arrow();
    if (!is_word(at_) || names_ == grammar_.most_names || has_arrow_) return fail(stands_here());
    if (words_[at_].kind == Token::Kind::word && words_[at_].text.front() == '>') return fail(stands_here());
    name_ = words_[at_++].text;
    if (rule_ == "change_profile" && !name_.starts_with('/') && !name_.starts_with("@{")) return fail("a program is a path");
    ++names_;
  }

  void arrow() {
    if (grammar_.arrow.empty() || has_arrow_ || !is_word(at_ + 1)) return fail(at_ + 1 < words_.size() ? stands_here() : "nothing stands behind `->`");
    has_arrow_ = true;
    at_ += 2;
  }

  void condition() {
    const std::string name = words_[at_].text;
    const bool is_peer = name == "peer" && grammar_.has_peer;
    if (!is_peer && !holds(grammar_.conditions, name)) return fail(fmt::format("`{}` is no condition of {}", name, rule_));
    at_ += 2;
    std::vector<std::string> values;
    if (is_peer && !is_mark(at_, "(")) return fail("what is said of the peer stands in parentheses");
    if (grammar_.has_peer && std::find(conditions_.begin(), conditions_.end(), name) != conditions_.end()) return fail(fmt::format("`{}` is there twice", name));
    if (is_mark(at_, "(")) {
      for (++at_; at_ < words_.size() && !is_mark(at_, ")"); ++at_) {
        if (is_peer && is_mark(at_ + 1, "=") && !is_of_peer(words_[at_].text)) return fail(fmt::format("`{}` is no condition of a peer", words_[at_].text));
        if (!is_mark(at_, ",")) values.push_back(words_[at_].text);
      }
      ++at_;
    } else if (is_word(at_)) {
      values.push_back(words_[at_++].text);
    } else {
      return fail(fmt::format("`{}=` has no value", name));
    }
    if (is_peer) is_peer_seen_ = true;
    else value(name, values);
    if (!values.empty()) conditions_.push_back(name);  // peer=() says nothing
  }

  bool is_of_peer(std::string_view name) const { return name == "label" || name == (rule_ == "unix" ? "addr" : "name"); }

  void value(const std::string& name, const std::vector<std::string>& values) {
    if (rule_ == "unix" && values.size() != 1) return fail(fmt::format("`{}` has one value", name));
    if (name == "addr" && values[0] != "none" && !values[0].starts_with('@')) return fail("an address begins with `@`, or is `none`");
    if (rule_ == "unix" && name == "type" && !type_number(values[0])) return fail(fmt::format("`{}` is no type of socket", values[0]));
    if (rule_ == "mqueue" && name == "type") {
      if (values.size() != 1 || (values[0] != "posix" && values[0] != "sysv")) return fail("a queue's type is posix or sysv");
      type_ = values[0];
    }
    if (!name.starts_with("option")) return;
    for (const std::string& one : values) {
      if (!holds(mount_options(), one)) return fail(fmt::format("`{}` is no option of a mount", one));
      options_.push_back(one);
    }
  }

  // What goes together.
  void whole() {
    const auto has = [](const std::vector<std::string>& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); };
    const bool is_sysv = type_ == "sysv";
    if (rule_ == "mqueue" && names_ == 1 && is_sysv && name_.find_first_not_of("0123456789") != std::string::npos) fail("a queue of sysv has a number");
    if (rule_ == "mount" && options_.size() == 1 && (options_[0] == "bind" || options_[0] == "rbind" || options_[0] == "move") && has(conditions_, "fstype"))
      fail("what is bound or moved has no fstype");
    if (rule_ != "dbus") return;
    for (const std::string_view one : {"path", "interface", "member", "peer"})
      if (has(accesses_, "bind") && has(conditions_, one)) fail("`bind` goes with no condition of messages");
    if (has(conditions_, "name") && (conditions_.size() > 2 || (conditions_.size() == 2 && !has(conditions_, "bus")) || std::any_of(accesses_.begin(), accesses_.end(), [](const auto& one) { return one != "bind"; })))
      fail("`name` is what is bound, and goes with `bus` alone");
    if (has(accesses_, "eavesdrop"))
      for (const std::string& one : conditions_)
        if (one != "bus") fail("`eavesdrop` goes with `bus` alone");
  }

  std::string_view rule_;
  std::vector<Token> words_;
  const Grammar& grammar_;
  std::size_t at_ = 0, names_ = 0;
  bool has_arrow_ = false, is_peer_seen_ = false;
  std::string name_, type_, error_;
  std::vector<std::string> accesses_, conditions_, options_;
};

bool has_known_unit(std::string_view what, std::string_view unit) {
  static const Names sizes{"K", "KB", "M", "MB", "G", "GB"};
  static const Names times{"us", "microsecond", "microseconds", "ms", "millisecond", "milliseconds", "s", "sec", "second", "seconds", "min", "minute", "minutes", "h", "hour", "hours",
                           "d", "day", "days", "week", "weeks"};
  static const Names of_sizes{"fsize", "data", "stack", "core", "rss", "as", "memlock", "msgqueue"};
  if (unit.empty()) return true;
  if (holds(of_sizes, what)) return holds(sizes, unit);
  if (what == "rttime") return holds(times, unit);
  const bool is_fine = unit.starts_with("us") || unit.starts_with("micro") || unit == "ms" || unit.starts_with("milli");
  return what == "cpu" && holds(times, unit) && !is_fine;
}

}  // namespace

std::string wrong_conditions(std::string_view rule, std::vector<Token> words) { return Checker(rule, std::move(words)).run(); }

std::string wrong_limit(std::vector<Token> words) {
  std::vector<std::string> texts;
  for (const Token& word : words) {
    const bool is_behind = word.is("=") && !texts.empty() && texts.back() == "<";
    if (is_behind) texts.back() += word.text;
    else texts.push_back(word.text);
  }
  if (texts.size() < 3 || texts[1] != "<=") return "a limit is `set rlimit WHAT <= VALUE`";
  const std::string& what = texts[0];
  std::string value = texts[2];
  if (texts.size() == 4 && texts[3].find_first_of("-0123456789") == 0) return fmt::format("`{}` is no unit", texts[3]);
  if (texts.size() == 4) value += texts[3];
  if (texts.size() > 4) return fmt::format("`{}` cannot be read here", texts[4]);
  if (value == "infinity") return "";
  long long number = 0;
  const auto [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
  const bool is_nice = what == "nice";
  if (wrong != std::errc{} || !has_known_unit(what, unit)) return fmt::format("`{}` is no value of `{}`", value, what);
  if (is_nice ? number < -20 || number > 19 : number < 0) return fmt::format("`{}` is out of the range of `{}`", value, what);
  return "";
}

}  // namespace polc::apparmor
