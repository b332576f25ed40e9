#include "apparmor/read_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

namespace polc::apparmor {
namespace {

constexpr unsigned deepest = 16;           // variables within the values of variables; one that names itself never ends
constexpr std::size_t most_texts = 4'096;  // of one variable
constexpr std::size_t most_symbols = 1 << 20;
constexpr const char* too_many = "its variables have too many values";

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), is_part);
}

std::vector<Symbols> times(const std::vector<Symbols>& left, const std::vector<Symbols>& right) {
  std::vector<Symbols> product;
  product.reserve(left.size() * right.size());
  for (const Symbols& a : left)
    for (const Symbols& b : right) {
      product.push_back(a);
      product.back().insert(product.back().end(), b.begin(), b.end());
    }
  return product;
}

std::size_t size_of(const std::vector<Symbols>& texts) {
  std::size_t size = 0;
  for (const Symbols& text : texts) size += text.size();
  return size;
}

/// What stands before the next variable, and its name; empty: there is none.
struct Piece {
  Symbols literal;
  std::string_view variable;
};
tl::expected<Piece, std::string> take_piece(std::string_view& text) {
  const std::size_t begin = std::min(text.find("@{"), text.size());
  auto literal = symbols_of(text.substr(0, begin));
  if (!literal) return tl::unexpected(literal.error());
  text.remove_prefix(begin);
  if (text.empty()) return Piece{*std::move(literal), {}};
  const std::size_t end = std::min(text.find('}'), text.size());
  const std::string_view name = text.substr(2, end - 2);
  if (end == text.size() || !is_name(name)) return tl::unexpected(fmt::format("`@{{{}` names no variable", name));
  text.remove_prefix(end + 1);
  return Piece{*std::move(literal), name};
}

/// A value within an alternation, where no two slashes come together: those before and behind the alternation stay.
void append_trimmed(Symbols& whole, const Symbols& value, bool slash_before, bool slash_behind) {
  auto begin = value.begin(), end = value.end();
  while (slash_before && begin != end && begin->is_slash()) ++begin;
  while (slash_behind && begin != end && (end - 1)->is_slash()) --end;
  whole.insert(whole.end(), begin, end);
}

/// `{/home/*,/root}/x` as `/{home/*,root}/x`: to the parser a name begins with a slash.
std::optional<std::string> from_root(std::string name) {
  if (!name.starts_with('{')) return name;
  std::string spread = "/{";
  std::size_t depth = 1, at = 1;
  for (bool begins = true; at < name.size() && depth > 0; ++at) {
    const char c = name[at];
    if (begins && c != '/') return std::nullopt;
    if (!begins) spread += c;
    if (c == '\\' && at + 1 < name.size()) spread += name[++at];
    depth += c == '{' ? 1 : 0;
    depth -= c == '}' ? 1 : 0;
    begins = depth == 1 && c == ',';
  }
  return spread + name.substr(at);
}

}  // namespace

bool Variables::declare(const std::string& name, std::vector<std::string> values) {
  return values_.emplace(name, std::move(values)).second;
}

bool Variables::add(const std::string& name, std::vector<std::string> values) {
  const auto found = values_.find(name);
  if (found == values_.end()) return false;
  std::move(values.begin(), values.end(), std::back_inserter(found->second));
  return true;
}

tl::expected<Symbols, Variables::Error> Variables::expand(std::string_view text) const {
  Symbols whole;
  while (!text.empty()) {
    auto piece = take_piece(text);
    if (!piece) return tl::unexpected(Error{piece.error()});
    whole.insert(whole.end(), piece->literal.begin(), piece->literal.end());
    if (piece->variable.empty()) break;
    const auto values = values_of(piece->variable, 0);
    if (!values) return tl::unexpected(values.error());
    if (values->size() == 1) {
      whole.insert(whole.end(), values->front().begin(), values->front().end());
    } else {
      const bool before = !whole.empty() && whole.back().is_slash(), behind = text.starts_with('/');
      const char* mark = "{";
      for (const Symbols& value : *values) {
        whole.push_back({static_cast<unsigned char>(*std::exchange(mark, ",")), false});
        append_trimmed(whole, with_single_slashes(value), before, behind);
      }
      whole.push_back({'}', false});
    }
    if (whole.size() > most_symbols) return tl::unexpected(Error{too_many});
  }
  return whole;
}

Variables::Texts Variables::texts_of(std::string_view value, unsigned depth) const {
  if (depth > deepest) return tl::unexpected(Error{"its variables have variables for values, and so on without an end"});
  std::vector<Symbols> texts{{}};
  while (!value.empty()) {
    auto piece = take_piece(value);
    if (!piece) return tl::unexpected(Error{piece.error()});
    texts = times(texts, {std::move(piece->literal)});
    if (piece->variable.empty()) break;
    const Texts values = values_of(piece->variable, depth);
    if (!values) return values;
    const std::size_t symbols = size_of(texts) * values->size() + size_of(*values) * texts.size();
    if (texts.size() * values->size() > most_texts || symbols > most_symbols) return tl::unexpected(Error{too_many});
    texts = times(texts, *values);
  }
  return texts;
}

Variables::Texts Variables::values_of(std::string_view name, unsigned depth) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return tl::unexpected(Error{fmt::format("the variable `@{{{}}}` is not declared", name), true});
  std::vector<Symbols> all;
  for (const std::string& value : found->second) {
    auto more = texts_of(value, depth + 1);
    if (!more) return more;
    std::move(more->begin(), more->end(), std::back_inserter(all));
    if (all.size() > most_texts) return tl::unexpected(Error{too_many});
  }
  return all;
}

std::optional<std::string> Variables::spelled_out(const std::string& rule) const {
  std::istringstream in(rule);
  std::string spelled;
  for (std::string word; in >> word;) {
    if (!spelled.empty()) spelled += ' ';
    for (std::string more; std::count(word.begin(), word.end(), '"') % 2 != 0 && in >> more;) word += ' ' + more;
    if (word.find("@{") == word.npos) {
      spelled += word;
      continue;
    }
    const bool is_quoted = word.size() > 1 && word.starts_with('"') && word.ends_with('"');
    const auto symbols = expand(is_quoted ? word.substr(1, word.size() - 2) : word);
    if (!symbols) return std::nullopt;
    std::string name;
    for (const Symbol& symbol : *symbols) name += symbol.escaped ? fmt::format("\\{:03o}", symbol.byte) : std::string(1, static_cast<char>(symbol.byte));
    const auto path = from_root(std::move(name));
    if (!path) return std::nullopt;
    spelled += path->starts_with('/') ? '"' + *path + '"' : *path;
  }
  return spelled;
}

}  // namespace polc::apparmor
