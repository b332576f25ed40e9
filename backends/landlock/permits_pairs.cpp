// Renames and links. Within one directory they ask for rights on it. From one directory to another they ask for REFER
// on both besides, and nothing may gain rights: for each right, the new place has it not, or the old one has it. So
// each right is a plane.
#include <algorithm>

#include "landlock/permits.hpp"

namespace polc::landlock {
namespace {

constexpr FileTypes directory{FileType::dir};
constexpr FileTypes others = FileTypes::all() - directory;
// Of the planes that a set may have those for rights. Rights that stand on the same paths share one.
constexpr std::size_t most_right_planes = eval::Order::most_planes - Found::first_right_plane;

struct Kind {
  FileVerbs verb;
  FileTypes types;
  Rights leaving, arriving, replacing;  // to be taken away, to be put there, and to be put where something is
};

// Types that are made in the same places are of one kind.
std::vector<Kind> kinds_in(const Walk& walk) {
  constexpr std::pair<FileType, Rights> makes[] = {
      {FileType::file, right::make_reg},     {FileType::socket, right::make_sock},
      {FileType::fifo, right::make_fifo},    {FileType::symlink, right::make_sym},
      {FileType::chardev, right::make_char}, {FileType::blockdev, right::make_block}};
  std::vector<Kind> all{{{FileVerb::rename}, directory, right::remove_dir, right::make_dir, right::remove_dir}};
  for (const auto& [type, make] : makes) {
    const auto is_alike = [&, made = make](const Kind& kind) {
      return kind.types != directory && walk.has_same_places(kind.arriving, made);
    };
    const auto found = std::find_if(all.begin(), all.end(), is_alike);
    if (found != all.end()) found->types.insert(type);
    else all.push_back({{FileVerb::rename}, {type}, right::remove_file, make, right::remove_file});
  }
  for (std::size_t i = 1, count = all.size(); i < count; ++i) {
    all.push_back({{FileVerb::link}, all[i].types, 0, all[i].arriving, 0});
    // No directory has a second name: it goes with files.
    if (all[i].arriving == right::make_reg) all.back().types.insert(FileType::dir);
  }
  return all;
}

class Pairs {
 public:
  Pairs(const Walk& walk, Found& found) : walk_(walk), found_(found) {}

  void run() {
    if (walk_.is_blind()) {
      ir::PairBox all = box({FileVerb::rename, FileVerb::link}, FileTypes::all());
      all.from = all.to = sets::every_path();
      return found_.add(std::move(all), 0);
    }
    const std::vector<Kind> kinds = kinds_in(walk_);
    for (const Kind& kind : kinds) within_directory(kind);
    if (!walk_.asks(right::refer)) return;  // a kernel without REFER, or rules without it, refuse every move
    const Rights handled = walk_.rules().handled.files;
    const std::size_t planes =
        std::max(keep_rights(others, handled & right::on_files), keep_rights(directory, handled));
    for (const Kind& kind : kinds) between_directories(kind);
    std::vector<std::uint8_t> rights;
    for (std::size_t i = 0; i < planes; ++i) rights.push_back(static_cast<std::uint8_t>(Found::first_right_plane + i));
    // What a plane of a right begins with: all that may arrive somewhere, so that there is a line for it.
    for (const eval::Part& part : std::vector(found_.parts))
      for (const std::uint8_t plane : rights)
        if (part.plane == Found::to_plane) found_.add(part.box, part.line, plane);
    for (auto& [formula, to] : {std::pair{&found_.formulas.possible, Found::to_plane},
                                std::pair{&found_.formulas.sure, Found::sure_to_plane}}) {
      formula->push_back({Found::from_plane, to});
      formula->back().insert(formula->back().end(), rights.begin(), rights.end());
    }
  }

 private:
  using Places = std::vector<sets::PathPattern>;

  static ir::PairBox box(FileVerbs verbs, FileTypes types) {
    ir::PairBox box;
    box.verbs = verbs;
    box.types = types;
    return box;
  }

