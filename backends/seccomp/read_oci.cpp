#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "eval/argument_sets.hpp"
#include "seccomp/multiplexed.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/registers.hpp"
#include "target/inherited.hpp"

namespace polc::seccomp {
namespace {

using Json = nlohmann::json;
using sets::Compare;

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
  // libseccomp takes the bits under the mask of the value, too.
  return ir::ArgumentTest{static_cast<std::uint8_t>(*index),
                          is_masked ? *value : ~std::uint64_t{0},
                          *op,
                          is_masked ? *second & *value : *value,
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

// The action of a rule or of the profile; nullopt: none that is known.
std::optional<Action> action_of(const Json& object, const char* key, const char* errno_key) {
  static const std::map<std::string, Action> words{{"SCMP_ACT_ALLOW", action::allow},
                                                   {"SCMP_ACT_LOG", action::log},
                                                   {"SCMP_ACT_NOTIFY", action::user_notify},
                                                   {"SCMP_ACT_TRACE", action::trace},
                                                   {"SCMP_ACT_ERRNO", action::errno_base},
                                                   {"SCMP_ACT_TRAP", action::trap},
                                                   {"SCMP_ACT_KILL", action::kill_thread},
                                                   {"SCMP_ACT_KILL_THREAD", action::kill_thread},
                                                   {"SCMP_ACT_KILL_PROCESS", action::kill_process}};
  const auto word = object.find(key);
  if (word == object.end() || !word->is_string()) return std::nullopt;
  const auto at = words.find(word->get<std::string>());
  if (at == words.end()) return std::nullopt;
  const bool has_data = at->second == action::errno_base || at->second == action::trace;
  const auto data = object.find(errno_key);
  if (!has_data) return at->second;
  if (data == object.end() || data->is_null()) return at->second | (at->second == action::errno_base ? 1u : 0u);
  if (!data->is_number_unsigned() || data->get<std::uint64_t>() > 0xFFFF) return std::nullopt;
  return at->second | data->get<std::uint32_t>();
}

// The line on which each element of "syscalls" begins; the text is JSON already.
std::vector<unsigned> lines_of_rules(std::string_view text) {
  std::vector<unsigned> lines;
  unsigned line = 1;
  int depth = 0;
  bool is_list = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ++line;
    if (text[at] == '"') {
      const std::size_t begin = at + 1;
      while (text[++at] != '"') at += text[at] == '\\';
      const std::size_t colon = text.find_first_not_of(" \t\r\n", at + 1);
      if (depth == 1 && colon != std::string_view::npos && text[colon] == ':')
        is_list = text.substr(begin, at - begin) == "syscalls";
      if (depth == 1 && is_list) lines.clear();
    }
    if (text[at] == '{' && depth == 2 && is_list) lines.push_back(line);
    depth += text[at] == '{' || text[at] == '[' ? 1 : text[at] == '}' || text[at] == ']' ? -1 : 0;
  }
  return lines;
}

/// The line at which lists and objects lie deeper than 64 in each other, for unknown keys are written out again, level by level; 0: they
/// do not. (The library's own way to be told, by a function, takes the square of the number of objects.)
unsigned line_of_depth(std::string_view text) {
  constexpr int deepest = 64;
  int depth = 0;
  unsigned line = 1;
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    line += c == '\n' ? 1 : 0;
    if (c == '\\') ++at;
    else if (c == '"') inside = !inside;
    else if (!inside && (c == '[' || c == '{') && ++depth > deepest) return line;
    else if (!inside && (c == ']' || c == '}')) --depth;
  }
  return 0;
}

ir::Condition any_of(std::vector<ir::Condition> conditions) {
  return {ir::Condition::Kind::disjunction, {}, std::move(conditions)};
}

ir::Condition test_of(ir::ArgumentTest test) {
  ir::Condition condition;
  condition.kind = ir::Condition::Kind::test;
  condition.test = test;
  return condition;
}

/// What its argument 0 is by way of socketcall or ipc: the tests of the others stay.
ir::Condition by_number(const ir::Condition& where, std::uint64_t number) {
  ir::Condition all;
  all.terms.push_back(test_of({0, ~std::uint64_t{0}, Compare::equal, number, 64, false}));
  const std::vector<ir::Condition> single{where};
  for (const ir::Condition& term : where.kind == ir::Condition::Kind::test ? single : where.terms)
    if (term.test.argument != 0) all.terms.push_back(term);
  return all;
}

class Profile {
 public:
  explicit Profile(Arch arch) : arch_(arch), is_narrow_(knowledge::register_bits(arch) == 32) {}

