#include "sema/configuration.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "sema/scope.hpp"
#include "sema/suggest.hpp"

namespace polc::sema {
namespace {

using Variants = std::map<std::string_view, const ast::Variant*>;

// By name, the first definition of each; reports the others, and systems that nobody knows.
Variants checked_variants(const Program& program, diag::Sink& sink) {
  Variants variants;
  for (const ast::Variant* variant : variants_of(program)) {
    const auto [known, is_new] = variants.emplace(variant->name.text, variant);
    if (!is_new) report_defined_twice(variant->name.range, known->second->name.range, variant->name.text, sink);
    for (const ast::Name& system : variant->systems)
      if (!find_os(system.text))
        suggest(sink.add(diag::unknown_system, system.range, system.text), system.range,
                nearest_of(system.text, os_names, sink));
  }
  return variants;
}

void report_undeclared(const std::string& name, const Variants& variants, diag::Sink& sink) {
  std::vector<std::string_view> known;
  for (const auto& [other, variant] : variants) known.push_back(other);
  auto added = sink.add_unlocated(diag::unknown_variant, name);
  if (const auto near = nearest_of(name, known, sink)) added.note("did you mean `" + std::string(*near) + "`?");
  added.note(known.empty() ? "there is none" : fmt::format("there is {}", fmt::join(known, ", ")));
}

// The request's variants; reports names that no file declares.
std::vector<const ast::Variant*> requested_variants(const Variants& variants, const ConfigurationRequest& request,
                                                    diag::Sink& sink) {
  std::vector<const ast::Variant*> requested;
  for (const std::string& name : request.variants) {
    if (const auto found = variants.find(name); found != variants.end()) requested.push_back(found->second);
    else report_undeclared(name, variants, sink);
  }
  return requested;
}

const ast::Variant* default_platform(const Program& program, Os os, diag::Sink& sink) {
  const ast::Variant* some_platform = nullptr;
  for (const ast::Variant* variant : variants_of(program)) {
    if (!is_platform(*variant)) continue;
    if (lists(*variant, os)) return variant;
    if (some_platform == nullptr) some_platform = variant;
  }
  if (some_platform != nullptr) sink.add(diag::no_platform, some_platform->name.range, name_of(os));
  return nullptr;
}

// The platform among the requested variants, or the default one; nullptr when the program has none.
const ast::Variant* chosen_platform(const Program& program, const std::vector<const ast::Variant*>& requested, Os os,
                                    diag::Sink& sink) {
  const ast::Variant* chosen = nullptr;
  for (const ast::Variant* variant : requested) {
    if (!is_platform(*variant) || variant == chosen) continue;
    if (chosen != nullptr) {
      sink.add_unlocated(diag::two_platforms, chosen->name.text, variant->name.text);
      return chosen;
    }
    if (!lists(*variant, os)) sink.add(diag::platform_elsewhere, variant->name.range, variant->name.text, name_of(os));
    chosen = variant;
  }
  return chosen != nullptr ? chosen : default_platform(program, os, sink);
}

}  // namespace

std::vector<const ast::Variant*> variants_of(const Program& program) {
  std::vector<const ast::Variant*> variants;
  for (const Unit& unit : program.units)
    for (const ast::Item& item : unit.file.items)
      if (const auto* variant = std::get_if<ast::Variant>(&item.value)) variants.push_back(variant);
  return variants;
}

bool are_declared(const Program& program, const std::vector<std::string>& names, diag::Sink& sink) {
  Variants variants;
  for (const ast::Variant* variant : variants_of(program)) variants.emplace(variant->name.text, variant);
  bool good = true;
  for (const std::string& name : names) {
    if (variants.contains(name)) continue;
    report_undeclared(name, variants, sink);
    good = false;
  }
  return good;
}

bool lists(const ast::Variant& platform, Os os) {
  return std::any_of(platform.systems.begin(), platform.systems.end(),
                     [&](const ast::Name& system) { return system.text == name_of(os); });
}

std::optional<ir::Configuration> configuration_of(const Program& program, const ConfigurationRequest& request,
                                                  diag::Sink& sink) {
  const std::size_t errors_before = sink.error_count();
  const Variants variants = checked_variants(program, sink);
  const auto requested = requested_variants(variants, request, sink);
  if (sink.error_count() > errors_before) return std::nullopt;
  ir::Configuration configuration{request.os, request.arch, {}};
  auto& names = configuration.variants;
  if (const ast::Variant* platform = chosen_platform(program, requested, request.os, sink))
    names.push_back(platform->name.text);
  for (const ast::Variant* variant : requested)
    if (!is_platform(*variant)) names.push_back(variant->name.text);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (sink.error_count() > errors_before) return std::nullopt;
  return configuration;
}

bool is_in_force(const ir::Configuration& configuration, std::string_view variant) {
  return std::binary_search(configuration.variants.begin(), configuration.variants.end(), variant);
}

std::vector<std::string> platforms_of(const Program& program, Os os) {
  std::vector<std::string> names;
  for (const ast::Variant* variant : variants_of(program))
    if (is_platform(*variant) && lists(*variant, os)) names.push_back(variant->name.text);
  return names;
}

std::vector<Os> systems_of(const Program& program) {
  std::vector<Os> systems;
  for (const ast::Variant* variant : variants_of(program))
    for (const ast::Name& system : variant->systems)
      if (const auto os = find_os(system.text); os && std::find(systems.begin(), systems.end(), *os) == systems.end())
        systems.push_back(*os);
  return systems;
}

}  // namespace polc::sema
