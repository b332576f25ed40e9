#include "systrace/open_rights.hpp"

#include <fmt/format.h>

namespace polc::systrace {
namespace {

using sets::PathPattern;

/// Surely everything of `inner` is in `outer`; false when that is not obvious.
bool surely_includes(const PathPattern& outer, const PathPattern& inner) {
  if (outer == inner) return true;
  if (inner.is_literal()) return outer.matches(inner.literal());
  if (!outer.ends_in_below() || inner.components.size() < outer.components.size()) return false;
  return std::equal(outer.components.begin(), outer.components.end() - 1, inner.components.begin());
}

std::vector<sets::Component> leading_names(const PathPattern& pattern) {
  std::vector<sets::Component> names;
  for (const sets::Component& component : pattern.components) {
    if (component.kind != sets::Component::Kind::literal) break;
    names.push_back(component);
  }
  return names;
}

/// The flags of the opens whose verbs are all allowed.
std::string permitted_flags(FileVerbs verbs) {
  const auto may = [&](FileVerb verb) { return verbs.contains(verb); };
  const bool reads = may(FileVerb::read), writes = may(FileVerb::write), appends = may(FileVerb::append);
  const std::string others = std::string(may(FileVerb::create) ? "c?" : "") + (may(FileVerb::truncate) ? "t?" : "");
  if (reads && writes && appends) return "^(ro|wo|rw)n?a?" + others + "$";
  const std::string reading = "ron?a?" + others;
  const std::string writing = (reads ? "(wo|rw)n?" : "won?") +
                              std::string(writes && appends ? "a?"
                                          : appends         ? "a"
                                                            : "") +
                              others;
  if (!writes && !appends) return "^" + reading + "$";
  return reads ? "^(" + reading + "|" + writing + ")$" : "^" + writing + "$";
}

struct NamedNumber {
  std::uint64_t number;
  std::string_view name;
};
// What print_sockdom and print_socktype of intercept-translate.c have names for.
constexpr NamedNumber domains[] = {{1, "AF_UNIX"}, {2, "AF_INET"}, {3, "AF_IMPLINK"}, {6, "AF_NS"},
                                   {7, "AF_ISO"},  {23, "AF_IPX"}, {24, "AF_INET6"}};
constexpr NamedNumber types[] = {
    {1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"}};

template <std::size_t n>
std::string name_of(const NamedNumber (&names)[n], std::uint64_t number, std::string_view unknown) {
  for (const auto& entry : names)
    if (entry.number == number) return std::string(entry.name);
  return fmt::format("{}({})", unknown, static_cast<std::int32_t>(number));
}

}  // namespace

void OpenRights::add(FileVerb verb, const PathPattern& place, const std::string& test, const Behind& from) {
  Place& entry = places_[place];
  entry.test = test;
  entry.verbs.insert(verb);
  entry.from.emplace_back(verb, from);
  // Creating and truncating need an open that also writes: the one with O_APPEND writes least.
  if (verb == FileVerb::create || verb == FileVerb::truncate) entry.verbs.insert(FileVerb::append);
}

// Only a pattern that begins with the same names can include another: they are found by those. What a wider pattern adds to a
// narrower one's line is there for the wider one's parts.
std::vector<Filter> OpenRights::filters() const {
  using Names = std::vector<sets::Component>;
  std::map<Names, std::vector<const decltype(places_)::value_type*>> wild;
  for (const auto& entry : places_)
    if (!entry.first.is_literal()) wild[leading_names(entry.first)].push_back(&entry);
  std::vector<Filter> result;
  for (const auto& [pattern, place] : places_) {
    FileVerbs verbs = place.verbs;
    Behind behind;
    for (const auto& [verb, from] : place.from) behind.add(from);
    for (Names names = leading_names(pattern);; names.pop_back()) {
      if (const auto found = wild.find(names); found != wild.end())
        for (const auto* other : found->second) {
          if (verbs.includes(other->second.verbs) || !surely_includes(other->first, pattern)) continue;
          for (const auto& [verb, from] : other->second.from)
            if (!verbs.contains(verb)) behind.add(from);
          verbs = verbs | other->second.verbs;
        }
      if (names.empty()) break;
    }
    result.push_back({ir::Effect::allow, {{"filename", place.test}, {"oflags", "re \"" + permitted_flags(verbs) + "\""}}, std::move(behind)});
  }
  return result;
}

std::string refused_flags(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return "re \"^(ro|rw)\"";
    case FileVerb::write: return "re \"^(wo|rw)n?c?t?$\"";
    case FileVerb::append: return "re \"[ac]\"";  // every open that creates: O_APPEND is what an open for creating has
    case FileVerb::create: return "sub \"c\"";
    case FileVerb::truncate: return "sub \"t\"";
    default: return "re \"^\"";
  }
}

std::string socket_domain(std::uint64_t number) { return name_of(domains, number, "AF_UNKNOWN"); }
std::string socket_type(std::uint64_t number) { return name_of(types, number, "SOCK_UNKNOWN"); }

std::string literal_regex(std::string_view text) {
  const std::string regex = regex_of(PathPattern{{{sets::Component::Kind::literal, std::string(text)}}});
  return regex.substr(2, regex.size() - 3);  // without `^/` and `$`
}

}  // namespace polc::systrace
