#include "sandbox/start.hpp"

#include <array>

#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

struct Step {
  std::string_view name;
  Outcome (*run)(Starting&);
};

// What needs a right comes before it is dropped: paths are opened as whoever started us, and capabilities go when nothing needs one
// any more. The filter is last, since it refuses what the others do.
constexpr Step steps[] = {
    {"be one thread", be_one_thread},
    {"open the program", open_program},
    {"make Landlock's rules", make_rules},
    {"set limits", set_limits},
    {"place the program's descriptor", place_program},
    {"close other descriptors on exec", close_others},
    {"keep capabilities over a change of account", keep_capabilities},
    {"change the account", change_account},
    {"drop capabilities", drop_capabilities},
    {"set no_new_privs", give_up_privileges},
    {"restrict by Landlock, and try it", restrict_by_landlock},
    {"tell that all but the filter is in force", tell_ready},
    {"load the filter", load_filter},
    {"execute the program", execute},
};

constexpr auto names = [] {
  std::array<std::string_view, std::size(steps)> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = steps[i].name;
  return all;
}();

}  // namespace

std::span<const std::string_view> step_names() { return names; }

Failure start(const Plan& plan, const Kernel& kernel, char* const* environment, const Ready& ready) {
  Starting starting{plan, kernel, environment, ready};
  for (const std::string& argument : plan.program.arguments) starting.arguments.push_back(const_cast<char*>(argument.c_str()));
  starting.arguments.push_back(nullptr);
  for (const Step& step : steps)
    if (auto failure = step.run(starting)) return *std::move(failure);
  return {"the program was executed, and is not", 0};
}

}  // namespace polc::sandbox