  /// Empty, or what is wrong.
  std::string read(const Json& json, const std::vector<unsigned>& lines) {
    const auto usual = action_of(json, "defaultAction", "defaultErrnoRet");
    const auto rules = json.find("syscalls");
    if (!usual || *usual == action::allow) return "a profile refuses by default";
    if (rules == json.end() || !rules->is_array()) return "a profile has syscalls";
    usual_ = *usual;
    for (std::size_t i = 0; i < rules->size(); ++i)
      if (const std::string wrong = add_rule((*rules)[i], i < lines.size() ? lines[i] : 0); !wrong.empty())
        return wrong;
    for (const auto& [key, value] : json.items())
      if (key != "defaultAction" && key != "defaultErrnoRet" && key != "syscalls")
        directives_.insert({key + "=" + sorted(value).dump(), {}, 0});
    return "";
  }

  target::Reading take(const target::Settings& settings) {
    std::vector<eval::Part> parts = unseen_parts(arch_, parts_);
    parts.insert(parts.end(), std::make_move_iterator(parts_.begin()), std::make_move_iterator(parts_.end()));
    eval::Formulas formulas;
    if (is_narrow_) formulas.sure = {{0}, {1}};
    target::add_losing(settings, 2, parts, formulas);
    return {eval::make_meaning(std::move(parts), Os::linux_os, false, std::move(formulas)), answers(), std::move(directives_)};
  }

 private:
  // The order of a list of architectures says nothing.
  static Json sorted(Json value) {
    if (value.is_array()) std::sort(value.begin(), value.end());
    return value;
  }

  std::string add_rule(const Json& rule, unsigned line) {
    if (!rule.is_object()) return "a rule is an object";
    const auto names = rule.find("names");
    if (names == rule.end() || !names->is_array() || !rule.contains("action") || !rule["action"].is_string())
      return "a rule has names and an action";
    const auto action = action_of(rule, "action", "errnoRet");
    if (!action) return "an action is one of libseccomp's";
    const auto conditions = conditions_from(rule);
    if (!conditions) return "a comparison has an index, a value and a known op";
    std::vector<CallId> calls;
    for (const Json& name : *names) {
      if (!name.is_string()) return "a name is a string";
      const auto call = knowledge::find_call(Os::linux_os, name.get<std::string>());
      if (!call) continue;  // another kernel's
      if (knowledge::number_of(arch_, *call)) calls.push_back(*call);
      if (const auto other = *action == action::allow ? multiplexed(*call, arch_) : std::nullopt)
        for (const ir::Condition& condition : *conditions) add(other->by, by_number(condition, other->number), *action, line);
    }
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    for (const ir::Condition& condition : *conditions) add(calls, condition, *action, line);
    add_unknown_keys(rule, line);
    return space_->exhausted() ? "its conditions are too many to be read exactly" : "";
  }

  // Calls whose arguments are where they are numbered are one part.
  void add(const std::vector<CallId>& calls, const ir::Condition& where, Action action, unsigned line) {
    std::vector<CallId> plain;
    for (const CallId call : calls) {
      const bool is_plain = where.is_always() || (oci_registers(arch_) == OciRegisters::of_64_bits && has_plain_registers(call, arch_));
      is_plain ? plain.push_back(call) : add(call, where, action, line);
    }
    if (!plain.empty()) add_part({plain, where}, action, line);
  }

