#include "driver/names_check.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "lint/walk.hpp"
#include "sema/configuration.hpp"
#include "sema/suggest.hpp"
#include "target/settings.hpp"

namespace polc::driver {
namespace {

std::vector<std::string_view> names_of(Backends backends) {
  std::vector<std::string_view> names;
  for (const target::Backend* backend : backends) names.push_back(backend->name);
  return names;
}

const target::Backend* find(Backends backends, std::string_view name) {
  const auto found = std::find_if(backends.begin(), backends.end(), [&](const target::Backend* backend) { return backend->name == name; });
  return found == backends.end() ? nullptr : *found;
}

class ProgramCheck {
 public:
  ProgramCheck(Backends backends, diag::Sink& sink) : backends_(backends), names_(names_of(backends)), sink_(sink) {}

  void check(const ast::File& file) {
    for (const ast::Item& item : file.items) check(item.annotations);
    lint::for_each_statement(file, [&](const ast::Statement& statement) {
      check(statement.annotations);
      if (const auto* target = std::get_if<ast::Target>(&statement.value)) check(*target);
      if (const auto* deploy = std::get_if<ast::Deploy>(&statement.value))
        for (const ast::Name& name : deploy->targets) check(name);
    });
  }

 private:
  void check(const ast::Name& name) {
    if (find(backends_, name.text) == nullptr)
      sema::suggest_or_list(sink_.add(diag::unknown_target, name.range, name.text), name, names_, sink_);
  }

  void check(const ast::Annotations& annotations) {
    for (const ast::Annotation& annotation : annotations)
      if (annotation.name.text == "accept" && !annotation.notes.empty() && annotation.notes.front().second)
        check(*annotation.notes.front().second);
  }

  void check(const ast::Target& target) {
    check(target.name);
    const target::Backend* backend = find(backends_, target.name.text);
    if (backend == nullptr) return;
    for (const ast::TargetEntry& entry : target.entries)
      if (const auto* option = std::get_if<ast::Option>(&entry.value))
        if (const target::OptionSpec* spec = target::find_option(*backend, option->name.text))
          for (const auto& word : option->words) std::visit([&](const auto& one) { check(one, *spec, target.name.text); }, word);
  }

  void check(const ast::Name& word, const target::OptionSpec& option, const std::string& target) { check(word.text, word.range, option, target); }
  void check(const ast::Integer& word, const target::OptionSpec& option, const std::string& target) {
    check(std::to_string(word.value), word.range, option, target);
  }
  void check(const ast::String& word, const target::OptionSpec& option, const std::string& target) {
    if (word.raw.find('$') == std::string::npos) check(word.raw, word.range, option, target);
  }
  void check(const std::string& word, diag::SourceRange range, const target::OptionSpec& option, const std::string& target) {
    if (option.values.empty() && !option.takes(word))
      sink_.add(diag::unknown_option_value, range, std::string(option.key), target, word).note(option.shape);
  }

  Backends backends_;
  std::vector<std::string_view> names_;
  diag::Sink& sink_;
};

void note_near(diag::Added added, std::string_view misspelt, const std::vector<std::string_view>& words, std::string_view has, diag::Sink& sink) {
  if (const auto near = sema::nearest_of(misspelt, words, sink)) added.note(fmt::format("did you mean `{}`?", *near));
  if (words.empty()) added.note(fmt::format("{} none", has));
  else added.note(fmt::format("{} {}", has, fmt::join(words, ", ")));
}

bool check_option(const target::Backend& backend, const target::GivenOption& given, diag::Sink& sink) {
  const std::string name(backend.name);
  const target::OptionSpec* spec = target::find_option(backend, given.key);
  if (spec == nullptr) {
    std::vector<std::string_view> keys;
    for (const target::OptionSpec& option : backend.options) keys.push_back(option.key);
    note_near(sink.add_unlocated(diag::unknown_option, name, given.key), given.key, keys, "it has", sink);
    return false;
  }
  if (spec->takes(given.value)) return true;
  auto added = sink.add_unlocated(diag::unknown_option_value, given.key, name, given.value);
  if (spec->values.empty()) added.note(spec->shape);
  else note_near(added, given.value, spec->values, "it can be", sink);
  return false;
}

// Without a target's name it is for each of them; where several know it, it says nothing certain. Which ones `polc test` asks, no
// command line says: then some target must know it.
bool check_bare_option(Backends chosen, Backends all, const target::GivenOption& given, diag::Sink& sink) {
  const auto is_known = [&](const target::Backend* backend) {
    return target::find_option(*backend, given.key) != nullptr;
  };
  if (chosen.empty() && std::none_of(all.begin(), all.end(), is_known)) {
    sink.add_unlocated(diag::wrong_usage, fmt::format("no target has an option `{}`; polc targets lists them", given.key));
    return false;
  }
  const auto knowing = std::count_if(chosen.begin(), chosen.end(), is_known);
  if (knowing > 1) {
    sink.add_unlocated(diag::ambiguous_option, given.key, given.key);
    return false;
  }
  return std::all_of(chosen.begin(), chosen.end(), [&](const target::Backend* backend) { return check_option(*backend, given, sink); });
}

bool check_format(const target::Backend& backend, const std::string& format, diag::Sink& sink) {
  if (format.empty() || std::find(backend.formats.begin(), backend.formats.end(), format) != backend.formats.end()) return true;
  note_near(sink.add_unlocated(diag::unknown_format, std::string(backend.name), format), format, backend.formats, "it has", sink);
  return false;
}

}  // namespace

void check_target_names(const sema::Program& program, Backends backends, diag::Sink& sink) {
  ProgramCheck check(backends, sink);
  for (const sema::Unit& unit : program.units) check.check(unit.file);
}

bool check_settings(const CompileRequest& request, Backends backends, diag::Sink& sink) {
  std::vector<const target::Backend*> chosen;
  for (const std::string& name : request.targets)
    if (const target::Backend* backend = find(backends, name)) chosen.push_back(backend);
  bool good = true;
  for (const target::GivenOption& option : request.options) {
    if (option.target.empty()) {
      good &= check_bare_option(chosen, backends, option, sink);
    } else {
      const target::Backend* backend = backend_named(backends, option.target, sink);
      good &= backend != nullptr && check_option(*backend, option, sink);
    }
  }
  for (const target::Backend* backend : chosen) good &= check_format(*backend, request.format, sink);
  return good;
}

bool check_choices(const sema::Program& program, const CompileRequest& request, diag::Sink& sink) {
  const bool good = sema::are_declared(program, request.variants, sink);
  const std::vector<std::string> policies = sema::policy_names(program);
  const bool is_there = request.policy.empty() || policies.empty() || std::find(policies.begin(), policies.end(), request.policy) != policies.end();
  if (is_there) return good;
  auto added = sink.add_unlocated(diag::unknown_policy, request.policy, fmt::format("`{}`", fmt::join(policies, "`, `")));
  if (const auto near = sema::nearest_of(request.policy, policies, sink)) added.note(fmt::format("did you mean `{}`?", *near));
  return false;
}

const target::Backend* backend_named(Backends backends, const std::string& name, diag::Sink& sink) {
  const target::Backend* backend = find(backends, name);
  if (backend == nullptr) note_near(sink.add_unlocated(diag::unknown_target, name), name, names_of(backends), "there is", sink);
  return backend;
}

}  // namespace polc::driver
