#include "landlock/choose_files.hpp"

#include <algorithm>

#include "target/blame.hpp"

namespace polc::landlock {
namespace {

constexpr FileTypes directory{FileType::dir};

bool has_others(FileTypes types) { return !(types - directory).empty(); }

/// To make something of these types.
Rights making(FileTypes types) {
  Rights rights = 0;
  types.for_each([&](FileType type) {
    switch (type) {
      case FileType::file: rights |= right::make_reg; break;
      case FileType::dir: rights |= right::make_dir; break;
      case FileType::socket: rights |= right::make_sock; break;
      case FileType::fifo: rights |= right::make_fifo; break;
      case FileType::symlink: rights |= right::make_sym; break;
      case FileType::chardev: rights |= right::make_char; break;
      case FileType::blockdev: rights |= right::make_block; break;
    }
  });
  return rights;
}

/// To take it away.
Rights removing(FileTypes types) {
  return (types.contains(FileType::dir) ? right::remove_dir : Rights{0}) |
         (has_others(types) ? right::remove_file : Rights{0});
}

/// What an object that is no directory needs for the verb; 0: nothing that Landlock sees.
Rights of_object(FileVerb verb, FileTypes types) {
  if (!has_others(types)) return 0;
  switch (verb) {
    case FileVerb::read: return right::read_file;
    case FileVerb::write:
    case FileVerb::append: return right::write_file;
    case FileVerb::truncate: return right::truncate;
    case FileVerb::exec: return right::execute | right::read_file;  // execve reads what it executes
    case FileVerb::ioctl:
      return types.contains(FileType::chardev) || types.contains(FileType::blockdev) ? right::ioctl_dev : Rights{0};
    default: return 0;
  }
}

bool is_in_proc(std::string_view path) { return is_within(path, "/proc") && path != "/proc"; }

}  // namespace

void FileRules::add_parts() {
  for (const eval::Part& part : source_.parts)
    if (const auto* pair = std::get_if<ir::PairBox>(&part.box); pair != nullptr && part.effect == ir::Effect::allow)
      making_pairs_.push_back(pair);
  for (std::uint32_t i = 0; i < source_.parts.size(); ++i) {
    const eval::Part& part = source_.parts[i];
    if (part.effect != ir::Effect::allow) continue;
    if (const auto* file = std::get_if<ir::FileBox>(&part.box)) add(*file, i);
    if (const auto* pair = std::get_if<ir::PairBox>(&part.box)) add(*pair, i);
    if (const auto* net = std::get_if<ir::NetBox>(&part.box)) add(*net, i);
  }
}

void FileRules::add(const ir::FileBox& box, std::uint32_t part) {
  box.verbs.for_each([&](FileVerb verb) {
    if (verb == FileVerb::exec) executing_.push_back(behind(part, box));
    const Rights file = of_object(verb, box.types);
    const Rights dir =
        file | (verb == FileVerb::read && box.types.contains(FileType::dir) ? right::read_dir : Rights{0});
    Rights entry = 0;
    if (verb == FileVerb::create) entry = making(box.types);
    if (verb == FileVerb::remove) entry = removing(box.types);
    for (const sets::PathPattern& place : box.places) {
      if ((dir | entry) == 0) continue;
      ir::FileBox wanted = box;
      wanted.places = {place};
      const target::Behind why = behind(part, wanted);
      add_object(place, file, dir, why);
      add_entry(place, entry, why);
    }
  });
}

// In one and the same directory nothing is moved to another.
void FileRules::add(const ir::PairBox& box, std::uint32_t part) {
  const target::Behind why = behind(part, box);
  const bool renames = box.verbs.contains(FileVerb::rename);
  const FileTypes types = renames ? box.types : box.types - directory;  // no directory has a second name
  const Rights to_rights = making(types) | (renames ? removing(types) : Rights{0});
  const auto directory_of = [](const sets::PathPattern& pattern) {
    sets::PathPattern above = pattern;
    if (!above.components.empty()) above.components.pop_back();
    return above;
  };
  const auto has_no_tree = [](const sets::PathPattern& pattern) {
    return !pattern.ends_in_below() && !pattern.has_inner_any();
  };
  for (const sets::PathPattern& from : box.from)
    for (const sets::PathPattern& to : box.to) {
      const sets::PathPattern above = directory_of(from);
      const bool stays = above.is_literal() && has_no_tree(from) && has_no_tree(to) && above == directory_of(to);
      const Rights moving = stays ? Rights{0} : right::refer;
      add_entry(from, (renames ? removing(types) : Rights{0}) | moving, why);
      add_entry(to, to_rights | moving, why);
    }
}

void FileRules::add(const ir::NetBox& box, std::uint32_t part) {
  const bool reaches = box.verbs.contains(NetVerb::connect) || box.verbs.contains(NetVerb::send);
  if (box.family != Family::unix_family || !reaches || (handled_ & right::resolve_unix) == 0) return;
  const target::Behind why = behind(part, box);
  if (box.any_unix_address) put("/", 0, right::resolve_unix, true, why);
  for (const sets::PathPattern& place : box.paths) add_object(place, right::resolve_unix, right::resolve_unix, why);
}

// The optimiser unites rules: a line is there for those of them that name its place.
target::Behind FileRules::behind(std::uint32_t part, const ir::Box& wanted) const {
  return {{part}, target::rules_behind(source_.policy, source_.meaning, source_.parts[part].rules, wanted)};
}

std::vector<target::Behind> FileRules::reading(const std::string& path) const {
  const ir::FilePoint point{FileVerb::read, path, FileType::file, {}, 0, 0, {}};
  std::vector<target::Behind> found;
  for (std::uint32_t i = 0; i < source_.parts.size(); ++i) {
    const auto* box = std::get_if<ir::FileBox>(&source_.parts[i].box);
    if (box == nullptr || source_.parts[i].effect != ir::Effect::allow || !ir::contains(*box, point)) continue;
    ir::FileBox wanted = *box;
    std::erase_if(wanted.places, [&](const sets::PathPattern& place) { return !place.matches(path); });
    found.push_back(behind(i, wanted));
  }
  return found;
}

void FileRules::add_program(const std::string& path, const std::vector<target::Behind>& why) {
  PathRule& rule = rules_.try_emplace(path).first->second;
  rule.path = path;
  rule.file |= (right::execute | right::read_file) & handled_;
  for (const target::Behind& one : why) rule.behind.add(one);
}

// `dir`: what the tree gets where the pattern means one. A name that is a directory gives nothing of what lies below
// it.
void FileRules::add_object(const sets::PathPattern& pattern, Rights file, Rights dir, const target::Behind& why) {
  if (dir == 0) return;
  const Place place = where(pattern);
  if (place.kind != Place::Kind::name) return put(place.path, 0, dir, true, why);
  const Rights listing = dir & right::read_dir;
  if (listing != 0) put(place.path, 0, listing, false, why);
  if (file == 0) return;
  if (is_replaced(place.path)) put(parent_of(place.path), 0, file, true, why);
  else put(place.path, file, 0, false, why);
}

/// Rights on the directory in which the object is an entry.
void FileRules::add_entry(const sets::PathPattern& pattern, Rights dir, const target::Behind& why) {
  if (dir == 0) return;
  const Place place = where(pattern);
  put(place.kind == Place::Kind::name ? parent_of(place.path) : place.path, 0, dir, true, why);
}

void FileRules::put(const std::string& path, Rights file, Rights dir, bool is_anchor, const target::Behind& why) {
  file &= handled_;
  dir &= handled_;
  if ((file | dir) == 0) return;
  PathRule& rule = rules_.try_emplace(path).first->second;
  rule.path = path;
  rule.file |= file;
  rule.dir |= dir;
  rule.is_anchor |= is_anchor;
  rule.behind.add(why);
}

// A rule on a name in /proc ends when the kernel forgets the inode: drop_caches, or any want of memory (tried on 6.1
// and 6.18).
Place FileRules::where(const sets::PathPattern& pattern) const {
  Place place = place_of(pattern);
  if (!is_in_proc(place.path) || (options_.proc_by_name && place.kind == Place::Kind::name)) return place;
  return {"/proc", Place::Kind::partial};
}

// A rule holds for the file that is there when it is added. What the program itself makes anew under the name has none.
bool FileRules::is_replaced(const std::string& path) const {
  for (const std::uint32_t i : eval::parts_naming(source_.meaning, path)) {
    const eval::Part& part = source_.meaning.parts()[i];
    const auto* file = std::get_if<ir::FileBox>(&part.box);
    if (file == nullptr || part.effect != ir::Effect::allow) continue;
    if (file->verbs.contains(FileVerb::create) || file->verbs.contains(FileVerb::remove)) return true;
  }
  const auto is_to = [&](const sets::PathPattern& to) { return to.matches(path); };
  return std::any_of(making_pairs_.begin(), making_pairs_.end(),
                     [&](const ir::PairBox* pair) { return std::any_of(pair->to.begin(), pair->to.end(), is_to); });
}

std::vector<PathRule> FileRules::take() {
  std::vector<PathRule> rules;
  for (auto& [path, rule] : rules_) {
    rule.behind.sort_unique();
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace polc::landlock
