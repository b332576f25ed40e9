// Files, unix sockets, renames and links: each object speaks of its whole tree, the deepest one alone.
#include <algorithm>
#include <unordered_map>

#include "grsecurity/permits.hpp"

namespace polc::grsecurity {
namespace {

/// The directory above; "/" has none.
std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash);
}

/// The path and all that lies below.
std::vector<sets::PathPattern> whole_tree(std::string_view path) {
  sets::Components::List names;
  while (path.size() > 1) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    names.push_back({sets::Component::Kind::literal, std::string(path.substr(0, end))});
    path.remove_prefix(end);
  }
  const sets::PathPattern top{std::move(names)};
  return {top, top.with_below()};
}

// The walk upwards would never meet another spelling.
bool is_plain(std::string_view path) {
  const std::string closed = std::string(path) + "/";
  const auto holds = [&](std::string_view wrong) { return closed.find(wrong) != std::string::npos; };
  return path.size() > 1 && path.starts_with('/') && !holds("//") && !holds("/./") && !holds("/../");
}

struct Rights {
  bool seen = false, read = false, write = false, append = false, run = false, create = false, remove = false, link = false;

  static Rights of(const AclObject& object) {
    if (object.is_hidden()) return {};
    const auto has = [&](char letter) { return object.has(letter); };
    return {true, has('r'), has('w'), has('a') || has('w'), has('x'), has('c'), has('d'), has('l')};
  }
  /// gradm's `rx` on the file of a subject, where no object names it.
  static Rights of_own_file() { return {.seen = true, .read = true, .run = true}; }
};

// The kernel asks for w beside c to make a file, a node, a directory or a symbolic link, and for w beside d to remove one;
// gradm's manual names c and d alone.
FileVerbs granted(const Rights& rights) {
  FileVerbs verbs;
  const auto with = [&](bool right, FileVerbs more) {
    if (right) verbs = verbs | more;
  };
  using V = FileVerb;
  with(rights.seen, {V::stat, V::chdir, V::chroot, V::watch});
  with(rights.read, {V::read});
  with(rights.write, {V::write, V::truncate, V::chmod, V::chown, V::utime, V::xattr});
  with(rights.append, {V::append});
  with(rights.write && rights.create, {V::create});
  with(rights.write && rights.remove, {V::remove});
  with(rights.run, {V::exec, V::map});
  return verbs;
}

NetVerbs granted_sockets(const Rights& rights) {
  NetVerbs verbs;
  if (rights.read && rights.write) verbs = {NetVerb::connect, NetVerb::send};
  if (rights.write && rights.create) verbs.insert(NetVerb::bind);
  return verbs;
}

// rename looks at reading and writing of both ends, not at c and d.
FileVerbs granted_from(const Rights& rights) {
  FileVerbs verbs;
  if (rights.read && rights.write) verbs.insert(FileVerb::rename);
  if (rights.seen) verbs.insert(FileVerb::link);
  return verbs;
}

FileVerbs granted_to(const Rights& rights) {
  FileVerbs verbs;
  if (rights.read && rights.write) verbs.insert(FileVerb::rename);
  if (rights.create && rights.link) verbs.insert(FileVerb::link);
  return verbs;
}

constexpr FileVerbs on_descriptors{FileVerb::lock, FileVerb::ioctl};  // decided when it was opened
constexpr FileVerbs of_pairs{FileVerb::rename, FileVerb::link};
constexpr NetVerbs at_sockets{NetVerb::connect, NetVerb::send, NetVerb::bind};

}  // namespace

struct Permits::Object {
  std::string_view path;
  Rights rights;
  unsigned line = 0;
  std::size_t rank = 0;  // how many objects lie above
};

