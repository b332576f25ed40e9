#include "source_files.hpp"

#include <algorithm>
#include <fstream>

namespace polc::layering {

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool is_code(const fs::path& file) {
  const auto extension = file.extension();
  return extension == ".hpp" || extension == ".cpp" || extension == ".inc" || extension == ".def";
}

std::vector<fs::path> files_below(std::string_view top, const std::function<bool(const fs::path&)>& wanted) {
  std::vector<fs::path> files;
  if (!fs::exists(root / top)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root / top))
    if (entry.is_regular_file() && wanted(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string shown(const fs::path& file) { return file.lexically_relative(root).generic_string(); }

std::string folder_of(const fs::path& file) {
  const fs::path relative = file.lexically_normal().lexically_relative(root);
  std::vector<std::string> parts;
  for (const auto& part : relative) parts.push_back(part.string());
  if (parts.size() >= 3 && parts[0] == "src") return parts[1];
  if (parts.size() >= 3 && parts[0] == "backends") return "backends/" + parts[1];
  if (parts.size() == 2 && parts[0] == "backends") return "backends";
  return {};
}

namespace {

bool is_product_code(const fs::path& file) {
  const auto below = shown(file);
  return is_code(file) && below.find("/tests/") == std::string::npos;
}

}  // namespace

std::vector<fs::path> product_files() {
  auto files = files_below("src", is_product_code);
  const auto backends = files_below("backends", is_product_code);
  files.insert(files.end(), backends.begin(), backends.end());
  return files;
}

std::optional<Include> find_include(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line[0] != '"' && line[0] != '<')) return std::nullopt;
  const auto end = line.find(line[0] == '"' ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), line[0] == '<'};
}

std::optional<fs::path> find_included(const fs::path& file, const std::string& name) {
  for (const fs::path& base : {file.parent_path(), root / "src", root, root / "backends"})
    if (fs::exists(base / name)) return (base / name).lexically_normal();
  return std::nullopt;
}

}  // namespace polc::layering
