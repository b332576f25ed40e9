#include "driver/include_dirs.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "support/file_system.hpp"

namespace polc::driver {
namespace {

namespace fs = std::filesystem;
using target::Found;

constexpr std::uint64_t largest_file = 16u << 20;
constexpr std::size_t most_entries = 4'096;

Found unreadable(std::string why) { return {Found::Kind::unreadable, {}, false, std::move(why)}; }

Found files_at(const std::vector<fs::path>& paths, bool is_directory) {
  Found found{Found::Kind::files, {}, is_directory, {}};
  for (const fs::path& path : paths) {
    auto text = read_regular_file(path.string(), largest_file);
    if (!text) return unreadable(text.error().message());
    found.files.push_back({path.string(), *std::move(text)});
  }
  return found;
}

Found directory_at(const fs::path& path) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) paths.push_back(it->path());
    if (paths.size() > most_entries) return unreadable(fmt::format("a directory of more than {} files", most_entries));
  }
  if (error) return unreadable(error.message());
  std::sort(paths.begin(), paths.end());
  return files_at(paths, true);
}

/// nullopt: nothing is there.
std::optional<Found> found_at(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return std::nullopt;
  return fs::is_directory(status) ? directory_at(path) : files_at({path}, false);
}

/// Where a name lies below a directory; nullopt: it does not.
std::optional<fs::path> path_below(const fs::path& directory, const fs::path& name) {
  if (name.is_relative()) return directory / name;
  const fs::path base = fs::absolute(directory).lexically_normal();
  const fs::path rest = name.lexically_relative(base.filename().empty() ? base.parent_path() : base);
  return rest.empty() || *rest.begin() == ".." ? std::nullopt : std::optional(directory / rest);
}

Found found_in(const std::vector<std::string>& directories, const fs::path& name) {
  if (std::find(name.begin(), name.end(), "..") != name.end()) return unreadable("a name with `..` leaves the directory");
  for (const std::string& directory : directories) {
    const auto path = path_below(directory, name);
    if (!path) continue;
    if (auto found = found_at(*path)) return *std::move(found);
  }
  return {};
}

}  // namespace

target::Includes includes_from(std::vector<std::string> directories) {
  if (directories.empty()) return {};
  return {[directories = std::move(directories)](std::string_view name) { return found_in(directories, fs::path(name)); }};
}

}  // namespace polc::driver
