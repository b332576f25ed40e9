// The sources as text, for the tests of this folder.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace polc::layering {

namespace fs = std::filesystem;

inline const fs::path root = POLC_SOURCE_DIR;

std::vector<std::string> lines_of(const fs::path& file);
bool is_code(const fs::path& file);
/// The files below root/`top` that `wanted` picks, sorted, so that every run reports in the same order.
std::vector<fs::path> files_below(std::string_view top, const std::function<bool(const fs::path&)>& wanted);
/// As messages name it.
std::string shown(const fs::path& file);
/// "ir" for src/ir/policy.hpp, "backends/plain" for its files, "backends" for the registry; empty: below neither.
std::string folder_of(const fs::path& file);
/// All code of src and backends but the backends' tests.
std::vector<fs::path> product_files();

/// What an #include line names, and whether in angle brackets.
struct Include {
  std::string name;
  bool angled;
};
std::optional<Include> find_include(std::string_view line);
/// The file that `name`, included from `file`, is. nullopt: it is generated while building.
std::optional<fs::path> find_included(const fs::path& file, const std::string& name);

}  // namespace polc::layering
