#include "cli/stage_options.hpp"

#include <CLI/CLI.hpp>

#include "driver/stages.hpp"
#include "opt/pipeline.hpp"

namespace polc::cli {
namespace {

std::vector<std::string> pass_names() {
  std::vector<std::string> names;
  for (const opt::Pass& pass : opt::passes()) names.emplace_back(pass.name);
  return names;
}

}  // namespace

void add_stages(CLI::App& app, Options& options) {
  const std::vector<std::string> stages(driver::stage_names.begin(), driver::stage_names.end());
  app.add_option("--dump", options.dump, "print a stage instead of compiling: ast, ir, optimised, legal")
      ->check(CLI::IsMember(stages))->type_name("STAGE");
  app.add_option("--stop-after", options.stop_after, "go no further than a stage, and print nothing")
      ->check(CLI::IsMember(stages))->type_name("STAGE");
  app.add_flag("--print-passes", options.print_passes, "the passes of the optimiser, in their order");
  app.add_option("--disable-pass", options.disabled_passes, "leave out a pass")->allow_extra_args(false)->delimiter(',')->check(CLI::IsMember(pass_names()))->type_name("P[,P...]");
  app.add_option("--dump-after", options.dump_after, "print what the optimiser has after a pass")
      ->check(CLI::IsMember(pass_names()))->type_name("P");
}

}  // namespace polc::cli
