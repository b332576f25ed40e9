// In which folders the drop-ins of a unit lie. systemd.unit(5) of 252, "Drop-in": those of the unit, of its template, and of each
// beginning of its name that ends in a dash; last those of all units of the type.
#include <algorithm>

#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

constexpr std::string_view type = ".service";

struct UnitName {
  std::string prefix, instance;  // instance: "@" or "@name"; empty: it has none
  std::string text() const { return prefix + instance + std::string(type); }
};

UnitName unit_name(std::string_view name) {
  name.remove_suffix(type.size());
  const auto at = std::min(name.find('@'), name.size());
  return {std::string(name.substr(0, at)), std::string(name.substr(at))};
}

/// "foo-" of foo-bar and of foo--; empty: there is no such beginning.
std::string shorter(std::string prefix) {
  if (prefix.ends_with('-')) prefix.pop_back();
  const auto dash = prefix.rfind('-');
  return dash == std::string::npos || dash == 0 ? std::string() : prefix.substr(0, dash + 1);
}

void add(const UnitName& name, std::vector<std::string>& folders) {
  const std::string folder = name.text() + ".d";
  if (std::find(folders.begin(), folders.end(), folder) != folders.end()) return;
  folders.push_back(folder);
  if (name.instance.size() > 1) add({name.prefix, "@"}, folders);
  if (std::string less = shorter(name.prefix); !less.empty()) add({std::move(less), name.instance == "@" ? "" : name.instance}, folders);
}

}  // namespace

std::vector<std::string> drop_in_folders(std::string_view file_name) {
  std::vector<std::string> folders;
  if (!file_name.ends_with(type) || file_name.size() == type.size()) return folders;
  add(unit_name(file_name), folders);
  folders.push_back("service.d");
  return folders;
}

}  // namespace polc::systemd
