#include "driver/load.hpp"

#include <cerrno>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/embedded.hpp"
#include "driver/unreadable.hpp"
#include "support/file_system.hpp"
#include "syntax/parse.hpp"
#include "syntax/string_text.hpp"

namespace polc::driver {
namespace {

namespace fs = std::filesystem;

constexpr unsigned deepest_import = 64;

// Where a file's text comes from. Two spellings of one file are one file.
struct Found {
  std::string key;         // what makes it the same file
  std::string display;     // what messages call it
  std::string short_name;  // what artefacts call it: the way to it from the first policy's folder, as imports write it
  std::optional<std::string_view> embedded;
};

std::string key_of(const std::string& path) {
  if (const auto descriptor = find_open_descriptor(path)) return fmt::format("<descriptor {}>", *descriptor);
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

// Below a folder of -I or beside the file that imports it: neither says where that folder is.
std::string short_name_of(const fs::path& folder, const std::string& path) { return (folder / path).lexically_normal().string(); }

// What the built-in library defines, by the lines that do.
std::vector<sema::Offer> offers() {
  constexpr std::string_view head = "\nabstraction ";
  std::vector<sema::Offer> result;
  for (const EmbeddedFile& file : standard_library())
    for (std::size_t at = file.text.find(head); at != std::string_view::npos; at = file.text.find(head, at)) {
      at += head.size();
      const std::string_view rest = file.text.substr(at);
      result.push_back({rest.substr(0, rest.find_first_of(" (")), "std/" + std::string(file.name)});
    }
  return result;
}

class Loader {
 public:
  Loader(const std::vector<std::string>& directories, const Texts& instead, diag::SourceMap& sources, diag::Sink& sink)
      : directories_(directories), instead_(instead), sources_(sources), sink_(sink) {}

  void add_main(const std::string& path) {
    const Found found{key_of(path), path, main_short_name(path), std::nullopt};
    if (const auto known = units_.find(found.key); known != units_.end()) {
      result_.program.units[known->second].is_main = true;
      return;
    }
    const auto text = read(path, syntax::largest_file + 1, read_file);
    if (!text && text.error().error_number != EFBIG) {
      result_.unreadable = true;
      report_unreadable(text.error(), sink_);
      return;
    }
    // A file past the limit is cut there; the parser says so with the limit's own message.
    add_unit(found, text ? *text : std::string(syntax::largest_file + 1, ' '), true);
  }

  Loaded take() {
    result_.program.offers = offers();
    return std::move(result_);
  }

 private:
  // Another policy may be named absolutely where the first is not, or the other way round.
  std::string main_short_name(const std::string& path) {
    if (find_open_descriptor(path)) return path;
    if (first_main_.empty()) first_main_ = path;
    std::error_code error;
    const fs::path folder = fs::absolute(first_main_, error).lexically_normal().parent_path();
    const fs::path relative = fs::absolute(path, error).lexically_normal().lexically_relative(folder);
    return relative.empty() ? path : relative.string();
  }

  Result<std::string> read(const std::string& path, std::uint64_t limit, decltype(read_file)& reader) const {
    const auto other = instead_.find(path);
    return other == instead_.end() ? reader(path, limit) : other->second;
  }

  std::optional<std::size_t> add_unit(const Found& found, std::string text, bool is_main) {
    const diag::SourceId source = sources_.add(found.display, std::move(text), found.short_name);
    if (!found.embedded && !find_open_descriptor(found.display)) result_.files.push_back(found.display);
    std::optional<ast::File> file = syntax::parse(sources_, source, sink_);
    const std::size_t place = result_.program.units.size();
    units_.emplace(found.key, place);
    result_.program.units.push_back({file ? std::move(*file) : ast::File{source, {}}, {}, is_main});
    chain_.push_back(found);
    // A copy of the imports: reading one adds units, which moves the vector.
    std::vector<ast::String> imports;
    for (const ast::Item& item : result_.program.units[place].file.items)
      if (const auto* import = std::get_if<ast::Import>(&item.value)) imports.push_back(import->path);
    for (const ast::String& import : imports)
      if (const auto imported = follow(import, found)) result_.program.units[place].imports.push_back(*imported);
    chain_.pop_back();
    return place;
  }

  std::optional<std::size_t> follow(const ast::String& import, const Found& from) {
    std::string path;
    for (const auto& part : syntax::parts_of(import)) path += part.text;
    const std::optional<Found> found = find(path, from);
    if (!found) {
      report_not_found(import, path, from);
      return std::nullopt;
    }
    if (is_passed_over(path, from, *found)) sink_.add(diag::std_beside, import.range, path);
    for (std::size_t i = 0; i < chain_.size(); ++i)
      if (chain_[i].key == found->key) {
        report_cycle(import, *found, i);
        return std::nullopt;
      }
    if (const auto known = units_.find(found->key); known != units_.end()) return known->second;
    // Each file is read while those that import it are open: the depth is bounded as every nesting is.
    if (chain_.size() >= deepest_import) {
      sink_.add(diag::nested_too_deep, import.range, deepest_import);
      return std::nullopt;
    }
    if (found->embedded) return add_unit(*found, std::string(*found->embedded), false);
    auto text = read(found->display, syntax::largest_file, read_regular_file);
    if (!text) {
      sink_.add(diag::import_not_found, import.range, path).note(text.error().message());
      return std::nullopt;
    }
    return add_unit(*found, std::move(*text), false);
  }

  void report_not_found(const ast::String& import, const std::string& path, const Found& from) {
    const bool of_library = is_of_library(path);
    auto added = sink_.add(diag::import_not_found, import.range, path)
                     .note(fmt::format("looked {}in each -I and in the built-in std/", of_library ? "" : "beside this file, "));
    if (of_library && !from.embedded && file_exists(beside(path, from))) added.note(fmt::format("`{}` beside this file is not read; say -I", path));
    for (const std::string& directory : directories_)
      if (!is_directory(directory)) added.note(fmt::format("`{}` of -I is no directory", directory));
  }

  void report_cycle(const ast::String& import, const Found& found, std::size_t start) {
    std::string way;
    for (std::size_t i = start; i < chain_.size(); ++i) way += (way.empty() ? "`" : ", `") + chain_[i].display + "`";
    sink_.add(diag::import_cycle, import.range, found.display, way);
  }

  // Such a name means the library, so that no file which happens to be made beside a policy, or beside one that it imports,
  // changes what it means: a depfile could not tell of a file that was not there.
  static bool is_of_library(const std::string& path) { return path.starts_with("std/"); }

  static std::string beside(const std::string& path, const Found& from) {
    const fs::path folder = find_open_descriptor(from.display) ? fs::path(".") : fs::path(from.display).parent_path();
    const std::string name = (folder / path).string();
    return name == "-" ? "./-" : name;  // a file that is called so, not standard input
  }

  // Whether there is a file beside that someone may believe to be read. One that says the same is as good as read.
  static bool is_passed_over(const std::string& path, const Found& from, const Found& found) {
    if (!is_of_library(path) || from.embedded) return false;
    const std::string there = beside(path, from);
    if (!file_exists(there) || key_of(there) == found.key) return false;
    const auto text = read_regular_file(there, syntax::largest_file);
    return !found.embedded || !text || *text != *found.embedded;
  }

  std::optional<Found> find(const std::string& path, const Found& from) const {
    if (!from.embedded && !is_of_library(path)) {
      const std::string there = beside(path, from);
      const std::string short_name = short_name_of(fs::path(from.short_name).parent_path(), path);
      if (file_exists(there)) return Found{key_of(there), there, short_name, std::nullopt};
    }
    for (const auto& directory : directories_) {
      const std::string candidate = (fs::path(directory) / path).string();
      if (file_exists(candidate)) return Found{key_of(candidate), candidate, short_name_of("", path), std::nullopt};
    }
    // Inside the built-in library a neighbour may be named with or without its folder.
    const std::string name = path.rfind("std/", 0) == 0 ? path.substr(4) : from.embedded ? path : "";
    for (const EmbeddedFile& file : standard_library())
      if (file.name == name) {
        const std::string built_in = "<built-in>/std/" + name;
        return Found{built_in, built_in, built_in, file.text};
      }
    return std::nullopt;
  }

  const std::vector<std::string>& directories_;
  const Texts& instead_;
  diag::SourceMap& sources_;
  diag::Sink& sink_;
  Loaded result_;
  std::string first_main_;
  std::map<std::string, std::size_t> units_;
  std::vector<Found> chain_;  // the files being read, outermost first
};

}  // namespace

Loaded load(const std::vector<std::string>& paths, const std::vector<std::string>& directories, diag::SourceMap& sources,
            diag::Sink& sink, const Texts& instead) {
  Loader loader(directories, instead, sources, sink);
  for (const auto& path : paths) loader.add_main(path);
  return loader.take();
}

}  // namespace polc::driver
