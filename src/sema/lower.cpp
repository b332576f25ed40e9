#include "sema/lower.hpp"

#include "sema/access.hpp"
#include "sema/configuration.hpp"
#include "sema/names.hpp"
#include "sema/policy.hpp"
#include "sema/structure.hpp"

namespace polc::sema {
namespace {

// The policies to compile, with their annotations and the unit that holds them.
template <class Use>
void for_each_main_policy(const Program& program, Use use) {
  for (std::size_t place = 0; place < program.units.size(); ++place) {
    const Unit& unit = program.units[place];
    if (!unit.is_main) continue;
    for (const ast::Item& item : unit.file.items)
      if (const auto* policy = std::get_if<ast::Policy>(&item.value)) use(*policy, item.annotations, place);
  }
}

}  // namespace

std::vector<std::string> policy_names(const Program& program) {
  std::vector<std::string> names;
  for_each_main_policy(program, [&](const ast::Policy& policy, const ast::Annotations&, std::size_t) {
    names.push_back(policy.name.text);
  });
  return names;
}

std::optional<std::vector<ir::Policy>> lower(const Program& program, const ConfigurationRequest& request,
                                             diag::Sink& sink) {
  const std::size_t errors_before = sink.error_count();
  check_structure(program, sink);
  const auto configuration = configuration_of(program, request, sink);
  if (!configuration) return std::nullopt;
  const Names names(program, *configuration, sink);
  std::vector<ir::Policy> policies;
  for_each_main_policy(program, [&](const ast::Policy& policy, const ast::Annotations& annotations, std::size_t unit) {
    policies.push_back(lower_policy(policy, annotations, names.scope_of(unit), names, *configuration, sink));
  });
  if (sink.error_count() > errors_before) return std::nullopt;
  return policies;
}

std::optional<std::vector<std::pair<ir::Box, ir::LeftOut>>> lower_access(const Program& program,
                                                                         const ConfigurationRequest& request,
                                                                         const ast::Access& access, diag::Sink& sink) {
  const std::size_t errors_before = sink.error_count();
  const auto configuration = configuration_of(program, request, sink);
  if (!configuration) return std::nullopt;
  const Names names(program, *configuration, sink);
  Boxes boxes;
  lower(access, {names, *configuration, names.main_scope(), sink}, boxes);
  if (sink.error_count() > errors_before) return std::nullopt;
  return boxes;
}

}  // namespace polc::sema
