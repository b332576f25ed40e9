#include "driver/unreadable.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "diag/catalogue.hpp"
#include "support/edit_distance.hpp"

namespace polc::driver {
namespace {

namespace fs = std::filesystem;

// A folder may have any number of files, and none but the first are looked at.
constexpr unsigned most_entries = 1'000;

std::optional<std::string> near_policy(const fs::path& missing) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(missing.has_parent_path() ? missing.parent_path() : fs::path("."), error);
  for (unsigned seen = 0; !error && entry != fs::directory_iterator() && seen < most_entries; entry.increment(error), ++seen)
    if (entry->path().extension() == ".pol") names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());  // whatever order the file system has
  const std::string name = missing.filename().string();
  for (const char* suffix : {"", ".pol"})
    if (const auto near = nearest_of(name + suffix, names); near && edit_distance(*near, name + suffix) <= 2)
      return (missing.parent_path() / *near).string();
  return std::nullopt;
}

}  // namespace

void report_unreadable(const IoError& error, diag::Sink& sink) {
  diag::Added added = sink.add_unlocated(diag::cannot_read, error.message());
  if (error.error_number != ENOENT) return;
  if (const auto near = near_policy(error.path)) added.note("did you mean `" + *near + "`?", diag::NoteKind::help);
}

}  // namespace polc::driver
