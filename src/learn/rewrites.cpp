#include "learn/rewrites.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <tuple>

namespace polc::learn {
namespace {

constexpr std::size_t least_numbered = 3, least_of_extension = 4, least_sisters = 3, least_among_sisters = 8, least_parents = 3;

constexpr std::array<std::string_view, 7> closed_trees{"/etc", "/root", "/home", "/boot", "/dev", "/proc", "/sys"};
constexpr std::array<std::string_view, 4> shared_directories{"/tmp", "/var/tmp", "/dev/shm", "/run"};
// Where the loader finds libraries anyway: std's own patterns hold them.
constexpr std::array<std::string_view, 3> library_trees{"/usr/lib", "/usr/lib64", "/usr/local/lib"};

constexpr FileVerbs looking{FileVerb::read, FileVerb::stat};
constexpr FileVerbs of_libraries{FileVerb::read, FileVerb::stat, FileVerb::map};

bool is_below(std::string_view path, std::string_view tree) {
  return path.starts_with(tree) && (path.size() == tree.size() || path[tree.size()] == '/');
}

// A pattern's text in pieces: what stands for itself, and what is a wildcard.
class Pattern {
 public:
  Pattern& literal(std::string_view text) { return add(text, true); }
  Pattern& wild(std::string_view text) { return add(text, false); }
  std::optional<sets::PathPattern> take() const {
    const auto parsed = sets::parse_path_pattern(text_, false);
    if (!parsed || parsed->size() != 1) return std::nullopt;
    return parsed->front();
  }

 private:
  Pattern& add(std::string_view text, bool is_literal) {
    text_.bytes += text;
    text_.literal.insert(text_.literal.end(), text.size(), is_literal);
    return *this;
  }
  sets::PatternText text_;
};

struct Name {
  std::string directory, name;  // "/a/b", "c"; of the root's children the directory is empty
};
std::optional<Name> name_of(const FileEntry& entry) {
  if (!entry.path.is_literal() || entry.path.components.empty()) return std::nullopt;
  const std::string path = entry.path.literal();
  const std::size_t slash = path.rfind('/');
  return Name{path.substr(0, slash), path.substr(slash + 1)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `a-#.b#` for a-12.b3; empty: it has no digit. A name's own `#` is told from a run of digits by the escape before it.
std::string shape_of(const std::string& name) {
  std::string shape;
  bool has_digit = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_digit(name[i])) shape += name[i] == '#' || name[i] == '\\' ? std::string("\\") + name[i] : std::string(1, name[i]);
    else if (has_digit = true; i == 0 || !is_digit(name[i - 1])) shape += '#';
  }
  return has_digit ? shape : "";
}

std::optional<sets::PathPattern> numbered(const Name& name) {
  Pattern pattern;
  pattern.literal(name.directory + "/");
  for (std::size_t i = 0; i < name.name.size(); ++i)
    if (!is_digit(name.name[i])) pattern.literal(name.name.substr(i, 1));
    else if (i == 0 || !is_digit(name.name[i - 1])) pattern.wild("[0-9]*");
  return pattern.take();
}

std::string extension_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == name.npos || dot == 0 || dot + 1 == name.size() ? "" : name.substr(dot);
}

// All that rows must share, but for their paths, to become one row.
auto kind_of(const FileEntry& entry) {
  return std::tuple(entry.verbs.bits(), entry.types.bits(), entry.owner_self, entry.mode, entry.requests, entry.successors);
}
using Kind = decltype(kind_of(FileEntry{}));
using Group = std::vector<std::size_t>;  // places of rows

class FileRewriter {
 public:
  FileRewriter(std::vector<FileEntry>& entries, RewriteContext& context) : entries_(entries), context_(context) {}

  void number_runs() {
    std::map<std::tuple<std::string, std::string, Kind>, Group> groups;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto name = name_of(entries_[i]);
      if (!name || entries_[i].verbs.contains(FileVerb::exec) || entries_[i].verbs.contains(FileVerb::map)) continue;
      if (const std::string shape = shape_of(name->name); !shape.empty()) groups[{name->directory, shape, kind_of(entries_[i])}].push_back(i);
    }
    for (const auto& [key, group] : groups)
      if (group.size() >= least_numbered && is_within_borders(std::get<0>(key))) replace("G3", group, numbered(*name_of(entries_[group.front()])));
    sweep();
  }

