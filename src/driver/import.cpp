#include "driver/import.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "diag/catalogue.hpp"
#include "driver/drop_ins.hpp"
#include "driver/foreign.hpp"
#include "driver/import_text.hpp"
#include "driver/load.hpp"
#include "support/lines.hpp"
#include "syntax/layout.hpp"
#include "target/said.hpp"

namespace polc::driver {
namespace {

using Outcome = ImportedLine::Outcome;

// More than this no policy is made of: comparing takes longer than anybody waits.
constexpr std::size_t most_rules = 6'000;

// What the compiler asks to be accepted may come one after the other: a lost deny first as wider, then as unmediated, then as both.
constexpr int most_rounds = 4;

/// A name that the language takes: what is no letter or digit is `_`.
std::string name_of_words(std::string_view words) {
  std::string name;
  for (const char c : words) name += std::isalnum(static_cast<unsigned char>(c)) ? static_cast<char>(std::tolower(static_cast<unsigned char>(c))) : '_';
  return name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) ? "p_" + name : name;
}
std::string name_from(std::string_view file) {
  const std::string_view stem = file.substr(file.rfind('/') + 1);
  return name_of_words(stem.substr(0, stem.find('.', 1)));
}

/// Which verdict an error asks to be accepted; empty: it is another error.
std::string_view verdict_in(std::string_view id) {
  if (id == diag::deny_lost.id || id == diag::raw_opens.id || id == diag::wider_under_strict.id || id == diag::raw_replaces.id) return "wider";
  if (id == diag::rule_narrowed.id || id == diag::raw_closes.id) return "narrower";
  return "";
}

struct Tried {
  ScriptText script;
  bool compiles = false, is_equal = false;
  std::vector<diag::Diagnostic> errors = {};
  std::vector<std::string> differences = {};
  std::vector<unsigned> error_lines = {};  // of the located ones of `errors`, 0 for the others

