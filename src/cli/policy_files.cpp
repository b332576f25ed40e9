#include "cli/policy_files.hpp"

#include <algorithm>
#include <filesystem>

#include "diag/catalogue.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

namespace fs = std::filesystem;

bool add_below(const std::string& directory, std::vector<std::string>& found, diag::Sink& sink) {
  std::error_code error;
  fs::recursive_directory_iterator entry(directory, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    if (entry->path().extension() == ".pol" && entry->is_regular_file(unknown)) found.push_back(entry->path().string());
  }
  if (error) sink.add_unlocated(diag::cannot_read, IoError{directory, "read", error.value()}.message());
  return !error;
}

}  // namespace

std::optional<PolicyFiles> policy_files(const std::vector<std::string>& paths, diag::Sink& sink) {
  PolicyFiles files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) files.named.push_back(path);
    else if (!add_below(path, files.found, sink)) return std::nullopt;
  }
  std::sort(files.found.begin(), files.found.end());
  return files;
}

}  // namespace polc::cli
