#include "driver/learn_words.hpp"

#include <fmt/format.h>

#include "driver/load.hpp"
#include "knowledge/calls.hpp"
#include "support/check.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

constexpr const char* file_name = "<learn>";

}  // namespace

LearnWords::LearnWords(std::vector<std::string> names, const std::vector<std::string>& directories, diag::SourceMap& sources)
    : names_(std::move(names)), directories_(directories), sources_(sources), program_(program_of("")) {}

// The policy that is spoken of, and those that it may name.
sema::Program LearnWords::program_of(std::string_view statements) {
  std::string text = fmt::format("language 1;\nimport \"std/linux.pol\";\npolicy spoken_of {{\n{}\n}}\n", statements);
  for (const std::string& name : names_) text += fmt::format("policy {} {{ }}\n", name);
  diag::Sink mistakes;
  Loaded loaded = load({file_name}, directories_, sources_, mistakes, {{file_name, text}});
  POLC_CHECK(!mistakes.has_errors(), "what polc writes itself parses");
  return std::move(loaded.program);
}

ir::Policy LearnWords::policy_of(std::string_view statements) {
  diag::Sink mistakes;
  auto policies = sema::lower(program_of(statements), {}, mistakes);
  POLC_CHECK(policies && !policies->empty(), "what polc writes itself has a meaning");
  return std::move(policies->front());
}

const std::optional<learn::Boxes>& LearnWords::find_boxes(const std::string& access) {
  const auto [at, is_new] = known_.emplace(access, std::nullopt);
  if (!is_new) return at->second;
  diag::Sink mistakes;
  if (const auto parsed = syntax::parse_access(sources_, sources_.add("<evidence>", access), mistakes))
    at->second = sema::lower_access(program_, {}, *parsed, mistakes);
  if (mistakes.has_errors()) at->second.reset();
  return at->second;
}

learn::Boxes LearnWords::boxes_of(std::string_view access) {
  const auto& boxes = find_boxes(std::string(access));
  POLC_CHECK(boxes.has_value(), "the tables of learn are written in the policy language");
  return *boxes;
}

learn::Words LearnWords::words() {
  learn::Words words;
  words.boxes_of = [this](std::string_view access) { return boxes_of(access); };
  words.meaning_of = [this](std::string_view statements) { return eval::meaning_of(policy_of(statements)); };
  words.calls_of = [this](std::string_view usage) {
    std::set<std::string> names;
    for (const ir::Rule& rule : policy_of(fmt::format("use {};", usage)).rules)
      for (const ir::Box& box : rule.boxes)
        if (const auto* call = std::get_if<ir::CallBox>(&box); call != nullptr && rule.effect == ir::Effect::allow)
          for (const CallId id : call->calls) names.emplace(knowledge::call_of(Os::linux_os, id).name);
    return std::vector<std::string>(names.begin(), names.end());
  };
  words.answered_by = [this](std::string_view statements) {
    std::set<std::string> names;
    for (const ir::Default& one : policy_of(statements).defaults)
      if (one.call) names.emplace(knowledge::call_of(Os::linux_os, *one.call).name);
    return names;
  };
  return words;
}

std::vector<learn::Danger> LearnWords::dangers() {
  std::vector<learn::Danger> all;
  for (const lint::Danger& danger : lint::dangers()) {
    learn::Danger one{{}, danger.extent};
    for (const auto& [box, left_out] : boxes_of(danger.access)) one.parts.push_back({ir::Effect::allow, box, {}, false});
    if (!danger.harmless.empty())
      for (const auto& [box, left_out] : boxes_of(danger.harmless)) one.parts.push_back({ir::Effect::deny, box, {}, false});
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace polc::driver
