#include "packaging/package.hpp"

#include <fmt/format.h>

#include "packaging/layout.hpp"

namespace polc::packaging {

std::vector<File> package_files(const Made& made, const Distribution& distribution) {
  const Layout layout(made, distribution);
  std::vector<File> files;
  for (const Placed& one : layout.installed) files.push_back({layout.folder + one.file, one.text});
  if (layout.header != nullptr) files.push_back({fmt::format("{}{}.h", layout.folder, made.policy), layout.header->text});
  for (const Source& source : made.sources) files.push_back({layout.folder + "policy/" + source.path, source.text});
  files.push_back({layout.folder + "README", readme(layout)});
  files.push_back({layout.script, verify_script(layout), true});
  if (distribution.is_rpm) add_rpm(layout, files);
  else add_debian(layout, files);
  return files;
}

}  // namespace polc::packaging
