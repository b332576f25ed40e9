// The directory of a source package, to which files are added without losing what it has.
//   Plan plan = *tree.plan(package_files(made, distribution), false);   if (plan.conflicts.empty()) tree.write(plan.files);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "packaging/package.hpp"
#include "support/file_system.hpp"

namespace polc::packaging {

struct Plan {
  std::vector<File> files;             // with what is there already, where that is shared
  std::vector<std::string> conflicts;  // sentences: why nothing may be written
  std::vector<std::string> notes;      // sentences: what is there, stays, and says something else
};

class Tree {
 public:
  explicit Tree(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// What debhelper reads of the package: its file for the architecture before its own, and debian/install if it is the first.
  std::string install_file(const std::string& package, std::string_view arch) const;

  /// `force`: files of ours that say something else are no conflict. Shared files always keep what they have.
  Result<Plan> plan(std::vector<File> files, bool force) const;

  /// Writes those that are not there already.
  Result<void> write(const std::vector<File>& files) const;

  std::filesystem::path at(const std::string& path) const { return directory_ / path; }

 private:
  bool is_there(const std::string& path) const;
  bool has(const File& file) const;
  Result<void> write(const File& file) const;

  std::filesystem::path directory_;
};

}  // namespace polc::packaging
