#include "driver/lets.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "sema/suggest.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '_' || c == '-';
}

// As a string of the language: \xHH stands for itself wherever it is.
std::string string_of(std::string_view path) {
  std::string text = "\"";
  for (const char c : path) text += is_plain(c) ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text + "\"";
}

bool is_name(std::string_view text) {
  const auto is_in = [](char c) { return is_plain(c) && c != '/' && c != '.' && c != '-'; };
  return !text.empty() && (text.front() < '0' || text.front() > '9') && std::all_of(text.begin(), text.end(), is_in);
}

class Letting {
 public:
  Letting(sema::Program& program, diag::SourceMap& sources, diag::Sink& sink) : sources_(sources), sink_(sink) {
    for (sema::Unit& unit : program.units)
      if (unit.is_main)
        for (ast::Item& item : unit.file.items)
          if (auto* let = std::get_if<ast::Let>(&item.value)) lets_.push_back(let);
    for (const ast::Let* let : lets_) names_.emplace_back(let->name.text);
  }

  std::vector<std::string> notes;

  void add(const std::string& text) {
    const std::size_t sign = std::min(text.find('='), text.size());
    const std::string name = text.substr(0, sign);
    if (sign == text.size() || !is_name(name)) {
      sink_.add_unlocated(diag::wrong_usage, fmt::format("`--let {}`: it is NAME=VALUE, as in --let workspace=/home/u/site", text));
      return;
    }
    if (std::find(done_.begin(), done_.end(), name) != done_.end()) {
      sink_.add_unlocated(diag::wrong_usage, fmt::format("`--let {}=` is given twice", name));
      return;
    }
    done_.push_back(name);
    const std::string value = text.substr(sign + 1);
    const std::string written = value.starts_with('/') ? string_of(value) : value;
    const std::optional<ast::Let> let = parsed(name, written);
    if (!let) return;
    bool is_known = false;
    for (ast::Let* old : lets_)
      if (old->name.text == name) old->value = let->value, is_known = true;
    if (!is_known) sema::suggest_or_list(sink_.add(diag::unknown_let, let->name.range, name), let->name, names_, sink_);
    notes.push_back(fmt::format("made with --let: let {} = {}", name, written));
  }

 private:
  // The line break ends a comment that the value may end with.
  std::optional<ast::Let> parsed(const std::string& name, const std::string& value) {
    const diag::SourceId source = sources_.add("--let", fmt::format("language 1; let {} = {}\n;", name, value));
    auto file = syntax::parse(sources_, source, sink_);
    if (!file) return std::nullopt;
    if (file->items.size() == 1)
      if (auto* let = std::get_if<ast::Let>(&file->items.front().value)) return std::move(*let);
    sink_.add_unlocated(diag::wrong_usage, fmt::format("`--let {}`: one value, and nothing behind it", name));
    return std::nullopt;
  }

  diag::SourceMap& sources_;
  diag::Sink& sink_;
  std::vector<ast::Let*> lets_;
  std::vector<std::string_view> names_;
  std::vector<std::string> done_;
};

}  // namespace

std::vector<std::string> let_values(sema::Program& program, const std::vector<std::string>& given, diag::SourceMap& sources, diag::Sink& sink) {
  Letting letting(program, sources, sink);
  for (const std::string& one : given) letting.add(one);
  return std::move(letting.notes);
}

}  // namespace polc::driver
