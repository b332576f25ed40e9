// landlockconfig's own reading (src/parser.rs, config.rs and variable.rs of July 2026): unknown keys and empty lists
// are errors; what a rule grants is handled, whether the rule set says so or not; rights that make no sense on a file
// are left out where a path is one.
#include "landlock/read_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace polc::landlock {
namespace {

using Rows = std::span<const knowledge::LandlockRight>;
constexpr unsigned newest_abi_of_tool = 6;
constexpr std::size_t most_paths = 100'000;

std::string upper(std::string_view name) {
  std::string out(name);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    else if (c >= 'A' && c <= 'Z') c = '?';  // names are in lower case
  return out;
}

class ConfigReader {
 public:
  explicit ConfigReader(const ConfigKeys& keys) : keys_(keys) {}

  DocumentResult run(const ConfigValue& config) {
    if (const auto* all = std::get_if<ConfigTable>(&config.value)) whole(*all);
    else fail(config.line, "no table");
    if (error_) return tl::unexpected(*error_);
    // The tool asks for what the file says, whatever its `abi`.
    document_.rules.abi = oldest_abi(document_.rules.handled);
    return std::move(document_);
  }

 private:
  void fail(unsigned line, std::string message) {
    if (!error_) error_ = target::ReadError{line, std::move(message)};
  }

  // Rules may stand before what they need: `abi` and variables come first.
  void whole(const ConfigTable& all) {
    each(all, [&](const std::string& key, const ConfigValue& value) {
      if (key == "abi") set_abi(value);
      else if (key == "variable")
        tables(value, [&](const ConfigTable& table, unsigned line) { variable(table, line); });
      else if (key != "ruleset" && key != keys_.path_beneath && key != keys_.net_port)
        fail(value.line, fmt::format("a key `{}`", key));
    });
    each(all, [&](const std::string& key, const ConfigValue& value) {
      if (key == "ruleset") tables(value, [&](const ConfigTable& table, unsigned line) { ruleset(table, line); });
      if (key == keys_.path_beneath)
        tables(value, [&](const ConfigTable& table, unsigned line) { path_beneath(table, line); });
      if (key == keys_.net_port) tables(value, [&](const ConfigTable& table, unsigned line) { net_port(table, line); });
    });
  }

  template <class Visit>
  void each(const ConfigTable& table, const Visit& visit) {
    for (const auto& [key, value] : table)
      if (!error_) visit(key, value);
  }

  template <class Visit>
  void tables(const ConfigValue& value, const Visit& visit) {
    items(value, [&](const ConfigValue& item) {
      if (const auto* table = std::get_if<ConfigTable>(&item.value)) visit(*table, item.line);
      else fail(item.line, "no table");
    });
  }

  template <class Visit>
  void items(const ConfigValue& value, const Visit& visit) {
    const auto* list = std::get_if<ConfigList>(&value.value);
    if (list == nullptr || list->empty()) return fail(value.line, "no list with something in it");
    for (const ConfigValue& item : *list)
      if (!error_) visit(item);
  }

