#include "packaging/tree.hpp"

#include <fmt/format.h>

#include "packaging/merge.hpp"

namespace polc::packaging {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_file = std::uint64_t{1} << 26;

Merged merged(Sharing sharing, std::string there, const std::string& wanted) {
  if (sharing == Sharing::tests) return with_test(std::move(there), wanted);
  if (sharing == Sharing::install_lines) return with_install_lines(std::move(there), wanted);
  return with_lines(std::move(there), wanted);
}

tl::unexpected<IoError> failed(const fs::path& path, const char* operation, const std::error_code& error) {
  return tl::unexpected(IoError{path.string(), operation, error.value()});
}

}  // namespace

std::string Tree::install_file(const std::string& package, std::string_view arch) const {
  const std::string own = fmt::format("debian/{}.install", package), of_arch = fmt::format("{}.{}", own, arch);
  if (is_there(of_arch)) return of_arch;
  if (is_there(own) || !is_there("debian/install")) return own;
  const auto control = read_file(at("debian/control").string(), largest_file);
  return control && first_package(*control) == package ? "debian/install" : own;
}

Result<Plan> Tree::plan(std::vector<File> files, bool force) const {
  Plan plan{std::move(files), {}, {}};
  for (File& file : plan.files) {
    if (!is_there(file.path)) continue;
    if (file.sharing == Sharing::own) {
      if (force || has(file)) continue;
      plan.conflicts.push_back(fmt::format("`{}` exists, with other text; --force writes over it", at(file.path).string()));
      continue;
    }
    const std::string name = at(file.path).string();
    auto there = read_file(name, largest_file);
    if (!there) return tl::unexpected(there.error());
    const Merged all = merged(file.sharing, *std::move(there), file.text);
    for (const std::string& line : all.clash)
      plan.conflicts.push_back(fmt::format("`{}` has `{}`, and what this policy installs cannot stand beside that", name, line));
    for (const std::string& line : all.kept) plan.notes.push_back(fmt::format("{} has `{}`, which says something else; it stays", name, line));
    file.text = all.text;
  }
  return plan;
}

Result<void> Tree::write(const std::vector<File>& files) const {
  for (const File& file : files)
    if (const auto written = write(file); !written) return written;
  return {};
}

Result<void> Tree::write(const File& file) const {
  const fs::path path = at(file.path);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return failed(path.parent_path(), "create", error);
  if (!has(file))
    if (const auto written = write_file_atomically(path.string(), file.text); !written) return written;
  constexpr auto executable = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  if (file.is_executable) fs::permissions(path, executable, fs::perm_options::add, error);
  if (error) return failed(path, "make executable", error);
  return {};
}

bool Tree::is_there(const std::string& path) const {
  std::error_code error;
  return fs::exists(at(path), error);
}

bool Tree::has(const File& file) const {
  const auto there = read_file(at(file.path).string(), largest_file);
  return there && *there == file.text;
}

}  // namespace polc::packaging
