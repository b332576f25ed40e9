#include "learn/entries.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "format/accesses.hpp"
#include "format/words.hpp"

namespace polc::learn {
namespace {

constexpr FileVerbs writing{FileVerb::write, FileVerb::append, FileVerb::truncate};
constexpr FileVerbs with_mode{FileVerb::create, FileVerb::chmod};

FileTypes types_of(const ir::FileBox& box, const Facts& facts) {
  if (!box.types.is_all()) return box.types;
  if (const auto type = facts.find_type(box.places.front())) return {*type};
  const bool is_written = !(box.verbs & writing).empty() || box.verbs.contains(FileVerb::create);
  return is_written ? FileTypes{FileType::file} : FileTypes::all();
}

void add(FileEntry& entry, const ir::FileBox& box, const Seen& seen) {
  entry.verbs = entry.verbs | box.verbs;
  if (!(box.verbs & with_mode).empty()) entry.mode |= box.mode;
  if (box.verbs.contains(FileVerb::exec))
    for (const ir::Successor& successor : box.successors)
      if (std::ranges::find(entry.successors, successor) == entry.successors.end()) entry.successors.push_back(successor);
  if (box.verbs.contains(FileVerb::ioctl) && box.requests != sets::NumberSet::all())
    for (const auto& interval : box.requests.intervals()) entry.requests.push_back(static_cast<std::uint32_t>(interval.low));
  entry.places = joined(std::move(entry.places), seen.places);
}

// What another verb of the row brings is not said again.
void drop_implied(FileEntry& entry) {
  if (entry.verbs.contains(FileVerb::exec)) entry.verbs = entry.verbs - FileVerbs{FileVerb::read, FileVerb::map};
  if (entry.verbs.contains(FileVerb::read) || entry.verbs.contains(FileVerb::exec)) entry.verbs.remove(FileVerb::stat);
  if (entry.verbs.contains(FileVerb::write)) entry.verbs.remove(FileVerb::append);
  std::ranges::sort(entry.requests);
  entry.requests.erase(std::unique(entry.requests.begin(), entry.requests.end()), entry.requests.end());
}

// A row without a type beside one with: the same object, of which one call's facts were not known.
void join_untyped(std::vector<FileEntry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    FileEntry &one = entries[i - 1], &other = entries[i];
    if (one.path != other.path || one.types.is_all() == other.types.is_all()) continue;
    other.types = one.types & other.types;
    other.verbs = one.verbs | other.verbs, other.mode |= one.mode, other.places = joined(one.places, other.places);
    other.requests.insert(other.requests.end(), one.requests.begin(), one.requests.end());
    other.successors.insert(other.successors.end(), one.successors.begin(), one.successors.end());
    one.verbs = {};
  }
  std::erase_if(entries, [](const FileEntry& entry) { return entry.verbs.empty(); });
}

}  // namespace

const ir::FileBox* file_box_of(const Seen& seen) {
  if (seen.boxes.size() != 1) return nullptr;
  const auto* box = std::get_if<ir::FileBox>(&seen.boxes.front().first);
  return box != nullptr && box->places.size() == 1 ? box : nullptr;
}

Boxes with_facts(const Boxes& boxes, const Facts& facts) {
  Boxes known = boxes;
  for (auto& [box, left_out] : known) {
    auto* file = std::get_if<ir::FileBox>(&box);
    if (file == nullptr || file->places.size() != 1) continue;
    const sets::PathPattern& path = file->places.front();
    if (const auto type = facts.find_type(path); type && left_out.type) file->types = {*type}, left_out.type = false;
    const Facts::Owner owner = facts.owner_of(path);
    if (owner == Facts::Owner::self && left_out.owner) file->owners = {false, true, {}};
    if (owner != Facts::Owner::unknown) left_out.owner = false;
  }
  return known;
}

std::vector<FileEntry> entries_of(const std::vector<Seen>& seen, const Facts& facts) {
  std::map<std::tuple<sets::PathPattern, std::uint32_t>, FileEntry> rows;
  for (const Seen& one : seen) {
    const ir::FileBox* box = file_box_of(one);
    if (box == nullptr) continue;
    const FileTypes types = types_of(*box, facts);
    FileEntry& entry = rows[{box->places.front(), types.bits()}];
    entry.path = box->places.front(), entry.types = types;
    entry.owner_self = box->owners.self || facts.owner_of(entry.path) == Facts::Owner::self;
    add(entry, *box, one);
  }
  std::vector<FileEntry> entries;
  for (auto& [key, entry] : rows) entries.push_back(std::move(entry));
  join_untyped(entries);
  for (FileEntry& entry : entries) drop_implied(entry);
  return entries;
}

ir::Box box_of(const FileEntry& entry) {
  ir::FileBox box;
  box.verbs = entry.verbs, box.places = {entry.path}, box.types = entry.types;
  if (entry.owner_self) box.owners = {false, true, {}};
  if (!(entry.verbs & with_mode).empty()) box.mode = entry.mode;
  if (!entry.requests.empty()) {
    box.requests = {};
    for (const std::uint32_t request : entry.requests) box.requests = box.requests | sets::NumberSet::of(request);
  }
  if (!entry.successors.empty()) box.successors = entry.successors;
  return box;
}

std::string text_of(const std::vector<FileEntry>& entries) {
  const FileEntry& one = entries.front();
  std::vector<std::string> places;
  for (const FileEntry& entry : entries) places.push_back(format::quoted(entry.path));
  std::string text = fmt::format("{} {}", fmt::join(format::verb_texts(one.verbs), ", "), fmt::join(places, ", "));
  if (one.successors.size() == 1 && one.successors.front().kind == ir::Successor::Kind::policy) text += " -> " + one.successors.front().policy;
  if (!one.types.is_all()) text += format::type_text(one.types);
  if (one.owner_self) text += " owner self";
  const bool has_mode = !(one.verbs & with_mode).empty() && one.types != FileTypes{FileType::symlink};  // a link has no bits of its own
  if (has_mode && one.mode != ir::all_mode_bits) text += " mode " + format::mode_text(one.mode);
  if (!one.requests.empty()) {
    std::vector<std::string> names;
    for (const std::uint32_t request : one.requests) {
      const auto name = format::find_request_name(Os::linux_os, request);
      names.push_back(name ? std::string(*name) : format::number_text(request));
    }
    text += fmt::format(" request {}", fmt::join(names, ", "));
  }
  return text;
}

std::string text_of(const FileEntry& entry) { return text_of(std::vector<FileEntry>{entry}); }

}  // namespace polc::learn
