#include "sema/text.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "sema/suggest.hpp"
#include "sema/values.hpp"
#include "syntax/string_text.hpp"

namespace polc::sema {
namespace {

// Variables within variables can double a text many times over.
constexpr std::size_t longest_text = 64 * 1024;
constexpr unsigned most_substitutions = 16 * 1024;

using Part = syntax::StringPart;

class Builder {
 public:
  explicit Builder(diag::Sink& sink) : sink_(sink) {}

  std::optional<Text> build(const ast::String& string, const Scope& scope) {
    text_.string = &string;
    for (const Part& part : syntax::parts_of(string)) {
      Text::Run run{static_cast<std::uint32_t>(text_.pattern.bytes.size()), part.range, nullptr};
      if (part.kind == Part::Kind::variable) run.variable = scope.find(part.name);
      text_.runs.push_back(run);
      if (!add(part, scope)) return std::nullopt;
      if (is_too_long()) {
        sink_.add(diag::value_too_large, string.range, longest_text, "bytes");
        return std::nullopt;
      }
    }
    return std::move(text_);
  }

 private:
  // False: something is wrong, or the text is past its bounds.
  bool add(const ast::String& string, const Scope& scope) {
    for (const Part& part : syntax::parts_of(string))
      if (!add(part, scope)) return false;
    return true;
  }

  bool add(const Part& part, const Scope& scope) {
    if (is_too_long()) return true;  // build() says so
    if (part.kind == Part::Kind::text) {
      text_.pattern.bytes += part.text;
      text_.pattern.literal.insert(text_.pattern.literal.end(), part.literal.begin(), part.literal.end());
      return true;
    }
    ++substitutions_;
    const Binding* binding = find_variable(part.name, part.range, scope, sink_);
    return binding != nullptr && add(*binding, part);
  }

  bool add(const Binding& binding, const Part& part) {
    const auto& value = binding.value->value;
    if (const auto* string = std::get_if<ast::String>(&value)) return add(*string, *binding.scope);
    if (const auto* number = std::get_if<ast::Integer>(&value)) {
      text_.pattern.bytes += std::to_string(number->value);
      text_.pattern.literal.resize(text_.pattern.bytes.size());
      return true;
    }
    if (const auto* endpoint = std::get_if<ast::Endpoint>(&value); endpoint != nullptr && !endpoint->ports)
      if (const auto* other = std::get_if<ast::Variable>(&endpoint->host)) {
        const Binding* next = find_variable(other->name, other->range, *binding.scope, sink_);
        return next != nullptr && add(*next, part);
      }
    sink_.add(diag::wrong_kind, part.range, kind_of(*binding.value), "text inside a string")
        .note(binding.range, "`" + std::string(binding.name) + "` is defined here");
    return false;
  }

  bool is_too_long() const { return text_.pattern.bytes.size() > longest_text || substitutions_ > most_substitutions; }

  diag::Sink& sink_;
  Text text_;
  unsigned substitutions_ = 0;
};

// How many bytes the escape or character at the start of `raw` is written with, and how many it means.
struct Written {
  std::size_t length = 1;
  std::size_t meant = 1;
};
Written first_written(std::string_view raw) {
  if (raw.size() < 2 || raw[0] != '\\') return {};
  if (raw[1] == 'x') return {std::min<std::size_t>(4, raw.size()), 1};
  if (raw[1] != 'u') return {2, 1};
  const std::size_t length = std::min(raw.find('}'), raw.size() - 1) + 1;
  std::uint32_t code = 0;
  for (const char c : raw.substr(std::min<std::size_t>(3, length - 1), length - 4))
    code = code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return {length, code < 0x80 ? 1u : code < 0x800 ? 2u : code < 0x10000 ? 3u : 4u};
}

// The bytes of `raw` that mean byte `offset`: where they begin and end.
std::pair<std::uint32_t, std::uint32_t> written_at(std::string_view raw, std::uint32_t offset) {
  std::size_t begin = 0, meant = 0;
  while (begin < raw.size()) {
    const Written written = first_written(raw.substr(begin));
    if (meant + written.meant > offset)
      return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + written.length)};
    begin += written.length;
    meant += written.meant;
  }
  return {static_cast<std::uint32_t>(raw.size()), static_cast<std::uint32_t>(raw.size())};
}

const Text::Run* run_at(const std::vector<Text::Run>& runs, std::uint32_t offset) {
  const auto after = std::upper_bound(runs.begin(), runs.end(), offset,
                                      [](std::uint32_t value, const Text::Run& run) { return value < run.offset; });
  return after == runs.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

bool Text::has_variables() const {
  return std::any_of(runs.begin(), runs.end(), [](const Run& run) { return run.variable != nullptr; });
}

const Binding* Text::variable_at(std::uint32_t offset) const {
  const Run* run = run_at(runs, offset);
  return run == nullptr ? nullptr : run->variable;
}

diag::SourceRange Text::range_of(std::uint32_t offset, std::uint32_t length) const {
  const auto place = [&](std::uint32_t at) {
    const Run* run = run_at(runs, at);
    if (run == nullptr) return string->range;
    if (run->variable != nullptr) return run->range;
    const std::string_view raw =
        std::string_view(string->raw)
            .substr(run->range.begin - string->range.begin - 1, run->range.end - run->range.begin);
    const auto [begin, end] = written_at(raw, at - run->offset);
    return diag::SourceRange{run->range.file, run->range.begin + begin, run->range.begin + end};
  };
  return length <= 1 ? place(offset) : joined(place(offset), place(offset + length - 1));
}

const Binding* find_variable(std::string_view name, diag::SourceRange range, const Scope& scope, diag::Sink& sink) {
  const Binding* binding = scope.find(name);
  if (binding == nullptr) {
    auto added = sink.add(diag::undefined_variable, range, name);
    // No fix-it: the range may be `$name` or `${name}`.
    if (const auto near = nearest_of(name, scope.visible_variables(), sink))
      added.note(range, "did you mean `$" + std::string(*near) + "`?");
    return nullptr;
  }
  return binding->references.kind == ReferenceState::Kind::unsound ? nullptr : binding;
}

std::optional<Text> text_of(const ast::String& string, const Scope& scope, diag::Sink& sink) {
  return Builder(sink).build(string, scope);
}

std::optional<std::string> plain_text_of(const ast::String& string, const Scope& scope, diag::Sink& sink) {
  auto text = text_of(string, scope, sink);
  if (!text) return std::nullopt;
  return std::move(text->pattern.bytes);
}

}  // namespace polc::sema
