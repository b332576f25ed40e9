#include "grsecurity/model.hpp"

#include <algorithm>

#include "knowledge/implied.hpp"

namespace polc::grsecurity {

using sets::Component;
using sets::PathPattern;

bool is_old(const target::Settings& settings) {
  const auto at = settings.options.find("version");
  return at != settings.options.end() && at->second == "2.1";
}

bool covers(std::string_view above, std::string_view path) {
  if (above == "/") return true;
  return path.starts_with(above) && (path.size() == above.size() || path[above.size()] == '/');
}

bool TreeOrder::operator()(std::string_view a, std::string_view b) const {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (y == b.end()) return false;
  if (x == a.end()) return true;
  const auto rank = [](char c) { return c == '/' ? 0 : 1 + static_cast<unsigned char>(c); };
  return rank(*x) < rank(*y);
}

bool is_printable_path(std::string_view path) {
  if (path.size() > 4095 || path.find("$(") != std::string_view::npos || path.starts_with("$HOME")) return false;
  // `"` ends a quoted path and has no escape; a wildcard would make the object a glob, which gradm and the kernel read
  // differently; CR is refused and other control characters have never been tried.
  return std::none_of(path.begin(), path.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f || c == '"' || c == '*' || c == '?' || c == '[';
  });
}

std::optional<std::string> object_of(const PathPattern& pattern) {
  std::string path;
  for (const Component& component : pattern.components) {
    if (component.kind != Component::Kind::literal) break;
    path += '/';
    path += component.text;
  }
  if (path.empty()) return "/";
  if (covers("/dev/pts", path)) return "/dev/pts";  // gradm refuses /dev/pts/0
  if (!is_printable_path(path)) return std::nullopt;
  return path;
}

PathPattern literal_of(std::string_view path) {
  PathPattern pattern;
  while (path.size() > 1) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    pattern.components.push_back({Component::Kind::literal, std::string(path.substr(0, end))});
    path.remove_prefix(end);
  }
  return pattern;
}

std::vector<PathPattern> tree_of(std::string_view path) {
  PathPattern below = literal_of(path);
  std::vector<PathPattern> tree{below};
  below.components.push_back({Component::Kind::below, ""});
  tree.push_back(std::move(below));
  return tree;
}

std::vector<PathPattern> trees_of(const std::vector<std::string>& paths) {
  std::vector<PathPattern> trees;
  for (const std::string& path : paths)
    for (PathPattern& pattern : tree_of(path)) trees.push_back(std::move(pattern));
  std::sort(trees.begin(), trees.end());
  return trees;
}

namespace {

Letters own_letters_for(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return letter_r;
    case FileVerb::write:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown:
    case FileVerb::utime:
    case FileVerb::xattr: return letter_w;
    case FileVerb::append: return letter_a;
    case FileVerb::create: return letter_w | letter_c;
    case FileVerb::remove: return letter_w | letter_d;
    case FileVerb::rename: return letter_r | letter_w | letter_c | letter_d;
    case FileVerb::link: return letter_l | letter_c;
    case FileVerb::exec:
    case FileVerb::map: return letter_x;
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::watch: return letter_seen;
    case FileVerb::lock:
    case FileVerb::ioctl: return 0;
  }
  return 0;
}

}  // namespace

Letters letters_for(FileVerb verb) {
  Letters letters = own_letters_for(verb);
  if (verb == FileVerb::write) return letters;  // `w` brings append
  for (const knowledge::ImpliedVerb& implied : knowledge::implied_file_verbs())
    if (implied.of == verb) letters |= own_letters_for(implied.also);
  return letters;
}

ir::FileBox file_box(FileVerbs verbs, std::vector<PathPattern> places, FileTypes types) {
  ir::FileBox box;
  box.verbs = verbs;
  box.places = std::move(places);
  box.types = types;
  box.successors.clear();  // another subject takes over where the new image has one
  return box;
}

ir::NetBox unix_box(NetVerbs verbs, std::vector<PathPattern> places) {
  ir::NetBox box;
  box.verbs = verbs;
  box.family = Family::unix_family;
  box.any_unix_address = false;
  box.paths = std::move(places);
  return box;
}

