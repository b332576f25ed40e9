// Rules of files and links.
#include <fmt/format.h>

#include "apparmor/read_parser.hpp"

namespace polc::apparmor {
namespace {

using Kind = ir::Successor::Kind;

/// Of a profile that a rule leads to: is it the name of one?
bool is_plain_name(std::string_view text) {
  return !text.empty() && text.find_first_of("*?[]{}&:@\\") == std::string_view::npos;
}

}  // namespace

ProfileName ProfileParser::name(const std::string& text, bool is_path) {
  constexpr std::size_t longest = 64u << 10, most_symbols = 64u << 20;  // of one name and of all, with the values of variables
  const auto symbols = variables_.expand(text);
  if (!symbols) {
    const auto& error = symbols.error();
    if (error.is_unknown && has_unread_) unknown(line(), fmt::format("what the variables of `{}` stand for", text));
    else in_.fail(fmt::format("`{}`: {}", text, error.message));
    return {};
  }
  symbols_ += symbols->size();
  if (symbols->size() > longest) in_.fail("a name of more than 64 KiB");
  if (symbols_ > most_symbols) in_.fail("the values of variables make the names too long");
  if (!in_.good()) return {};
  auto pattern = Pattern::parse(*symbols, is_path);
  if (!pattern) in_.fail(fmt::format("`{}`: {}", text, pattern.error()));
  if (!in_.good()) return {};
  const std::string spelling = text.find("@{") == std::string::npos ? text : bytes_of(*symbols);
  return {*std::move(pattern), is_path ? places_of(*symbols, spelling) : std::nullopt, true};
}

void ProfileParser::link(const ReadRule& with) {
  const bool is_subset = in_.take("subset");
  const std::string path = in_.word("a path");
  linked(with, is_subset, path);
}

void ProfileParser::linked(const ReadRule& with, bool is_subset, const std::string& path) {
  in_.expect("->");
  const std::string target = in_.word("a path");
  if (!in_.good()) return;
  ReadLink rule{with, name(path).places, {}, is_subset};
  rule.target = name(target).places;
  profile_.links.push_back(std::move(rule));
}

void ProfileParser::file(const ReadRule& with) {
  if (!in_.next_is(",")) return path(with);
  if (with.deny) return in_.fail("in a deny `x` stands alone, and `file` is all letters with `ix`");
  ReadPath rule{with, 127, {}, {}, ir::Successor{}};
  add_path(std::move(rule), "/{,**}");
}

// The permissions stand behind the name, or before it.
void ProfileParser::path(const ReadRule& with) {
  const bool is_safe_told = in_.take("safe") || in_.take("unsafe");
  std::optional<FileMode> mode;
  bool is_subset = false;
  const bool leads = !in_.next_is_path();
  const auto read_mode = [&] {
    if (in_.next_is_quoted()) return in_.fail("permissions stand in no quotes");
    const std::string letters = in_.word("permissions");
    mode = mode_of(letters);
    if (!mode) in_.fail(fmt::format("`{}` are no permissions that can be read", letters));
  };
  if (leads) read_mode(), is_subset = in_.take("subset");
  if (in_.good() && !in_.next_is_path()) in_.fail(fmt::format("`{}` stands where a path is expected", in_.peek()));
  const std::string text = in_.word("a path");
  if (!leads) read_mode();
  if (!in_.good()) return;
  ReadPath rule{with, mode->permissions, {}, {}, {}};
  if (is_subset && mode->permissions != may_link) return in_.fail("only links have `subset`");
  if (is_safe_told && (mode->permissions & may_exec) == 0)
    return in_.fail("`safe` and `unsafe` are about programs that are run");
  if (leads && (mode->permissions & may_link) != 0 && (is_subset || in_.next_is("->"))) {  // of a pair of names
    if ((mode->permissions & may_exec) != 0)
      return in_.fail("a link and a program in one rule cannot both lead somewhere");
    linked(with, is_subset, text);
    rule.permissions &= static_cast<std::uint8_t>(~may_link);
    if (rule.permissions == 0) return;
  }
  lead(rule, *mode, in_.take("->") ? in_.word("a profile") : "");
  if (in_.good()) add_path(std::move(rule), text);
}

// What a program that is run becomes.
void ProfileParser::lead(ReadPath& rule, const FileMode& mode, const std::string& named) {
  const bool changes = mode.leads == 'p' || mode.leads == 'c';
  if (!named.empty() && !changes) return in_.fail("only p and c take a profile");
  if ((mode.permissions & may_exec) == 0) return;
  if (rule.deny && mode.leads != 0) return in_.fail("in a deny `x` stands alone");
  if (rule.deny) return;
  if (mode.leads == 0) return in_.fail("`x` needs a letter that says what the program becomes");
  if (mode.leads == 'i' || mode.otherwise == 'i') rule.permissions |= may_map;
  if (mode.leads == 'i') rule.successor = {Kind::same, ""};
  if (mode.leads == 'u') rule.successor = {Kind::unconfined, ""};
  if (!changes) return;
  rule.open.emplace();
  if (!is_plain_name(named)) return;
  const ir::Successor next{Kind::policy, mode.leads == 'p' ? named : profile_.name + "//" + named};
  if (mode.otherwise == 0) rule.open.reset(), rule.successor = next;
  else rule.open->among = {next, {mode.otherwise == 'i' ? Kind::same : Kind::unconfined, ""}};
}

void ProfileParser::add_path(ReadPath rule, const std::string& text) {
  constexpr std::size_t most_rules = 250'000;  // twice what our largest tests have
  ProfileName found = name(text);
  constexpr std::size_t most_globs = 300'000, most_machines = 60'000;
  if (profile_.paths.size() >= most_rules) in_.fail_of_size(fmt::format("more than {} rules of files", most_rules));
  for (const Place& place : found.places.value_or(std::vector<Place>()))
    for (const sets::Component& one : place.pattern.components) {
      globs_ += one.kind == sets::Component::Kind::glob ? 1 : 0;
      machines_ += one.kind == sets::Component::Kind::machine ? 1 : 0;
    }
  if (globs_ > most_globs || machines_ > most_machines) in_.fail_of_size("its patterns are too many to be told apart");
  if (!in_.good()) return;
  rule.pattern = std::move(found.pattern);
  rule.places = std::move(found.places);
  profile_.paths.push_back(std::move(rule));
}

}  // namespace polc::apparmor
