#include "sema/names.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "sema/configuration.hpp"
#include "sema/suggest.hpp"

namespace polc::sema {
namespace {

void define_items(const ast::File& file, const ir::Configuration& configuration, Scope& scope, diag::Sink& sink) {
  for (const ast::Item& item : file.items) {
    if (const auto* let = std::get_if<ast::Let>(&item.value)) scope.define(let->name, let->value, scope, sink);
    if (const auto* abstraction = std::get_if<ast::Abstraction>(&item.value)) scope.define(*abstraction, sink);
    const auto* variant = std::get_if<ast::Variant>(&item.value);
    if (variant == nullptr || !is_in_force(configuration, variant->name.text)) continue;
    for (const ast::Let& let : variant->lets) scope.define(let.name, let.value, scope, sink);
  }
}

// The files that `unit` imports, directly or through others, each once.
std::vector<std::size_t> reachable_from(const Program& program, std::size_t unit) {
  std::vector<bool> seen(program.units.size());
  std::vector<std::size_t> reached, waiting{unit};
  seen[unit] = true;
  while (!waiting.empty()) {
    const std::size_t next = waiting.back();
    waiting.pop_back();
    for (const std::size_t imported : program.units[next].imports) {
      if (seen[imported]) continue;
      seen[imported] = true;
      reached.push_back(imported);
      waiting.push_back(imported);
    }
  }
  return reached;
}

// Before the first item of a file.
std::optional<diag::SourceRange> place_for_import(const Program& program, diag::SourceId file) {
  for (const Unit& unit : program.units)
    if (unit.file.source == file && !unit.file.items.empty()) {
      const std::uint32_t begin = unit.file.items.front().range.begin;
      return diag::SourceRange{file, begin, begin};
    }
  return std::nullopt;
}

}  // namespace

Names::Names(const Program& program, const ir::Configuration& configuration, diag::Sink& sink) : program_(program) {
  define_all(program, configuration, sink);
  import_all(program, sink);
  for (const Scope* scope : scopes_) {
    check_values(*scope, sink);
    check_abstractions(*scope, sink);
  }
  collect_policies(program, sink);
  collect_overlays(program, sink);
}

void Names::define_all(const Program& program, const ir::Configuration& configuration, diag::Sink& sink) {
  for (const Unit& unit : program.units) {
    Scope& scope = owned_scopes_.emplace_back();
    define_items(unit.file, configuration, scope, sink);
    scopes_.push_back(&scope);
  }
}

void Names::import_all(const Program& program, diag::Sink& sink) {
  std::vector<bool> in_main(program.units.size());
  std::size_t place = 0;
  for (Scope& scope : owned_scopes_) {
    const auto imported = reachable_from(program, place);
    for (const std::size_t unit : imported) scope.import(*scopes_[unit], sink);
    if (program.units[place].is_main) {
      in_main[place] = true;
      for (const std::size_t unit : imported) in_main[unit] = true;
    }
    ++place;
  }
  diag::Sink unused;  // two main files may each have a name of their own; the command line then means the first one's
  for (place = 0; place < in_main.size(); ++place)
    if (in_main[place]) main_scope_.import(*scopes_[place], unused);
}

void Names::collect_policies(const Program& program, diag::Sink& sink) {
  for (const Unit& unit : program.units)
    for (const ast::Item& item : unit.file.items) {
      const auto* policy = std::get_if<ast::Policy>(&item.value);
      if (policy == nullptr) continue;
      const auto [known, is_new] = policies_.emplace(policy->name.text, policy->name.range);
      if (!is_new) report_defined_twice(policy->name.range, known->second, policy->name.text, sink);
    }
}

void Names::collect_overlays(const Program& program, diag::Sink& sink) {
  std::map<std::string_view, diag::SourceRange> seen;
  for (std::size_t place = 0; place < program.units.size(); ++place)
    for (const ast::Item& item : program.units[place].file.items) {
      const auto* overlay = std::get_if<ast::Overlay>(&item.value);
      if (overlay == nullptr) continue;
      const auto [known, is_new] = seen.emplace(overlay->name.text, overlay->name.range);
      if (!is_new) report_defined_twice(overlay->name.range, known->second, overlay->name.text, sink);
      if (!has_policy(overlay->of.text))
        suggest(sink.add(diag::undeclared_policy, overlay->of.range, overlay->of.text), overlay->of.range,
                nearest_of(overlay->of.text, policies(), sink));
      overlays_[overlay->of.text].push_back({overlay, &item.annotations, scopes_[place]});
    }
}

std::vector<std::string_view> Names::policies() const {
  std::vector<std::string_view> names;
  for (const auto& [name, range] : policies_) names.push_back(name);
  return names;
}

void Names::report_unknown_abstraction(const ast::Name& name, const Scope& scope, diag::Sink& sink) const {
  auto added = sink.add(diag::unknown_abstraction, name.range, name.text);
  std::vector<std::string_view> known = scope.visible_abstractions();
  for (const Offer& offer : program_.offers) known.push_back(offer.abstraction);
  const auto near = nearest_of(name.text, known, sink);
  const auto& offers = program_.offers;
  const auto offer = std::find_if(offers.begin(), offers.end(), [&](const Offer& one) { return one.abstraction == near; });
  const bool is_visible = !near || scope.find_abstraction(*near) != nullptr;
  if (near != name.text) suggest(added, name.range, near);
  if (is_visible || offer == offers.end()) return;
  const std::string import = "import \"" + offer->import + "\";";
  added.note("it comes with `" + import + "`");
  if (const auto place = place_for_import(program_, name.range.file)) added.fix(*place, import + "\n");
}

const std::vector<Overlaid>& Names::overlays_of(std::string_view policy) const {
  static const std::vector<Overlaid> none;
  const auto found = overlays_.find(policy);
  return found == overlays_.end() ? none : found->second;
}

}  // namespace polc::sema