ir::PairBox pair_box(FileVerb verb, std::vector<PathPattern> from, std::vector<PathPattern> to) {
  ir::PairBox box;
  box.verbs = {verb};
  box.from = std::move(from);
  box.to = std::move(to);
  return box;
}

// grsecurity/gracl_fs.c of the patch for Linux 4.9 asks for w beside c to make a file, a node, a directory or a
// symbolic link, and for w beside d to remove one; gradm's documentation names c and d alone.
const std::vector<Right>& rights() {
  static const std::vector<Right> list{
      {letter_r, {FileVerb::read}, {}},
      {letter_w,
       {FileVerb::write, FileVerb::append, FileVerb::truncate, FileVerb::chmod, FileVerb::chown, FileVerb::utime,
        FileVerb::xattr},
       {}},
      {letter_a, {FileVerb::append}, {}},
      {letter_x, {FileVerb::exec, FileVerb::map}, {}},
      {letter_w | letter_c, {FileVerb::create}, {NetVerb::bind}},
      {letter_w | letter_d, {FileVerb::remove}, {}},
      {letter_r | letter_w, {}, {NetVerb::connect, NetVerb::send}},
  };
  return list;
}

// A directory is opened for reading with no right but not being hidden (gr_acl_handle_open).
void add_seen(std::vector<ir::Box>& boxes, const std::vector<PathPattern>& places) {
  boxes.push_back(file_box({FileVerb::stat, FileVerb::chdir, FileVerb::chroot, FileVerb::watch}, places));
  boxes.push_back(file_box({FileVerb::read}, places, {FileType::dir}));
}

std::vector<ir::Box> removed_by(Letters letters, const std::string& path) {
  const std::vector<PathPattern> tree = tree_of(path);
  const std::vector<PathPattern> all = tree_of("/");
  FileVerbs files;
  NetVerbs sockets;
  for (const Right& right : rights()) {
    if ((right.needs & letters) == 0) continue;
    files = files | right.files;
    sockets = sockets | right.sockets;
  }
  if ((letters & letter_a) == 0) files.remove(FileVerb::append);
  std::vector<ir::Box> boxes;
  if (files.contains(FileVerb::read))
    boxes.push_back(file_box({FileVerb::read}, tree, FileTypes::all() - FileTypes{FileType::dir}));
  files.remove(FileVerb::read);
  if (!files.empty()) boxes.push_back(file_box(files, tree));
  if (!sockets.empty()) boxes.push_back(unix_box(sockets, tree));
  if ((letters & (letter_r | letter_w)) != 0) {
    boxes.push_back(pair_box(FileVerb::rename, tree, all));
    boxes.push_back(pair_box(FileVerb::rename, all, tree));
  }
  if ((letters & (letter_l | letter_c)) != 0) boxes.push_back(pair_box(FileVerb::link, all, tree));
  return boxes;
}

std::vector<ir::Box> hidden_by(const std::string& path) {
  const std::vector<PathPattern> tree = tree_of(path);
  const std::vector<PathPattern> all = tree_of("/");
  const FileVerbs kept{FileVerb::lock, FileVerb::ioctl, FileVerb::rename, FileVerb::link};
  std::vector<ir::Box> boxes{file_box(FileVerbs::all() - kept, tree),
                             unix_box({NetVerb::connect, NetVerb::send, NetVerb::bind}, tree)};
  for (const FileVerb verb : {FileVerb::rename, FileVerb::link}) {
    boxes.push_back(pair_box(verb, tree, all));
    boxes.push_back(pair_box(verb, all, tree));
  }
  return boxes;
}

std::vector<std::string> subjects_of(const ir::Policy& policy) {
  std::vector<std::string> subjects;
  for (const std::string& program : policy.programs)
    if (is_printable_path(program) && program.find(':') == std::string::npos) subjects.push_back(program);
  if (subjects.empty()) subjects.push_back("/path/of/" + policy.name);
  return subjects;
}

}  // namespace polc::grsecurity