  // Extensions first in each directory; where sisters have it, the tree above them.
  void extensions() {
    std::map<std::tuple<std::string, Kind>, std::map<std::string, Group>> of_extension;  // extension and kind: directories
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto name = name_of(entries_[i]);
      if (!name || (entries_[i].verbs - looking) != FileVerbs{} || extension_of(name->name).empty()) continue;
      of_extension[{extension_of(name->name), kind_of(entries_[i])}][name->directory].push_back(i);
    }
    for (const auto& [key, directories] : of_extension) {
      std::set<std::string> done;
      if (context_.is_on("G5")) done = sisters(std::get<0>(key), directories);
      for (const auto& [directory, group] : directories)
        if (context_.is_on("G4") && !done.contains(directory) && group.size() >= least_of_extension && is_within_borders(directory))
          replace("G4", group, Pattern().literal(directory + "/").wild("*").literal(std::get<0>(key)).take());
    }
    sweep();
  }

  // A library's version changes with the next update; its stem does not. Only where nobody but root puts libraries.
  void libraries() {
    std::map<std::tuple<std::string, std::string, Kind>, Group> groups;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const auto name = name_of(entries_[i]);
      if (!name || (entries_[i].verbs - of_libraries) != FileVerbs{}) continue;
      const std::size_t end = name->name.find(".so.");
      if (end == name->name.npos || !name->name.starts_with("lib") || is_of_std(name->directory) || !is_roots(name->directory)) continue;
      groups[{name->directory, name->name.substr(0, end), kind_of(entries_[i])}].push_back(i);
    }
    for (const auto& [key, group] : groups)
      if (is_within_borders(std::get<0>(key)))
        replace("G6", group, Pattern().literal(std::get<0>(key) + "/" + std::get<1>(key)).wild("*").literal(".so").wild("*").take());
    sweep();
  }

  // Who may open what lies below has seen that the parent is a directory.
  void parents() {
    std::set<std::string> above;
    for (const FileEntry& entry : entries_) {
      if (entry.verbs == FileVerbs{FileVerb::stat}) continue;
      std::string path;
      for (const sets::Component& component : entry.path.components) {
        above.insert(path.empty() ? "/" : path);
        if (component.kind != sets::Component::Kind::literal) break;
        path += "/" + component.text;
      }
    }
    Group group;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const FileEntry& entry = entries_[i];
      const auto type = context_.facts.find_type(entry.path);
      if (entry.verbs != FileVerbs{FileVerb::stat} || !entry.path.is_literal() || !above.contains(entry.path.literal())) continue;
      if (entry.rewrite.empty() && (!type || *type == FileType::dir)) group.push_back(i);
    }
    if (group.size() < least_parents) return;
    for (const std::size_t i : group) entries_[i].types = {FileType::dir}, entries_[i].owner_self = false, entries_[i].rewrite = "G10";
  }

 private:
  static bool is_of_std(std::string_view directory) {
    return std::ranges::any_of(library_trees, [&](std::string_view tree) { return is_below(directory, tree); });
  }

  bool is_roots(const std::string& directory) const {
    const auto pattern = Pattern().literal(directory).take();
    return pattern && context_.facts.owner_of(*pattern) == Facts::Owner::root;
  }

  // The directories that one pattern now stands for.
  std::set<std::string> sisters(const std::string& extension, const std::map<std::string, Group>& directories) {
    std::map<std::string, std::vector<const std::pair<const std::string, Group>*>> of_parent;
    for (const auto& directory : directories)
      if (const std::size_t slash = directory.first.rfind('/'); slash != std::string::npos && slash > 0)
        of_parent[directory.first.substr(0, slash)].push_back(&directory);
    std::set<std::string> done;
    for (const auto& [parent, sisters] : of_parent) {
      if (sisters.size() < least_sisters || !is_within_borders(parent)) continue;
      Group group;
      bool each_has_enough = true;
      for (const auto* sister : sisters) {
        group.insert(group.end(), sister->second.begin(), sister->second.end());
        each_has_enough = each_has_enough && sister->second.size() >= least_of_extension;
      }
      if (!each_has_enough && group.size() < least_among_sisters) continue;
      if (!replace("G5", group, Pattern().literal(parent).wild("/**/*").literal(extension).take())) continue;
      for (const auto* sister : sisters) done.insert(sister->first);
    }
    return done;
  }

  bool replace(const std::string& id, const Group& group, const std::optional<sets::PathPattern>& path) {
    if (!path || !context_.is_on(id)) return false;
    FileEntry wide = entries_[group.front()];
    wide.path = *path, wide.rewrite = id, wide.names = group.size(), wide.places.clear();
    std::vector<ir::Box> narrow;
    for (const std::size_t i : group) {
      narrow.push_back(box_of(entries_[i]));
      wide.places = joined(std::move(wide.places), entries_[i].places);
    }
    const Added added = context_.prover.added({box_of(wide)}, narrow);
    if (added.is_dangerous) return false;
    context_.log.push_back({id, text_of(wide), group.size(), {box_of(wide)}, std::move(narrow), added.example});
    for (const std::size_t i : group) entries_[i].verbs = {};
    new_.push_back(std::move(wide));
    return true;
  }

  void sweep() {
    std::erase_if(entries_, [](const FileEntry& entry) { return entry.verbs.empty(); });
    std::ranges::move(new_, std::back_inserter(entries_));
    new_.clear();
    std::ranges::stable_sort(entries_, {}, [](const FileEntry& entry) { return std::pair(entry.path, entry.types.bits()); });
  }

  std::vector<FileEntry>& entries_;
  RewriteContext& context_;
  std::vector<FileEntry> new_;
};

}  // namespace

bool is_within_borders(const std::string& directory) {
  if (std::ranges::count(directory, '/') < 2) return false;  // the root, and its children
  if (std::ranges::any_of(closed_trees, [&](std::string_view tree) { return is_below(directory, tree); })) return false;
  return std::ranges::find(shared_directories, directory) == shared_directories.end();
}

void rewrite_files(std::vector<FileEntry>& entries, RewriteContext& context) {
  FileRewriter rewriter(entries, context);
  if (context.is_on("G3")) rewriter.number_runs();
  rewriter.extensions();
  if (context.is_on("G6")) rewriter.libraries();
  if (context.is_on("G10")) rewriter.parents();
}

}  // namespace polc::learn