  void add(ir::PairBox box, Places from, Places to, const Grant& grant, std::uint8_t plane) {
    box.from = std::move(from);
    box.to = std::move(to);
    found_.add(std::move(box), grant.line, plane);
  }

  // That two names are in one directory no product of patterns says but for a directory that is known: that of the
  // rule. Of those below it is possible.
  void within_directory(const Kind& kind) {
    const ir::PairBox pair = box(kind.verb, kind.types);
    for (const Grant& one : walk_.trees(kind.leaving | kind.arriving)) {
      const Places all = patterns_of(one);
      if (one.line == 0) {
        add(pair, all, all, one, Found::possible_plane);
        continue;
      }
      sets::PathPattern entry = all.front(), deeper;
      entry.components.pop_back();
      entry.components.push_back({sets::Component::Kind::glob, "*"});
      deeper = entry.with_below();
      add(pair, {entry}, {entry}, one, is_lasting(one) ? Found::main_plane : Found::possible_plane);
      add(pair, {deeper}, {deeper}, one, Found::possible_plane);
    }
  }

  void between_directories(const Kind& kind) {
    const ir::PairBox pair = box(kind.verb, kind.types);
    const Places everywhere = sets::every_path();
    for (const Grant& one : walk_.trees(kind.leaving | right::refer))
      add(pair, patterns_of(one), everywhere, one, Found::from_plane);
    for (const Grant& one : walk_.trees(kind.arriving | right::refer))
      add(pair, everywhere, patterns_of(one), one, Found::to_plane);
    if (kind.types.contains(FileType::dir) && has_too_many_rights_) return;
    for (const Grant& one : walk_.trees(kind.arriving | kind.replacing | right::refer))
      if (is_lasting(one)) add(pair, everywhere, patterns_of(one), one, Found::sure_to_plane);
  }

  /// The number of planes that these rights take. Some may be left out of what is possible, none of what is sure.
  std::size_t keep_rights(FileTypes types, Rights rights) {
    std::vector<std::vector<unsigned>> met;  // the lines of each plane
    for (const knowledge::LandlockRight& one : knowledge::landlock_file_rights()) {
      if ((rights & one.bit) == 0) continue;
      const std::vector<Grant> grants = types == directory ? walk_.trees(one.bit) : walk_.grants(one.bit);
      std::vector<unsigned> lines;
      for (const Grant& grant : grants) lines.push_back(grant.is_tree ? grant.line : ~grant.line);
      if (lines.empty() || std::find(met.begin(), met.end(), lines) != met.end()) continue;
      has_too_many_rights_ |= met.size() == most_right_planes;
      if (has_too_many_rights_) break;
      met.push_back(std::move(lines));
      keep(types, grants, static_cast<std::uint8_t>(Found::first_right_plane + met.size() - 1));
    }
    return met.size();
  }

  void keep(FileTypes types, const std::vector<Grant>& grants, std::uint8_t plane) {
    const auto put = [&](ir::Effect effect, std::uint8_t rank, Places from, Places to, unsigned line) {
      ir::PairBox one = box({FileVerb::rename, FileVerb::link}, types);
      one.from = std::move(from);
      one.to = std::move(to);
      found_.parts.push_back({effect, std::move(one), {}, false, rank, plane, line});
    };
    // What is moved has its own rule besides: that on a directory if it is one, else that on a file.
    for (const Grant& grant : grants) {
      if (grant.is_tree) put(ir::Effect::deny, 1, sets::every_path(), patterns_of(grant), grant.line);
      if (types == directory) put(ir::Effect::allow, 2, whole_tree(grant), sets::every_path(), grant.line);
      else put(ir::Effect::allow, 2, patterns_of(grant), sets::every_path(), grant.line);
    }
  }

  const Walk& walk_;
  Found& found_;
  bool has_too_many_rights_ = false;  // of directories, to be told apart by planes
};

}  // namespace

void permit_pairs(const Walk& walk, Found& found) { Pairs(walk, found).run(); }

}  // namespace polc::landlock
