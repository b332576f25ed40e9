// What stands around rules: the preamble, the profile's head, includes.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apparmor/read_parser.hpp"

namespace polc::apparmor {
namespace {

constexpr std::size_t most_files = 2'048, most_bytes = 16u << 20;
constexpr std::array feature_sets{"<abi/3.0>", "<abi/4.0>", "<abi/5.0>"};
// That change nothing of what is permitted, or only how names of files are made.
constexpr std::array plain_flags{"enforce",
                                 "audit",
                                 "kill",
                                 "chroot_relative",
                                 "namespace_relative",
                                 "mediate_deleted",
                                 "delegate_deleted",
                                 "attach_disconnected",
                                 "no_attach_disconnected",
                                 "chroot_attach",
                                 "chroot_no_attach"};

// Of each no two.
constexpr std::array<std::array<std::string_view, 4>, 5> contrary_flags{{{"enforce", "complain", "kill", "unconfined"},
                                                                         {"attach_disconnected", "no_attach_disconnected", "", ""},
                                                                         {"mediate_deleted", "delegate_deleted", "", ""},
                                                                         {"chroot_relative", "namespace_relative", "", ""},
                                                                         {"chroot_attach", "chroot_no_attach", "", ""}}};

template <std::size_t n>
bool is_one_of(const std::array<const char*, n>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\""), end = text.find_last_not_of(" \t\r\"");
  return begin == text.npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

/// `folder/NAME` with a NAME that has no further folder: NAME. Else empty.
std::string plain_name_in(std::string_view folder, std::string_view file) {
  if (!file.starts_with(folder)) return "";
  const std::string_view name = file.substr(folder.size());
  return name.find('/') == name.npos ? std::string(name) : "";
}

/// Of a directory's files those that editors and packages leave (is_blacklisted in parser_misc.c).
bool is_passed_over(std::string_view file) {
  constexpr std::array ends{"~", ".rpmnew", ".rpmsave", ".orig", ".rej", ".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".pacsave", ".pacnew"};
  const std::string_view name = file.substr(file.rfind('/') + 1);
  const auto is_end = [&](std::string_view end) { return name.ends_with(end); };
  return name.empty() || name.front() == '.' || name == "README" || std::any_of(ends.begin(), ends.end(), is_end);
}

}  // namespace

tl::expected<ReadProfile, target::ReadError> ProfileParser::run() {
  while (in_.more()) preamble();
  if (!seen_profile_) in_.fail("there is no profile");
  if (!in_.good()) return tl::unexpected(in_.error());
  profile_.variables = std::move(variables_);
  return std::move(profile_);
}

void ProfileParser::preamble() {
  if (in_.take("abi")) abi();
  else if (in_.next_is("include")) include();
  else if (in_.next_is_assigned()) assignment();
  else if (in_.next_is("alias")) in_.fail("`alias` gives rules a second name; that is not read");
  else if (in_.next_begins('$'))
    in_.word("a name"), in_.expect("="), in_.word("true or false");  // for `if`, which is not read
  else if (in_.next_is("hat") || in_.next_begins('^'))
    in_.fail("a hat is a profile of its own; only one profile can be read");
  else if (in_.take("profile") || in_.next_is_path() || in_.next_begins(':')) profile();
  else in_.fail("`" + in_.peek() + "` is not expected outside a profile");
}

void ProfileParser::assignment() {
  const unsigned here = in_.line();
  const std::string name = in_.word("a variable");
  const bool adds = in_.take("+=");
  if (!adds) in_.expect("=");
  std::vector<std::string> values;
  while (in_.more() && !in_.next_is("\n")) values.push_back(in_.word("a value"));
  in_.expect("\n");
  if (name == "profile_name") in_.fail(here, "`@{profile_name}` is set by the profile itself");
  else if (values.empty()) in_.fail(here, fmt::format("the variable `@{{{}}}` gets no value", name));
  else if (!adds && !variables_.declare(name, values))
    in_.fail(here, fmt::format("the variable `@{{{}}}` is declared twice", name));
  // What an unread file declared and this adds to is not known either.
  else if (adds && !variables_.add(name, values) && !has_unread_)
    in_.fail(here, fmt::format("the variable `@{{{}}}` is added to, but not declared", name));
}

void ProfileParser::abi() {
  const unsigned at = line(), here = in_.line();
  profile_.abi = in_.word("a feature set");
  if (!is_one_of(feature_sets, profile_.abi))
    in_.fail(here, fmt::format("what a kernel of the features `{}` looks at is not known", profile_.abi));
  say(at, "abi " + profile_.abi, "abi");
  in_.expect(",");
}

void ProfileParser::profile() {
  const unsigned at = line();
  if (seen_profile_) return in_.fail("there is more than one profile");
  seen_profile_ = true;
  profile_.head = at;
  included_.clear();
  profile_.name = in_.word("a name");
  if (profile_.name.find("@{") != std::string::npos) in_.fail("a profile's name with variables is not read");
  variables_.declare("profile_name", {profile_.name});
  say(at, "profile " + profile_.name);
  while (in_.more() && !in_.next_is("{")) {
    const std::size_t begin = in_.place();
    if (in_.take("xattrs")) in_.expect("="), in_.words_with_values(), say(at, in_.since(begin));
    else if (in_.take("flags") || in_.next_is("(")) flags();
    else attachment();
  }
  if (profile_.attachments.empty() && profile_.name.starts_with('/')) say(at, "attachment " + profile_.name);
  in_.expect("{");
  while (in_.more() && !in_.next_is("}")) rule();
  in_.expect("}");
}

void ProfileParser::flags() {
  const unsigned at = line();
  in_.take("=");
  const std::vector<std::string> all = in_.words();
  if (all.empty()) in_.fail("no flag stands between the parentheses");
  for (const auto& group : contrary_flags)
    if (std::count_if(group.begin(), group.end(), [&](std::string_view flag) { return std::find(all.begin(), all.end(), flag) != all.end(); }) > 1)
      in_.fail("flags that contradict each other");
  for (const std::string& flag : all) {
    const std::string text = "flags=(" + flag + ")";
    if (flag == "complain") profile_.unenforced = {at, text};
    else if (flag == "unconfined") profile_.unconfined = at;
    else if (!is_one_of(plain_flags, flag)) in_.fail(fmt::format("what the flag `{}` does is not known", flag));
    profile_.flags.push_back(flag);
    say(at, text);
  }
}

void ProfileParser::attachment() {
  const unsigned at = line();
  const std::string text = in_.word("the programs");
  if (!text.starts_with('/') && !text.starts_with('@')) return in_.fail(fmt::format("`{}` stands where the programs are expected", text));
  name(text);
  profile_.attachments.push_back(text);
  say(at, "attachment " + text);
}

// ---- includes

void ProfileParser::include() {
  const unsigned at = line(), here = in_.line();
  const std::size_t begin = in_.place();
  in_.take("include");
  const bool if_exists = in_.take("if");
  if (if_exists) in_.expect("exists");
  const std::string what = in_.word("a file");
  const std::string text = in_.since(begin);
  in_.take(",");
  const bool is_searched = what.starts_with('<') && what.ends_with('>');
  const std::string name = without_blanks(is_searched ? what.substr(1, what.size() - 2) : what);
  if (!in_.good()) return;
  if (name.empty()) return in_.fail(here, "an include without a file");
  if (!is_searched && !name.starts_with('/'))
    return in_.fail(here, fmt::format("`{}` lies wherever the parser is started", what));
  // What the administrator adds to a profile of polc's is not the policy's.
  const bool is_local = if_exists && is_searched && !plain_name_in("local/", name).empty();
  if (includes_.find == nullptr || (is_local && !includes_.may_be_unknown)) return include_unknown(at, text, what, if_exists);
  target::Found found = includes_.find(name);
  if (found.is_directory) std::erase_if(found.files, [](const target::IncludedFile& file) { return is_passed_over(file.name); });
  if (found.kind == target::Found::Kind::files) return include_files(at, name, std::move(found.files));
  if (found.kind == target::Found::Kind::unreadable) return in_.fail(here, fmt::format("`{}`: {}", name, found.why));
  if (if_exists) return say(at, text);
  if (known_.contains(plain_name_in("abstractions/", name))) return include_unknown(at, text, what, if_exists);
  in_.fail(here, fmt::format("`{}` is in none of the directories for includes", name));
}

void ProfileParser::include_files(unsigned at, const std::string& name, std::vector<target::IncludedFile> files) {
  constexpr unsigned deepest = 64;
  if (nesting_ >= deepest)
    return in_.fail(fmt::format("`{}` is included by files that are included, {} deep", name, deepest));
  for (const target::IncludedFile& file : files) {
    if (!in_.good() || !included_.insert(file.name).second) continue;
    bytes_ += file.text.size();
    if (++files_ > most_files || bytes_ > most_bytes) return in_.fail("more is included than a profile ever needs");
    auto tokens = tokens_of(file.text);
    const unsigned outside = std::exchange(outer_line_, at);
    const std::string around = std::exchange(file_, file.name);
    Cursor outer = std::exchange(in_, tokens ? Cursor(*std::move(tokens)) : Cursor({}));
    if (!tokens) in_.fail(tokens.error().line, tokens.error().message);
    ++nesting_;
    while (in_.more()) seen_profile_ ? rule() : preamble();
    --nesting_;
    const Cursor inner = std::exchange(in_, std::move(outer));
    outer_line_ = outside;
    file_ = around;
    if (!inner.good())
      in_.fail(outside != 0 ? in_.line() : at,
               fmt::format("line {} of `{}`: {}", inner.error().line, file.name, inner.error().message));
  }
}

// What the administrator adds is not the profile's, and tunables only define names. An abstraction may hold any rule.
void ProfileParser::include_unknown(unsigned at, const std::string& text, const std::string& what, bool if_exists) {
  const std::string file = what.starts_with('<') && what.ends_with('>') ? what.substr(1, what.size() - 2) : "";
  const std::string abstraction = plain_name_in("abstractions/", file);
  if (seen_profile_ && known_.contains(abstraction)) {
    unknown(at, "what `<abstractions/" + abstraction + ">` holds");
    profile_.abstractions.push_back({at, abstraction});
  } else if (seen_profile_ ? if_exists && !plain_name_in("local/", file).empty()
                           : !plain_name_in("tunables/", file).empty()) {
    has_unread_ |= !seen_profile_;
    say(at, text);
  } else if (includes_.may_be_unknown) {
    has_unread_ = true;
    unknown(at, "what `" + what + "` holds");
    if (seen_profile_) profile_.abstractions.push_back({at, what, true});
  } else {
    in_.fail(at, fmt::format("what `{}` holds is not known", what));
  }
}

}  // namespace polc::apparmor
