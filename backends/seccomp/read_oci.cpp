#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "eval/argument_sets.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/prove.hpp"

namespace polc::seccomp {
namespace {

using Json = nlohmann::json;
using sets::Compare;

/// What a profile says of each call: the conditions of which one must hold.
using Profile = std::map<CallId, std::vector<ir::Condition>>;
using Found = tl::expected<Profile, std::string>;

std::optional<Compare> op_of(const std::string& word) {
  static const std::map<std::string, Compare> words{
      {"SCMP_CMP_NE", Compare::not_equal},     {"SCMP_CMP_LT", Compare::less},
      {"SCMP_CMP_LE", Compare::less_equal},    {"SCMP_CMP_EQ", Compare::equal},
      {"SCMP_CMP_GE", Compare::greater_equal}, {"SCMP_CMP_GT", Compare::greater},
      {"SCMP_CMP_MASKED_EQ", Compare::equal}};
  const auto at = words.find(word);
  return at == words.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::uint64_t> number(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return 0;
  return at->is_number_unsigned() ? std::optional(at->get<std::uint64_t>()) : std::nullopt;
}

std::optional<ir::ArgumentTest> test_from(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto index = number(json, "index"), value = number(json, "value"), second = number(json, "valueTwo");
  const auto word = json.find("op");
  if (!index || *index > 5 || !value || !second || word == json.end() || !word->is_string()) return std::nullopt;
  const auto op = op_of(word->get<std::string>());
  if (!op) return std::nullopt;
  const bool is_masked = *word == "SCMP_CMP_MASKED_EQ";
  return ir::ArgumentTest{static_cast<std::uint8_t>(*index),
                          is_masked ? *value : ~std::uint64_t{0},
                          *op,
                          is_masked ? *second : *value,
                          64,
                          false};
}

// The conditions of one rule. runc makes a rule of each comparison when an argument has several.
std::optional<std::vector<ir::Condition>> conditions_from(const Json& rule) {
  const auto args = rule.find("args");
  if (args == rule.end() || args->is_null()) return std::vector<ir::Condition>{{}};
  if (!args->is_array()) return std::nullopt;
  std::vector<ir::Condition> terms;
  bool is_repeated = false;
  for (const Json& json : *args) {
    const auto test = test_from(json);
    if (!test) return std::nullopt;
    for (const auto& term : terms) is_repeated |= term.test.argument == test->argument;
    terms.emplace_back().kind = ir::Condition::Kind::test;
    terms.back().test = *test;
  }
  if (is_repeated) return terms;
  ir::Condition all;
  all.terms = std::move(terms);
  return std::vector<ir::Condition>{all};
}

std::string add_rule(const Json& rule, Profile& profile) {
  if (!rule.is_object()) return "a rule is an object";
  const auto names = rule.find("names");
  const auto action = rule.find("action");
  if (names == rule.end() || !names->is_array() || action == rule.end() || !action->is_string())
    return "a rule has names and an action";
  const auto conditions = conditions_from(rule);
  if (!conditions) return "a comparison has an index, a value and a known op";
  for (const Json& name : *names) {
    if (!name.is_string()) return "a name is a string";
    const auto call = knowledge::find_call(Os::linux_os, name.get<std::string>());
    if (!call || *action != "SCMP_ACT_ALLOW") continue;  // what another kernel knows; what is refused
    auto& list = profile[*call];
    list.insert(list.end(), conditions->begin(), conditions->end());
  }
  return "";
}

Found profile_from(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return tl::unexpected(std::string("no JSON object"));
  const auto action = json.find("defaultAction");
  if (action == json.end() || !action->is_string() || *action == "SCMP_ACT_ALLOW")
    return tl::unexpected(std::string("a profile refuses by default"));
  const auto rules = json.find("syscalls");
  if (rules == json.end() || !rules->is_array()) return tl::unexpected(std::string("a profile has syscalls"));
  Profile profile;
  for (const Json& rule : *rules)
    if (const std::string wrong = add_rule(rule, profile); !wrong.empty()) return tl::unexpected(wrong);
  return profile;
}

class OciReader final : public target::Reader {
 public:
  OciReader(Profile profile, Arch arch) : profile_(std::move(profile)), arch_(arch) {}

  bool permits(const ir::Point& point) const override {
    const auto* call = std::get_if<ir::CallPoint>(&point);
    if (call == nullptr || !knowledge::number_of(arch_, call->call)) return true;
    const auto at = profile_.find(call->call);
    return at != profile_.end() && std::any_of(at->second.begin(), at->second.end(),
                                               [&](const ir::Condition& c) { return ir::holds(c, call->arguments); });
  }
  std::optional<unsigned> line_for(const ir::Point&) const override { return std::nullopt; }

  std::vector<ir::Point> mentioned() const override {
    std::vector<ir::Point> points;
    for (const auto& [call, conditions] : profile_) {
      points.emplace_back(ir::CallPoint{call, {}});
      for (const ir::Condition& condition : conditions) {
        ir::CallPoint point{call, {}};
        for (const ir::Condition& term : condition.terms) point.arguments[term.test.argument] = term.test.value;
        points.emplace_back(point);
      }
    }
    return points;
  }

 private:
  Profile profile_;
  Arch arch_;
};

}  // namespace

target::ReadResult read_oci(std::string_view text, const ir::Configuration& configuration) {
  auto profile = profile_from(text);
  if (!profile) return tl::unexpected(target::ReadError{1, profile.error()});
  return std::make_unique<OciReader>(*std::move(profile), configuration.arch);
}

std::optional<target::ProofFailure> prove_oci(std::span<const target::LegalPolicy* const> policies, std::string_view text) {
  const auto profile = profile_from(text);
  if (!profile) return target::ProofFailure{profile.error()};
  const target::LegalPolicy& policy = *policies.front();
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
    const CallId call{static_cast<std::uint16_t>(i)};
    const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
    if (policy.settings().at("exec") == "launcher" && name == "execve") continue;
    if (!knowledge::number_of(policy.policy().configuration.arch, call)) continue;
    sets::ArgumentSpace space;
    auto allowed = space.none, denied = space.none, found = space.none;
    for (const target::LegalRule& rule : policy.rules())
      for (const ir::Box& box : rule.piece.meaning)
        if (const auto* calls = std::get_if<ir::CallBox>(&box);
            calls != nullptr && std::binary_search(calls->calls.begin(), calls->calls.end(), call)) {
          auto& set = rule.effect == ir::Effect::allow ? allowed : denied;
          set = space.disjunction(set, eval::argument_set(space, calls->where));
        }
    if (const auto at = profile->find(call); at != profile->end())
      for (const ir::Condition& condition : at->second)
        found = space.disjunction(found, eval::argument_set(space, condition));
    if (space.exhausted()) return too_complex(name);
    if (found != space.difference(allowed, denied)) return target::ProofFailure{"the profile says something else of " + std::string(name)};
  }
  return std::nullopt;
}

}  // namespace polc::seccomp
