// What holds a policy together: parents, default objects, and network rules that come in pairs.
#include <fmt/format.h>

#include <algorithm>

#include "grsecurity/syntax.hpp"

namespace polc::grsecurity {
namespace {

using Wrong = std::optional<target::ReadError>;

/// The nearest subject on the path upwards, in the same role.
std::optional<std::size_t> parent_of(const Document& document, const AclSubject& subject) {
  if (subject.path == "/" || subject.mode.find('o') != std::string::npos) return std::nullopt;
  std::string path = subject.path;
  while (path.size() > 1) {
    const std::size_t slash = path.rfind('/');
    path = slash == 0 ? "/" : path.substr(0, slash);
    if (const auto found = document.places.find({subject.role, path}); found != document.places.end()) return found->second;
  }
  return std::nullopt;
}

Wrong check_subject(const AclSubject& subject, Dialect dialect) {
  if (!subject.parent && !subject.find_object("/"))
    return target::ReadError{subject.line, fmt::format("the subject `{}` has no default object `/`", subject.path)};
  const auto is_bind = [](const AclRule& rule) { return rule.is_bind; };
  const auto binds = std::count_if(subject.rules.begin(), subject.rules.end(), is_bind);
  const bool has_one_kind =
      !subject.rules.empty() && (binds == 0 || binds == static_cast<std::ptrdiff_t>(subject.rules.size()));
  if (has_one_kind && !dialect.is_old)
    return target::ReadError{subject.line,
                             fmt::format("`{}` has {} rules alone: `{} disabled` is missing", subject.path,
                                         binds == 0 ? "connect" : "bind", binds == 0 ? "bind" : "connect")};
  return std::nullopt;
}

Wrong check_roles(const Document& document) {
  if (document.roles.empty()) return std::nullopt;
  if (std::find(document.roles.begin(), document.roles.end(), "default") == document.roles.end())
    return target::ReadError{1, "there is no role `default`"};
  for (std::size_t role = 0; role < document.roles.size(); ++role) {
    const auto is_root = [&](const AclSubject& subject) { return subject.role == role && subject.path == "/"; };
    if (std::none_of(document.subjects.begin(), document.subjects.end(), is_root))
      return target::ReadError{1, fmt::format("the role `{}` has no subject `/`", document.roles[role])};
  }
  return std::nullopt;
}

}  // namespace

tl::expected<Document, target::ReadError> parse(std::string_view text, Dialect dialect) {
  auto document = parse_statements(text, dialect);
  if (!document) return document;
  if (document->subjects.empty()) return tl::unexpected(target::ReadError{1, "there is no subject"});
  for (AclSubject& subject : document->subjects) subject.parent = parent_of(*document, subject);
  for (const AclSubject& subject : document->subjects)
    if (Wrong wrong = check_subject(subject, dialect)) return tl::unexpected(*wrong);
  if (dialect.needs_roles && document->roles.empty())
    return tl::unexpected(target::ReadError{1, "there is no role `default`"});
  if (Wrong wrong = check_roles(*document)) return tl::unexpected(*wrong);
  return document;
}

}  // namespace polc::grsecurity