// At each level the subject itself, then its parents: a longer path of a parent beats a shorter one of its own. Where the
// subject's own file is named, gradm adds `rx` to what is there; polc prints the total, so this takes it at its word.
std::vector<Permits::Object> Permits::objects() const {
  std::vector<Object> objects;
  std::unordered_map<std::string_view, std::size_t> places;
  const auto put = [&](Object object) {
    if (places.emplace(object.path, objects.size()).second) objects.push_back(object);
  };
  for (const std::size_t i : chain()) {
    const AclSubject& at = document_.subjects[i];
    for (const AclObject& object : at.objects) put({object.path, Rights::of(object), object.line});
    if (is_plain(at.path)) put({at.path, Rights::of_own_file(), at.line});
  }
  std::vector<std::size_t> shortest_first(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) shortest_first[i] = i;
  std::stable_sort(shortest_first.begin(), shortest_first.end(),
                   [&](std::size_t a, std::size_t b) { return objects[a].path.size() < objects[b].path.size(); });
  for (const std::size_t i : shortest_first)
    for (std::string_view above = objects[i].path; above != "/";) {
      above = parent_of(above);
      const auto found = places.find(above);
      if (found == places.end()) continue;
      objects[i].rank = objects[found->second].rank + 1;
      break;
    }
  return objects;
}

void Permits::files() {
  ir::PairBox pairs;
  for (ir::Box& box : target::everything(ir::AccessClass::file, os_)) {
    if (const auto* pair = std::get_if<ir::PairBox>(&box)) pairs = *pair;
    auto* all = std::get_if<ir::FileBox>(&box);
    if (all == nullptr) continue;
    all->verbs = on_descriptors;
    stays(std::move(*all));
  }
  for (const Object& object : objects()) add_object(object, pairs);
}

// Paths are objects' to decide (add_object). Nothing looks at other names or at none, nor at what is done with a socket that is
// bound.
void Permits::unix_sockets() {
  if (!opens(1)) return;
  stays(target::everything(Family::unix_family));
  ir::NetBox named = target::everything(Family::unix_family);
  named.verbs = at_sockets;
  named.any_unix_address = false;
  named.paths = whole_tree("/");
  add(std::move(named), {ir::Effect::deny, 0, 0});
}

// What it grants of its tree, and what it does not: the objects above have no say there.
void Permits::add_object(const Object& object, const ir::PairBox& all) {
  const std::vector<sets::PathPattern> tree = whole_tree(object.path);
  for (const ir::Effect effect : {ir::Effect::allow, ir::Effect::deny}) {
    const At at{effect, object.rank, object.line};
    const auto part = [&](auto granted, auto among) { return effect == ir::Effect::allow ? granted : among - granted; };

    ir::FileBox file;
    file.places = tree;
    file.successors.clear();  // the new image's own subject takes over
    file.verbs = part(granted(object.rights), FileVerbs::all() - on_descriptors - of_pairs);
    // A directory is opened for reading with no right but not being hidden (gr_acl_handle_open).
    if (object.rights.seen && !object.rights.read) {
      ir::FileBox reading = file;
      reading.verbs = {FileVerb::read};
      reading.types = part(FileTypes{FileType::dir}, FileTypes::all());
      add(std::move(reading), at);
      file.verbs.remove(FileVerb::read);
    }
    if (!file.verbs.empty()) add(std::move(file), at);

    ir::NetBox socket = target::everything(Family::unix_family);
    socket.any_unix_address = false;
    socket.paths = tree;
    socket.verbs = part(granted_sockets(object.rights), at_sockets);
    if (!socket.verbs.empty() && opens(1)) add(std::move(socket), {effect, object.rank + 1, object.line});  // above what every path has

    ir::PairBox pair = all;
    pair.from = tree;
    pair.verbs = part(granted_from(object.rights), of_pairs);
    if (!pair.verbs.empty()) add(pair, at, planes_.from);
    pair.from = all.from;
    pair.to = tree;
    pair.verbs = part(granted_to(object.rights), of_pairs);
    if (!pair.verbs.empty()) add(std::move(pair), at, planes_.to);
  }
}

}  // namespace polc::grsecurity
