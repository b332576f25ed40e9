// TOML as far as it has a meaning for Landlock's configurations: no dates, fractions, dotted keys or strings of several
// lines.
#include <algorithm>

#include "landlock/config_value.hpp"
#include "landlock/read_config.hpp"

namespace polc::landlock {
namespace {

class TomlReader {
 public:
  explicit TomlReader(std::string_view text) : at_(text) {}

  ConfigResult run() {
    ConfigValue all{ConfigTable{}, 1};
    table_ = &std::get<ConfigTable>(all.value);
    for (lines(); !at_.at_end(); lines()) {
      const bool good = at_.take('[') ? header(std::get<ConfigTable>(all.value)) : pair(*table_, 0);
      if (good && !ends_line()) at_.fail("something behind a value");
    }
    if (at_.error()) return tl::unexpected(*at_.error());
    return all;
  }

 private:
  void blanks() {
    while (at_.peek() == ' ' || at_.peek() == '\t') at_.next();
  }
  void comment() {
    if (at_.peek() == '#')
      while (!at_.at_end() && at_.peek() != '\n') at_.next();
  }
  // Blanks, comments and line breaks.
  void lines() {
    for (blanks(), comment(); at_.peek() == '\n' || at_.starts("\r\n"); blanks(), comment()) at_.next();
  }
  bool ends_line() {
    blanks();
    comment();
    return at_.at_end() || at_.peek() == '\n' || at_.starts("\r\n");
  }

  // `[[name]]` begins another table of a list, `[name]` a table of its own.
  bool header(ConfigTable& all) {
    const unsigned line = at_.line();
    const bool is_list = at_.take('[');
    std::string name;
    blanks();
    if (!key(name)) return false;
    blanks();
    if (!at_.take(']') || (is_list && !at_.take(']'))) return at_.fail("no `]` behind the name of a table");
    if (!is_list) {
      if (!put_key(all, name, {ConfigTable{}, line})) return at_.fail("a table for the second time");
      return table_ = &std::get<ConfigTable>(all.back().value.value), true;
    }
    put_key(all, name, {ConfigList{}, line});
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.key == name; });
    auto* list = std::get_if<ConfigList>(&found->value.value);
    if (list == nullptr) return at_.fail("a list with the name of something else");
    list->push_back({ConfigTable{}, line});
    return table_ = &std::get<ConfigTable>(list->back().value), true;
  }

  bool key(std::string& out) {
    if (at_.take('"')) return basic(out);
    if (at_.take('\'')) return literal(out);
    const auto is_bare = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    while (is_bare(at_.peek())) out += at_.next();
    return !out.empty() || at_.fail("no key");
  }

  bool pair(ConfigTable& table, unsigned depth) {
    std::string name;
    if (!key(name)) return false;
    blanks();
    if (!at_.take('=')) return at_.fail("no `=` behind a key");
    blanks();
    ConfigValue one;
    if (!value(one, depth)) return false;
    return put_key(table, std::move(name), std::move(one)) || at_.fail("a key for the second time");
  }

  bool value(ConfigValue& out, unsigned depth) {
    if (depth > deepest_config) return at_.fail("nested too deep");
    out.line = at_.line();
    if (at_.starts("\"\"\"") || at_.starts("'''")) return at_.fail("a string of several lines");
    if (at_.take('"')) return basic(out.value.emplace<std::string>());
    if (at_.take('\'')) return literal(out.value.emplace<std::string>());
    if (at_.take('[')) return list(out.value.emplace<ConfigList>(), depth);
    if (at_.take('{')) return table(out.value.emplace<ConfigTable>(), depth);
    return at_.number(out.value.emplace<std::uint64_t>(), true);
  }

  static bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }

  bool basic(std::string& out) {
    while (at_.peek() != '"') {
      if (at_.at_end() || is_control(at_.peek())) return at_.fail("a string without its end");
      if (!at_.take('\\')) out += at_.next();
      else if (at_.peek() == '/') return at_.fail("an escape that TOML does not know");
      else if (!at_.escape(out)) return false;
    }
    return at_.take('"');
  }

  bool literal(std::string& out) {
    while (at_.peek() != '\'') {
      if (at_.at_end() || is_control(at_.peek())) return at_.fail("a string without its end");
      out += at_.next();
    }
    return at_.take('\'');
  }

  bool list(ConfigList& out, unsigned depth) {
    for (lines(); !at_.take(']'); lines()) {
      if (!value(out.emplace_back(), depth + 1)) return false;
      lines();
      if (!at_.take(',') && at_.peek() != ']') return at_.fail("no `,` between two values");
    }
    return true;
  }

  bool table(ConfigTable& out, unsigned depth) {
    for (blanks(); !at_.take('}'); blanks()) {
      if (!out.empty() && !at_.take(',')) return at_.fail("no `,` between two keys");
      blanks();
      if (!pair(out, depth + 1)) return false;
    }
    return true;
  }

  ConfigCursor at_;
  ConfigTable* table_ = nullptr;  // that keys go into
};

}  // namespace

ConfigResult config_from_toml(std::string_view text) { return TomlReader(text).run(); }

DocumentResult document_from_toml(std::string_view text) {
  constexpr ConfigKeys keys{"path_beneath", "net_port", "handled_access_fs", "handled_access_net", "allowed_access"};
  const ConfigResult config = config_from_toml(text);
  if (!config) return tl::unexpected(config.error());
  return document_from_config(*config, keys);
}

}  // namespace polc::landlock
