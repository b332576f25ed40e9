// Which directories must stay writable when the rest of the system is not: ProtectSystem=strict and ReadWritePaths=. A unit
// knows directories that are there when it starts, so each place stands for the directory that holds it.
#include <algorithm>

#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

/// What needs no quoting in a list of paths, and is no specifier.
bool is_plain(std::string_view path) {
  return std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("/._+@-").find(c) != std::string_view::npos;
  });
}

/// /run/tor for /run/tor/tor.pid and /run/tor/**; empty for the root.
std::string directory_of(const sets::PathPattern& pattern) {
  const std::string fixed = fixed_part(pattern);
  return fixed.substr(0, fixed.rfind('/'));
}

/// /var/spool for /var/spool/in and /var/spool/out; empty: only the root.
std::string common_directory(std::string_view a, std::string_view b) {
  while (!covers(a, b)) a = a.substr(0, a.rfind('/'));
  return std::string(a);
}

class Writable {
 public:
  std::optional<std::vector<std::string>> run(const ir::Policy& policy) {
    for (const ir::Rule& rule : policy.rules)
      if (rule.effect == ir::Effect::allow)
        for (const ir::Box& box : rule.boxes) add(box);
    if (everywhere_) return std::nullopt;
    std::sort(found_.begin(), found_.end());
    std::vector<std::string> outermost;
    for (std::string& one : found_)
      if (std::none_of(outermost.begin(), outermost.end(), [&](const std::string& outer) { return covers(outer, one); }))
        outermost.push_back(std::move(one));
    return outermost;
  }

 private:
  void add(const ir::Box& box) {
    if (const auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && may_change(file->verbs)) add(file->places);
    if (const auto* pair = std::get_if<ir::PairBox>(&box)) add(*pair);
    // Binding a unix socket makes a file. Whoever connects to one writes to it, but that works on a read-only file system, too.
    const auto* net = std::get_if<ir::NetBox>(&box);
    if (net == nullptr || net->family != Family::unix_family || !net->verbs.contains(NetVerb::bind)) return;
    if (net->any_unix_address) everywhere_ = true;
    else add(net->paths);
  }

  // Each directory that is kept writable is a mount of its own, and nothing is renamed or linked from one mount to another: both
  // names must lie below one of them.
  void add(const ir::PairBox& pair) {
    for (const sets::PathPattern& from : pair.from)
      for (const sets::PathPattern& to : pair.to) add_directory(common_directory(directory_of(from), directory_of(to)));
  }

  void add(const std::vector<sets::PathPattern>& places) {
    for (const sets::PathPattern& place : places) add_directory(directory_of(place));
  }

  void add_directory(std::string directory) {
    // ProtectSystem=strict leaves these as they are.
    if (covers("/dev", directory) || covers("/proc", directory) || covers("/sys", directory)) return;
    if (directory.empty() || !is_plain(directory)) everywhere_ = true;
    else found_.push_back(std::move(directory));
  }

  std::vector<std::string> found_;
  bool everywhere_ = false;
};

}  // namespace

std::string fixed_part(const sets::PathPattern& pattern) {
  const std::string text = pattern.text();
  return text.substr(0, text.find_first_of("*?[{\\"));
}

bool may_change(FileVerbs verbs) {
  for (const FileVerb harmless : {FileVerb::read, FileVerb::stat, FileVerb::map, FileVerb::exec, FileVerb::chdir, FileVerb::chroot,
                                  FileVerb::lock, FileVerb::watch, FileVerb::ioctl})
    verbs.remove(harmless);
  return !verbs.empty();
}

std::optional<std::vector<std::string>> writable_directories(const ir::Policy& policy) { return Writable().run(policy); }

}  // namespace polc::systemd