  std::size_t badness() const { return (compiles ? 0 : 1'000'000) + (is_equal ? 0 : 10'000) + differences.size(); }
};

/// The lines that say something, in their order. One that is said only in part is told as what the rest is.
class Told {
 public:
  explicit Told(const ArtefactFile& artefact) : artefact_(artefact) {
    for (std::string_view text = artefact.text; !text.empty();) texts_.push_back(take_line(text));
  }

  void add(const target::SaidPlace& place, Outcome outcome, std::string why, unsigned written) {
    if (place.line == 0) return;
    std::string text = place.text.empty() ? std::string(place.line <= texts_.size() ? texts_[place.line - 1] : "") : place.text;
    const auto [known, is_new] = known_.try_emplace({place.line, place.file + '\n' + text}, lines_.size());
    if (is_new) return lines_.push_back({place.line, place.file, std::move(text), outcome, std::move(why), false, written});
    ImportedLine& line = lines_[known->second];
    if (line.outcome == Outcome::said && outcome != Outcome::said && outcome != Outcome::neutral) line.outcome = outcome, line.why = std::move(why);
  }
  std::vector<ImportedLine> lines() {
    std::stable_sort(lines_.begin(), lines_.end(), [](const ImportedLine& a, const ImportedLine& b) { return a.line < b.line; });
    for (ImportedLine& line : lines_) {  // of a drop-in: where it stands there
      LinePlace there = place_of(artefact_, line.line);
      if (there.line == line.line) continue;
      line.line = there.line;
      line.file = std::move(there.name);
      line.is_in_file = true;
    }
    return std::move(lines_);
  }

 private:
  const ArtefactFile& artefact_;
  std::vector<std::string_view> texts_;  // its lines
  std::map<std::pair<unsigned, std::string>, std::size_t> known_;
  std::vector<ImportedLine> lines_;
};

class Importer {
 public:
  Importer(const ArtefactFile& file, std::string name, const CompileRequest& request, const ForeignTarget& target, target::Reading reading,
           std::optional<target::SaidText> said, Backends backends)
      : file_(file), name_(std::move(name)), request_(request), target_(target), reading_(std::move(reading)), said_(std::move(said)),
        backends_(backends), writer_(file.text, file.name, target.backend->name, name_) {
    const Os os = target.configuration.os;
    script_ = said_ ? script_of(*said_, target.backend->name, os) : script_of(reading_, os);
  }

  Imported run(bool is_checked) {
    Imported result{name_, {}, {}, is_checked, false, false, {}};
    Tried best = is_checked ? nearest() : Tried{writer_.write(script_, {})};
    result.policy = syntax::laid_out(best.script.text);
    result.compiles = best.compiles;
    result.is_equal = best.is_equal;
    result.differences = std::move(best.differences);
    result.lines = told(result.policy, best.script);
    return result;
  }

 private:
  // ---- trying

  // Where the artefact says no options, of each the value whose artefact is nearest to the file.
  Tried nearest() {
    Tried best = accepted();
    if (said_) return best;
    for (const target::OptionSpec& option : target_.backend->options)
      for (const std::string_view value : option.values) {
        if (best.is_equal) return best;
        if (value == option.values.front()) continue;
        auto& options = script_.options;
        options.emplace_back(option.key, value);
        if (Tried now = accepted(); now.badness() < best.badness()) best = std::move(now);
        options.pop_back();
      }
    return best;
  }

  // An artefact may permit less than the words for it, or refuse in vain: that is accepted where it stands.
  Tried accepted() const {
    Accepted accepted;
    Tried result = tried(accepted);
    for (int round = 0; round < most_rounds && !result.compiles; ++round) {
      bool grows = false;
      for (std::size_t i = 0; i < result.errors.size(); ++i) {
        const std::string_view verdict = verdict_in(result.errors[i].id);
        const auto statement = statement_at(result, result.error_lines[i]);
        if (verdict.empty() || !statement) continue;
        grows |= ask_for(accepted[*statement], std::string(verdict));
      }
      if (!grows) break;
      result = tried(accepted);
    }
    return result;
  }

  // A target that does not look at all of what is denied is `unmediated`, not `wider`; some statements need both.
  static bool ask_for(std::set<std::string>& verdicts, const std::string& verdict) {
    if (verdict != "wider" || !verdicts.contains("wider")) {
      const bool was_asked_for = verdicts.contains("unmediated");
      return verdicts.insert(verdict).second || was_asked_for;
    }
    if (verdicts.contains("unmediated")) return false;
    verdicts.erase("wider");
    return verdicts.insert("unmediated").second;
  }

  static std::optional<std::size_t> statement_at(const Tried& tried, unsigned line) {
    const auto& lines = tried.script.lines;
    const auto found = std::lower_bound(lines.begin(), lines.end(), line);
    return found != lines.end() && *found == line ? std::optional(static_cast<std::size_t>(found - lines.begin())) : std::nullopt;
  }

  Tried tried(const Accepted& accepted) const {
    Tried result{writer_.write(script_, accepted)};
    const std::string path = name_ + ".pol";
    diag::SourceMap sources;
    diag::Sink sink;
    Loaded loaded = load({path}, {}, sources, sink, {{path, result.script.text}});
    const Compilation compilation = sink.has_errors() ? Compilation() : compile(std::move(loaded.program), request_, backends_, sources, sink);
    result.compiles = !sink.has_errors() && !compilation.results.empty();
    diag::Sink differing;
    if (result.compiles) result.is_equal = verify_artefact(compilation, compilation.results.front(), false, file_.text, differing, said_ ? said_->not_compared : std::vector<std::string>()).equal;
    for (const diag::Diagnostic& one : (result.compiles ? differing : sink).sorted()) {
      if (one.severity != diag::Severity::error) continue;
      result.differences.push_back(fmt::format("{} [{}]", one.message, one.id));
      if (result.compiles) continue;
      result.errors.push_back(one);
      result.error_lines.push_back(one.located ? sources.position_of(one.range.file, one.range.begin).line : 0);
    }
    return result;
  }

  // ---- what became of each line

  std::vector<ImportedLine> told(const std::string& policy, const ScriptText& script) const {
    Told told(file_);
    for (const target::Unknown& one : reading_.unknown) told.add({one.line}, Outcome::unknown, one.what, 0);
    std::size_t at = 0;
    for (const Statement& head : script_.heads) add(told, head, next_place(policy, head.text, at));
    at = 0;
    for (const Statement* one : script.statements) add(told, *one, next_place(policy, one->text, at));
    if (said_) {
      for (const target::SaidOption& option : said_->options) told.add({option.line}, Outcome::said, fmt::format("option {} = {}", option.key, option.word), 0);
      for (const target::SaidLine& one : said_->implied) told.add(one.at, Outcome::said, one.why, 0);
      for (const target::SaidLine& one : said_->neutral) told.add(one.at, Outcome::neutral, one.why, 0);
      for (const target::SaidLine& one : said_->dropped) told.add(one.at, Outcome::dropped, one.why, 0);
    }
    for (const target::Directive& directive : reading_.directives)
      if (!said_) {
        if (is_for_some(directive)) told.add({directive.line, "", directive.text}, Outcome::dropped, "the policy has the rule for all capabilities, architectures and kernels", 0);
        else told.add({directive.line}, Outcome::neutral, directive.text, 0);
      }
    return told.lines();
  }

  /// Of an OCI profile a rule that holds for containers of some kinds.
  static bool is_for_some(const target::Directive& directive) {
    return directive.text.find(" includes=") != std::string::npos || directive.text.find(" excludes=") != std::string::npos;
  }

  static void add(Told& told, const Statement& statement, unsigned written) {
    for (const target::SaidPlace& place : statement.places)
      if (!statement.text.starts_with("use ")) told.add(place, statement.is_raw() ? Outcome::raw : Outcome::said, statement.raw_because, written);
  }

  // Statements keep their order, and the layout breaks long ones: what they begin with, behind the one before, finds them.
  static unsigned next_place(const std::string& policy, std::string_view statement, std::size_t& from) {
    constexpr std::size_t unbroken = 40;
    std::string_view begin = statement.substr(0, std::min(unbroken, statement.find(',')));
    if (statement.starts_with("target ")) begin = statement.substr(0, statement.find('{'));
    const std::size_t at = policy.find(begin, from);
    if (at == policy.npos) return 0;
    from = at + 1;
    return static_cast<unsigned>(1 + std::count(policy.begin(), policy.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  const ArtefactFile& file_;
  std::string name_;
  const CompileRequest& request_;
  const ForeignTarget& target_;
  target::Reading reading_;
  std::optional<target::SaidText> said_;
  Backends backends_;
  ScriptWriter writer_;
  Script script_;
};

/// But for comments.
std::size_t lines_with_words(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::size_t first = line.find_first_not_of(" \t\r");
    count += first != line.npos && line[first] != '#' && line[first] != ';' ? 1 : 0;
  }
  return count;
}

bool can_import(const target::Backend& backend) { return backend.says_by_line || backend.say != nullptr; }

}  // namespace

std::vector<std::string_view> importable(Backends backends) {
  std::vector<std::string_view> names;
  for (const target::Backend* backend : backends)
    if (can_import(*backend)) names.push_back(backend->name);
  return names;
}

std::optional<Imported> import_artefact(const ArtefactFile& alone, std::string_view name, const CompileRequest& request, bool is_checked,
                                        Backends backends, diag::Sink& sink) {
  const auto target = foreign_target(request, alone.name, backends, sink);
  if (!target) return std::nullopt;
  if (!can_import(*target->backend)) {
    sink.add_unlocated(diag::wrong_usage, fmt::format("`{}` is no target whose artefacts can be imported; there are {}", target->backend->name, fmt::join(importable(backends), ", ")));
    return std::nullopt;
  }
  const auto whole = with_drop_ins(alone, *target->backend, request.include_directories, sink);
  if (!whole) return std::nullopt;
  const ArtefactFile& file = *whole;
  const auto refuse_many = [&] {
    sink.add_unlocated(diag::unreadable_artefact, std::string(target->backend->name), file.name, 1u, fmt::format("more than {} rules; no policy is made of so many", most_rules));
    return std::nullopt;
  };
  if (target->backend->say != nullptr && lines_with_words(file.text) > most_rules) return refuse_many();
  auto reading = target->read(file, sink);
  if (!reading) return std::nullopt;
  std::optional<target::SaidText> said;
  if (target->backend->say != nullptr) {
    auto read = target->backend->say(file.text, target->configuration, target->settings);
    if (!read) {
      const LinePlace place = place_of(file, read.error().line);
      sink.add_unlocated(diag::unreadable_artefact, std::string(target->backend->name), place.name, place.line, read.error().message);
      return std::nullopt;
    }
    said = *std::move(read);
  }
  const std::size_t rules = said ? said->rules.size() + said->raws.size() + said->dropped.size() : reading->permits.parts().size();
  if (rules > most_rules) return refuse_many();
  CompileRequest again = request;
  again.format = target->settings.format;
  std::string called(name);
  if (called.empty()) called = said && !said->name.empty() ? name_of_words(said->name) : name_from(file.name);
  return Importer(file, std::move(called), again, *target, *std::move(reading), std::move(said), backends).run(is_checked);
}

}  // namespace polc::driver