  void set_abi(const ConfigValue& value) {
    const auto* number = std::get_if<std::uint64_t>(&value.value);
    if (number == nullptr || *number == 0 || *number > 0x7FFF'FFFF) return fail(value.line, "no ABI");
    abi_ = static_cast<unsigned>(std::min<std::uint64_t>(*number, newest_abi_of_tool));
    document_.directives.insert({fmt::format("abi {}", *number), {}, value.line});
  }

  void variable(const ConfigTable& table, unsigned line) {
    std::string name;
    std::vector<std::string> values;
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key == "name") name = text(value);
      else if (key == "literal") items(value, [&](const ConfigValue& item) { values.push_back(text(item)); });
      else fail(value.line, fmt::format("a key `{}`", key));
    });
    if (!is_name(name)) return fail(line, fmt::format("`{}` is no name of a variable", name));
    auto& known = variables_[name];
    known.insert(known.end(), values.begin(), values.end());
  }

  static bool is_name(std::string_view name) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
      return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
    });
  }

  std::string text(const ConfigValue& value) {
    if (const auto* string = std::get_if<std::string>(&value.value)) return *string;
    fail(value.line, "no string");
    return {};
  }

  void ruleset(const ConfigTable& table, unsigned line) {
    Ruleset& rules = document_.rules;
    if (rules.line == 0) rules.line = line;
    if (table.empty()) fail(line, "an empty rule set");
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key == keys_.handled_files) rules.handled.files |= rights(value, knowledge::landlock_file_rights());
      else if (key == keys_.handled_net) rules.handled.net |= rights(value, knowledge::landlock_net_rights());
      else if (key == "scoped") rules.handled.scoped |= rights(value, knowledge::landlock_scopes());
      else fail(value.line, fmt::format("a key `{}`", key));
    });
  }

  Rights rights(const ConfigValue& value, Rows known) {
    Rights all = 0;
    items(value, [&](const ConfigValue& item) {
      const std::string name = text(item);
      const auto one = name.starts_with("abi.") ? group(name, known) : right_of_tool(name, known);
      if (!one)
        fail(item.line, name.starts_with("abi.") && abi_ == 0 ? fmt::format("`{}` without `abi`", name)
                                                              : fmt::format("`{}` is no right here", name));
      else all |= *one;
    });
    return all;
  }

  static std::optional<Rights> right_of_tool(const std::string& name, Rows known) {
    const auto found = knowledge::find_landlock_right(known, upper(name));
    return found && (*found & ~knowledge::known_by(known, newest_abi_of_tool)) == 0 ? found : std::nullopt;
  }

  std::optional<Rights> group(const std::string& name, Rows known) const {
    if (abi_ == 0) return std::nullopt;
    const Rights all = knowledge::known_by(known, abi_);
    if (name == "abi.all") return all;
    if (known.data() != knowledge::landlock_file_rights().data()) return std::nullopt;
    if (name == "abi.read_execute") return all & (right::execute | right::read_file | right::read_dir | right::refer);
    if (name == "abi.read_write") return all & ~right::execute;
    return std::nullopt;
  }

  void path_beneath(const ConfigTable& table, unsigned line) {
    Rights allowed = 0;
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key == keys_.allowed) allowed = rights(value, knowledge::landlock_file_rights());
      else if (key != "parent") fail(value.line, fmt::format("a key `{}`", key));
    });
    document_.rules.handled.files |= allowed;
    bool has_parent = false;
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key != "parent") return;
      has_parent = true;
      items(value, [&](const ConfigValue& item) { parent(item, allowed); });
    });
    if (allowed == 0 || !has_parent) fail(line, "a rule without rights or paths");
  }

  void parent(const ConfigValue& item, Rights allowed) {
    for (const std::string& path : expanded(text(item), item.line)) {
      auto walked = walked_path(path);
      if (!walked) return fail(item.line, fmt::format("`{}` is no absolute path without `..`", path));
      document_.rules.paths.push_back({std::move(*walked), allowed & right::on_files, allowed, false, item.line});
      if (document_.rules.paths.size() > most_paths) return fail(item.line, "too many paths");
    }
  }

  // `$$` is a dollar, `${name}` each value of a variable; any other dollar is one, too.
  std::vector<std::string> expanded(std::string_view text, unsigned line) {
    std::vector<std::string> all{""};
    while (!text.empty()) {
      const std::size_t dollar = std::min(text.find('$'), text.size());
      for (std::string& one : all) one.append(text.substr(0, dollar));
      text.remove_prefix(dollar);
      if (text.starts_with("${")) {
        const std::size_t end = text.find('}');
        const auto found = end == std::string_view::npos ? variables_.end() : variables_.find(text.substr(2, end - 2));
        if (found == variables_.end() || all.size() * found->second.size() > most_paths)
          return fail(line, "a variable that is not known, or has too many values"), std::vector<std::string>{};
        std::vector<std::string> more;
        for (const std::string& one : all)
          for (const std::string& value : found->second) more.push_back(one + value);
        all = std::move(more);
        text.remove_prefix(end + 1);
      } else if (!text.empty()) {
        for (std::string& one : all) one += '$';
        text.remove_prefix(text.starts_with("$$") ? 2 : 1);
      }
    }
    return all;
  }

  void net_port(const ConfigTable& table, unsigned line) {
    PortRule rule;
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key == keys_.allowed) rule.rights = rights(value, knowledge::landlock_net_rights());
      else if (key != "port") fail(value.line, fmt::format("a key `{}`", key));
    });
    document_.rules.handled.net |= rule.rights;
    bool has_port = false;
    each(table, [&](const std::string& key, const ConfigValue& value) {
      if (key != "port") return;
      has_port = true;
      items(value, [&](const ConfigValue& item) {
        const auto* port = std::get_if<std::uint64_t>(&item.value);
        if (port == nullptr || *port > 65535) return fail(item.line, "no port");
        rule.line = item.line;
        rule.ports = {{static_cast<std::uint16_t>(*port), static_cast<std::uint16_t>(*port)}};
        document_.rules.ports.push_back(rule);
      });
    });
    if (rule.rights == 0 || !has_port) fail(line, "a rule without rights or ports");
  }

  const ConfigKeys& keys_;
  Document document_;
  unsigned abi_ = 0;  // 0: the file names none
  std::map<std::string, std::vector<std::string>, std::less<>> variables_;
  std::optional<target::ReadError> error_;
};

}  // namespace

DocumentResult document_from_config(const ConfigValue& config, const ConfigKeys& keys) {
  return ConfigReader(keys).run(config);
}

}  // namespace polc::landlock
