#include "target/inherited.hpp"

#include <algorithm>

namespace polc::target {
namespace {

Feature feature_of(const ir::Successor& successor) {
  return successor.kind == ir::Successor::Kind::policy ? Feature::successor_policy : Feature::successor_unconfined;
}

}  // namespace

std::vector<Gap> losing_gaps(const Source& source, const Settings& settings) {
  std::vector<Gap> gaps;
  if (settings.losing.empty()) return gaps;
  for (std::uint32_t i = 0; i < source.parts.size(); ++i) {
    const eval::Part& part = source.parts[i];
    const auto* file = std::get_if<ir::FileBox>(&part.box);
    if (file == nullptr || part.effect != ir::Effect::allow || !file->verbs.contains(FileVerb::exec)) continue;
    for (const ir::Successor& successor : file->successors) {
      if (!std::binary_search(settings.losing.begin(), settings.losing.end(), successor)) continue;
      ir::FileBox lost = *file;
      lost.verbs = {FileVerb::exec};
      lost.successors = {successor};
      gaps.push_back({std::move(lost), ir::Verdict::narrower, feature_of(successor), i});
    }
  }
  return gaps;
}

void add_losing(const Settings& settings, std::uint8_t free_plane, std::vector<eval::Part>& parts, eval::Formulas& formulas) {
  if (settings.losing.empty()) return;
  ir::FileBox exec;
  exec.verbs = {FileVerb::exec};
  exec.places = sets::every_path();
  exec.successors = settings.losing;
  parts.push_back({ir::Effect::deny, exec, {}});
  parts.push_back({ir::Effect::allow, std::move(exec), {}, false, 0, free_plane});
  formulas.possible.push_back({free_plane});
}

}  // namespace polc::target
