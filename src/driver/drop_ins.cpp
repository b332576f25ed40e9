#include "driver/drop_ins.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "support/file_system.hpp"

namespace polc::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 16u << 20;
constexpr std::size_t most_files = 4'096;

class Collector {
 public:
  Collector(const target::DropIns& drop_ins, const std::vector<std::string>& directories) : drop_ins_(drop_ins), directories_(directories) {}

  /// By name, those of the first folder that has one.
  std::map<std::string, fs::path> run(const std::string& name) {
    std::vector<std::string> names{name};
    for (const std::string& directory : directories_) add_aliases(directory, name, names);
    for (const std::string& one : names) {
      const std::vector<std::string> folders = drop_ins_.folders(one);
      if (folders.empty()) continue;
      general_ = folders.back();
      for (const std::string& directory : directories_)
        for (std::size_t i = 0; i + 1 < folders.size(); ++i) add_folder(fs::path(directory) / folders[i]);
    }
    for (const std::string& directory : directories_) add_folder(fs::path(directory) / general_);
    return std::move(files_);
  }

 private:
  // An instance has other names that are instances, of the same.
  static std::string_view instance_of(std::string_view name) { return name.substr(std::min(name.find('@'), name.rfind('.'))); }

  static void add_aliases(const fs::path& directory, const std::string& name, std::vector<std::string>& names) {
    std::error_code error;
    for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
      std::error_code none;
      if (!it->is_symlink(none) || fs::read_symlink(it->path(), none).filename() != name) continue;
      const std::string alias = it->path().filename().string();
      if (instance_of(alias) == instance_of(name) && std::find(names.begin(), names.end(), alias) == names.end() && names.size() < most_files) names.push_back(alias);
    }
    std::sort(names.begin() + 1, names.end());
  }

  void add_folder(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name.ends_with(drop_ins_.suffix) && name.front() != '.' && !it->is_directory(error)) files_.emplace(name, it->path());
    }
  }

  const target::DropIns& drop_ins_;
  const std::vector<std::string>& directories_;
  std::string general_;  // the folder that adds to all files of the kind
  std::map<std::string, fs::path> files_;
};

// A line ends at LF, CR, CRLF or NUL.
unsigned lines_of(std::string_view text) {
  unsigned lines = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || text[i] == '\0' || (text[i] == '\r' && text.substr(i, 2) != "\r\n")) ++lines;
  return lines;
}

void append(ArtefactFile& file, std::string name, std::string_view text, std::string_view between) {
  file.text += file.text.ends_with('\n') ? "" : "\n";
  file.text += between;
  file.further.push_back({lines_of(file.text) + 1, std::move(name)});
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  file.text += text;
}

}  // namespace

std::optional<ArtefactFile> with_drop_ins(ArtefactFile file, const target::Backend& backend, const std::vector<std::string>& directories,
                                          diag::Sink& sink) {
  const target::DropIns& drop_ins = backend.drop_ins;
  const std::string name = fs::path(file.name).filename().string();
  if (directories.empty() || drop_ins.folders == nullptr || drop_ins.folders(name).empty()) return file;
  const auto files = Collector(drop_ins, directories).run(name);
  if (files.size() > most_files) {
    sink.add_unlocated(diag::cannot_read, fmt::format("{}: it has more than {} drop-ins", file.name, most_files));
    return std::nullopt;
  }
  for (const auto& [unused, path] : files) {
    std::error_code error;
    if (fs::canonical(path, error) == "/dev/null") continue;
    auto text = read_regular_file(path.string(), most_bytes);
    if (!text) {
      sink.add_unlocated(diag::cannot_read, text.error().message());
      return std::nullopt;
    }
    append(file, path.string(), *text, drop_ins.between);
    if (file.text.size() > most_bytes) {
      sink.add_unlocated(diag::cannot_read, fmt::format("{}: with its drop-ins it has more than 16 MiB", file.name));
      return std::nullopt;
    }
  }
  return file;
}

LinePlace place_of(const ArtefactFile& file, unsigned line) {
  LinePlace place{file.name, line};
  for (const ArtefactFile::Further& one : file.further)
    if (one.first_line <= line) place = {one.name, line - one.first_line + 1};
  return place;
}

}  // namespace polc::driver
