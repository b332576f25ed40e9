// Format `setpriv`: an argument a line, as setpriv-landlock.c of util-linux 2.43 takes them. Rights on files may be cut
// short, those on ports and scopes may not; `fs` without a list is what the running kernel knows.
#include <fmt/format.h>

#include <charconv>

#include "landlock/read.hpp"

#include "support/lines.hpp"

namespace polc::landlock {
namespace {

using Rows = std::span<const knowledge::LandlockRight>;

std::string spelled(std::string_view kernel_name) {
  std::string out(kernel_name);
  for (char& c : out) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return out;
}

class SetprivReader {
 public:
  DocumentResult run(std::string_view text) {
    constexpr unsigned most_words = 200'000;  // more than an exec passes on
    while (!text.empty() && error_.empty()) {
      if (++line_ > most_words) fail(fmt::format("more than {} arguments", most_words));
      argument(take_line(text));
    }
    if (error_.empty() && !expected_.empty()) fail("nothing behind " + expected_);
    if (error_.empty()) finish();
    if (!error_.empty()) return tl::unexpected(target::ReadError{line_, error_});
    document_.asks_type = false;
    return std::move(document_);
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  void argument(std::string_view word) {
    if (is_command_) return directive(word);
    if (!expected_.empty()) return option(std::exchange(expected_, {}), word);
    const std::size_t equals = word.find('=');
    const std::string name(word.substr(0, equals));
    const bool is_ours = name == "--landlock-access" || name == "--landlock-rule";
    if (!is_ours) {
      is_command_ = word == "--" || !word.starts_with('-');
      return directive(word);
    }
    if (equals == std::string_view::npos) expected_ = name;
    else option(name, word.substr(equals + 1));
  }

  void directive(std::string_view word) {
    if (is_command_)
      document_.directives.insert({fmt::format("word {} of the command: {}", ++words_, word), {}, line_});
    else document_.directives.insert({std::string(word), {}, line_});
  }

  void option(const std::string& name, std::string_view value) {
    name == "--landlock-access" ? access(value) : rule(value);
  }

  void access(std::string_view value) {
    const std::size_t colon = value.find(':');
    const std::string_view kind = value.substr(0, colon);
    const std::string_view list = colon == std::string_view::npos ? std::string_view() : value.substr(colon + 1);
    Handled& handled = document_.rules.handled;
    if (document_.rules.line == 0) document_.rules.line = line_;
    if (list.empty()) {
      // At least so much: a kernel without ports or scopes refuses the words.
      document_.directives.insert({fmt::format("{}: all that the kernel knows", kind), {}, line_});
      if (kind == "fs") handled.files |= knowledge::known_by(knowledge::landlock_file_rights(), 1);
      else if (kind == "net") handled.net |= right::bind_tcp | right::connect_tcp;
      else if (kind == "scope") handled.scoped |= right::abstract_unix_socket | right::signal;
      else fail(fmt::format("`{}` is nothing to be restricted", kind));
    } else if (kind == "fs") handled.files |= file_rights(list);
    else if (kind == "net") handled.net |= rights(list, knowledge::landlock_net_rights());
    else if (kind == "scope") handled.scoped |= rights(list, knowledge::landlock_scopes());
    else fail(fmt::format("`{}` is nothing to be restricted", kind));
  }

  /// The first right that begins with the word: `read` is READ_FILE.
  Rights file_rights(std::string_view list) {
    return of_list(list, [](std::string_view word) {
      for (const knowledge::LandlockRight& one : knowledge::landlock_file_rights())
        if (spelled(one.name).starts_with(word)) return one.bit;
      return Rights{0};
    });
  }

  Rights rights(std::string_view list, Rows known) {
    return of_list(list, [&](std::string_view word) {
      for (const knowledge::LandlockRight& one : known)
        if (spelled(one.name) == word) return one.bit;
      return Rights{0};
    });
  }

  template <class Find>
  Rights of_list(std::string_view list, const Find& find) {
    Rights all = 0;
    while (!list.empty()) {
      const std::string_view word = list.substr(0, list.find(','));
      const Rights one = word.empty() ? Rights{0} : find(word);
      if (one == 0) fail(fmt::format("`{}` is no right here", word));
      all |= one;
      list.remove_prefix(std::min(word.size() + 1, list.size()));
    }
    return all;
  }

  void rule(std::string_view value) {
    for (const std::string_view kind : {"path-beneath:", "net-port:"}) {
      if (!value.starts_with(kind)) continue;
      value.remove_prefix(kind.size());
      const std::size_t colon = value.find(':');
      if (colon == std::string_view::npos) return fail("no `:` behind the rights");
      return kind == "net-port:" ? port(value.substr(0, colon), value.substr(colon + 1))
                                 : path(value.substr(0, colon), value.substr(colon + 1));
    }
    fail(fmt::format("`{}` is no rule", value));
  }

  void path(std::string_view list, std::string_view path) {
    auto walked = walked_path(path);
    if (!walked) return fail(fmt::format("`{}` is no absolute path without `..`", path));
    const Rights allowed = file_rights(list);  // none: all that are handled (finish)
    document_.rules.paths.push_back({std::move(*walked), allowed, allowed, false, line_});
  }

  void port(std::string_view list, std::string_view number) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), port);
    if (error != std::errc{} || end != number.data() + number.size())
      return fail(fmt::format("`{}` is no port", number));
    document_.rules.ports.push_back({{{port, port}}, rights(list, knowledge::landlock_net_rights()), line_});
  }

  // What is handled may stand behind the rules.
  void finish() {
    Ruleset& rules = document_.rules;
    const auto check = [&](Rights& granted, Rights handled, unsigned line) {
      if (granted == 0) granted = handled;
      if ((granted & ~handled) == 0 && granted != 0) return;
      if (error_.empty()) line_ = line;
      fail("a right that is not handled");
    };
    for (PathRule& rule : rules.paths) {
      check(rule.dir, rules.handled.files, rule.line);
      rule.file = rule.dir & right::on_files;
    }
    for (PortRule& rule : rules.ports) check(rule.rights, rules.handled.net, rule.line);
    rules.abi = oldest_abi(rules.handled);
  }

  Document document_;
  std::string expected_;  // the option whose value comes next
  bool is_command_ = false;
  unsigned words_ = 0, line_ = 0;
  std::string error_;
};

}  // namespace

DocumentResult document_from_setpriv(std::string_view text) { return SetprivReader().run(text); }

}  // namespace polc::landlock