  // The condition is one on registers. Of a narrow one the low half is compared, and what it cannot carry happens to nobody.
  void add(CallId call, ir::Condition where, Action action, unsigned line) {
    if (oci_registers(arch_) != OciRegisters::of_64_bits) narrow(where);
    auto set = eval::argument_set(*space_, where);
    if (!has_plain_registers(call, arch_)) {
      const auto places = arguments_behind(call, arch_);
      set = space_->import(*space_, set, &places);
    }
    if (is_narrow_ && action == action::allow) {
      const auto can_be = carried(*space_, call, arch_);
      ir::CallBox never{{call}, exactly(space_->complement(can_be))};
      parts_.push_back({ir::Effect::allow, std::move(never), {}, false, 0, 1, line});
      set = space_->conjunction(set, can_be);
    }
    add_part({{call}, exactly(set)}, action, line);
  }

  void add_part(const ir::CallBox& box, Action action, unsigned line) {
    eval::Part part{ir::Effect::allow, box, {}, false, 0, 0, line};
    if (action == action::allow) {
      for (const CallId call : box.calls) allowed_[call].push_back(box.where);
      parts_.push_back(std::move(part));
    } else {
      refused_.insert(box.calls.begin(), box.calls.end());
      answers_[action].push_back(std::move(part));
    }
  }

  ir::Condition exactly(sets::ArgumentSpace::Set set) const {
    ir::Condition condition;
    condition.kind = ir::Condition::Kind::exact;
    condition.exact = {space_, set};
    return condition;
  }

  static void narrow(ir::Condition& where) {
    constexpr std::uint64_t low_half = 0xFFFF'FFFF;
    where.test.mask &= low_half;
    where.test.value &= low_half;
    where.test.width = 32;
    for (ir::Condition& term : where.terms) narrow(term);
  }

  void add_unknown_keys(const Json& rule, unsigned line) {
    for (const auto& [key, value] : rule.items())
      if (key != "names" && key != "action" && key != "args" && key != "errnoRet" && key != "comment")
        directives_.insert({rule["names"].dump() + " " + key + "=" + value.dump(), {}, line});
  }

  std::vector<target::Answer> answers() {
    for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
      const CallId call{static_cast<std::uint16_t>(i)};
      if (!knowledge::number_of(arch_, call) || refused_.contains(call)) continue;
      const auto allowed = allowed_.find(call);
      const ir::Condition rest{ir::Condition::Kind::negation,
                               {},
                               {any_of(allowed == allowed_.end() ? std::vector<ir::Condition>() : allowed->second)}};
      answers_[usual_].push_back(
          {ir::Effect::allow, ir::CallBox{{call}, allowed == allowed_.end() ? ir::Condition() : rest}, {}, false});
    }
    std::vector<target::Answer> result;
    for (auto& [action, parts] : answers_)
      result.push_back(
          {answer_words(action, arch_), severity_of(action), eval::make_meaning(std::move(parts), Os::linux_os, false)});
    return result;
  }

  Arch arch_;
  bool is_narrow_;
  std::shared_ptr<sets::ArgumentSpace> space_ = std::make_shared<sets::ArgumentSpace>();
  Action usual_ = 0;
  std::vector<eval::Part> parts_;
  std::map<Action, std::vector<eval::Part>> answers_;
  std::map<CallId, std::vector<ir::Condition>> allowed_;
  std::set<CallId> refused_;
  std::set<target::Directive> directives_;
};

}  // namespace

// What refuses is an answer, and what logs is one too: it is no permission in the policy's sense, as in a filter.
target::Read read_oci(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  // The JSON library takes a NUL for the end, and says nothing of what stands behind it.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos)
    return tl::unexpected(target::ReadError{static_cast<unsigned>(1 + std::count(text.begin(), text.begin() + nul, '\n')), "a NUL byte"});
  if (const unsigned line = line_of_depth(text); line != 0)
    return tl::unexpected(target::ReadError{line, "more than 64 levels of lists and objects"});
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return tl::unexpected(target::ReadError{1, "no JSON object"});
  Profile profile(configuration.arch);
  if (std::string wrong = profile.read(json, lines_of_rules(text)); !wrong.empty())
    return tl::unexpected(target::ReadError{1, std::move(wrong)});
  return profile.take(settings);
}

}  // namespace polc::seccomp
