// JSON as far as it has a meaning for Landlock's configurations.
#include "landlock/config_value.hpp"
#include "landlock/read_config.hpp"

namespace polc::landlock {
namespace {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : at_(text) {}

  ConfigResult run() {
    ConfigValue all;
    skip();
    if (value(all, 0)) {
      skip();
      if (!at_.at_end()) at_.fail("something after the end of the configuration");
    }
    if (at_.error()) return tl::unexpected(*at_.error());
    return all;
  }

 private:
  void skip() {
    while (at_.peek() == ' ' || at_.peek() == '\t' || at_.peek() == '\r' || at_.peek() == '\n') at_.next();
  }

  bool value(ConfigValue& out, unsigned depth) {
    if (depth > deepest_config) return at_.fail("nested too deep");
    out.line = at_.line();
    if (at_.take('{')) return table(out.value.emplace<ConfigTable>(), depth);
    if (at_.take('[')) return list(out.value.emplace<ConfigList>(), depth);
    if (at_.take('"')) return string(out.value.emplace<std::string>());
    return at_.number(out.value.emplace<std::uint64_t>(), false);
  }

  bool string(std::string& out) {
    while (at_.peek() != '"') {
      if (at_.at_end() || static_cast<unsigned char>(at_.peek()) < 0x20) return at_.fail("a string without its end");
      if (!at_.take('\\')) out += at_.next();
      else if (!at_.escape(out)) return false;
    }
    return at_.take('"');
  }

  bool list(ConfigList& out, unsigned depth) {
    for (skip(); !at_.take(']'); skip()) {
      if (!out.empty() && !at_.take(',')) return at_.fail("no `,` between two values");
      skip();
      if (!value(out.emplace_back(), depth + 1)) return false;
    }
    return true;
  }

  bool table(ConfigTable& out, unsigned depth) {
    for (skip(); !at_.take('}'); skip()) {
      if (!out.empty() && !at_.take(',')) return at_.fail("no `,` between two keys");
      skip();
      std::string key;
      if (!at_.take('"')) return at_.fail("no key");
      if (!string(key)) return false;
      skip();
      if (!at_.take(':')) return at_.fail("no `:` behind a key");
      skip();
      ConfigValue one;
      if (!value(one, depth + 1)) return false;
      if (!put_key(out, std::move(key), std::move(one))) return at_.fail("a key for the second time");
    }
    return true;
  }

  ConfigCursor at_;
};

}  // namespace

ConfigResult config_from_json(std::string_view text) { return JsonReader(text).run(); }

DocumentResult document_from_json(std::string_view text) {
  constexpr ConfigKeys keys{"pathBeneath", "netPort", "handledAccessFs", "handledAccessNet", "allowedAccess"};
  const ConfigResult config = config_from_json(text);
  if (!config) return tl::unexpected(config.error());
  return document_from_config(*config, keys);
}

}  // namespace polc::landlock
