#include "driver/usual_types.hpp"

#include "eval/implications.hpp"

namespace polc::driver {
namespace {

std::optional<FileType> usual_type(FileVerbs verbs) {
  for (const FileVerb verb : {FileVerb::read, FileVerb::write, FileVerb::append, FileVerb::truncate, FileVerb::map, FileVerb::exec, FileVerb::lock})
    if (verbs.contains(verb)) return FileType::file;
  for (const FileVerb verb : {FileVerb::chdir, FileVerb::chroot})
    if (verbs.contains(verb)) return FileType::dir;
  return std::nullopt;
}

}  // namespace

AccessBoxes with_usual_types(const AccessBoxes& boxes) {
  AccessBoxes result;
  for (const auto& [box, left_out] : boxes) {
    if (!left_out.type || !std::holds_alternative<ir::FileBox>(box)) {
      result.emplace_back(box, left_out);
      continue;
    }
    for (ir::Box& one : eval::single_verbs(box)) {
      auto& [added, unnamed] = result.emplace_back(std::move(one), left_out);
      auto& file = std::get<ir::FileBox>(added);
      const auto usual = usual_type(file.verbs);
      if (!usual || !file.types.contains(*usual)) continue;
      file.types = {*usual};
      unnamed.type = false;
    }
  }
  return result;
}

}  // namespace polc::driver
