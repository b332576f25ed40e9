// Accesses to one file or directory.
#include <algorithm>
#include <array>

#include "knowledge/names.hpp"
#include "landlock/anchors.hpp"
#include "landlock/loaders.hpp"
#include "landlock/options.hpp"
#include "landlock/permits.hpp"

namespace polc::landlock {
namespace {

constexpr FileTypes directory{FileType::dir}, devices{FileType::chardev, FileType::blockdev};
constexpr FileVerbs never_asked{FileVerb::stat,  FileVerb::chmod,  FileVerb::chown, FileVerb::utime, FileVerb::xattr,
                                FileVerb::chdir, FileVerb::chroot, FileVerb::map,   FileVerb::lock,  FileVerb::watch};

struct Made {
  FileType type;
  Rights right;
};
constexpr std::array made{Made{FileType::file, right::make_reg},      Made{FileType::dir, right::make_dir},
                          Made{FileType::socket, right::make_sock},   Made{FileType::fifo, right::make_fifo},
                          Made{FileType::symlink, right::make_sym},   Made{FileType::chardev, right::make_char},
                          Made{FileType::blockdev, right::make_block}};

// What a device answers to without IOCTL_DEV: is_masked_device_ioctl of security/landlock/fs.c.
sets::NumberSet harmless_requests(Arch arch) {
  constexpr std::string_view names[] = {"FIOCLEX",  "FIONCLEX", "FIONBIO", "FIOASYNC",     "FIGETBSZ",
                                        "FIFREEZE", "FITHAW",   "FICLONE", "FICLONERANGE", "FIDEDUPERANGE"};
  // FS_IOC_FIEMAP, FS_IOC_GETFSUUID, FS_IOC_GETFSSYSFSPATH: where requests have their direction in the upper two bits,
  // and in three.
  const bool has_three = arch == Arch::mips64 || arch == Arch::ppc64le;
  sets::NumberSet all;
  for (const std::uint32_t request : has_three ? std::array{0xC020660Bu, 0x40111500u, 0x40811501u}
                                               : std::array{0xC020660Bu, 0x80111500u, 0x80811501u})
    all = all | sets::NumberSet::of(request);
  for (const std::string_view name : names)
    if (const auto request = knowledge::find_constant(Os::linux_os, arch, name))
      all = all | sets::NumberSet::of(static_cast<std::uint32_t>(*request));
  return all;
}

// ld-linux-x86-64.so.2, ld-musl-x86_64.so.1, ld64.so.2, ld.so.1
bool has_name_of_loader(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.find(".so") != std::string_view::npos &&
         (name.starts_with("ld-") || name.starts_with("ld.") || name.starts_with("ld64."));
}

class Files {
 public:
  Files(const Walk& walk, const Document& document, const ir::Configuration& configuration,
        const target::Settings& settings, Found& found)
      : walk_(walk), document_(document), configuration_(configuration), settings_(settings), found_(found) {}

  void run() {
    add(box(never_asked, FileTypes::all()), {"/", true, 0});
    reading();
    // What is no file for the verb, a directory that is written to, say, is told by nobody: it goes with the rest.
    grant(right::write_file, box({FileVerb::write, FileVerb::append}, FileTypes::all()));
    grant(right::truncate, box({FileVerb::truncate}, FileTypes::all()));
    for (const Made& one : made) grant_entries(one.right, box({FileVerb::create}, {one.type}));
    grant_entries(right::remove_dir, box({FileVerb::remove}, directory));
    grant_entries(right::remove_file, box({FileVerb::remove}, FileTypes::all() - directory));
    device_control();
    executing();
  }

 private:
  static ir::FileBox box(FileVerbs verbs, FileTypes types) {
    ir::FileBox box;
    box.verbs = verbs;
    box.types = types;
    box.successors.clear();
    return box;
  }

  void add(ir::FileBox box, const Grant& grant) {
    box.places = patterns_of(grant);
    add_at(std::move(box), grant);
  }

  void add_at(ir::FileBox box, const Grant& grant) {
    found_.add(std::move(box), grant.line, is_lasting(grant) ? Found::main_plane : Found::possible_plane);
  }

  void grant(Rights needed, const ir::FileBox& box) {
    for (const Grant& one : walk_.grants(needed)) add(box, one);
  }

  // Rights on the directory in which it is an entry.
  void grant_entries(Rights needed, const ir::FileBox& box) {
    for (const Grant& one : walk_.trees(needed)) add(box, one);
  }

  void reading() {
    grant(right::read_file, box({FileVerb::read}, FileTypes::all() - directory));
    ir::FileBox listing = box({FileVerb::read}, directory);
    for (const Grant& one : walk_.trees(right::read_dir)) {
      listing.places = whole_tree(one);
      add_at(listing, one);
    }
    if (!document_.asks_type) names_without_type(listing);
  }

  // A tool cannot ask whether a path is a directory, and READ_DIR on a file is an error: a rule without rights of
  // directories counts as one on a file. README.md says so, and that a directory there cannot be listed.
  void names_without_type(ir::FileBox listing) {
    for (const Grant& one : walk_.grants(right::read_file)) {
      if (one.is_tree || walk_.has_below(one.path)) continue;
      listing.places = patterns_of(one);
      add_at(listing, one);
    }
  }

  void device_control() {
    add(box({FileVerb::ioctl}, FileTypes::all() - devices), {"/", true, 0});
    ir::FileBox harmless = box({FileVerb::ioctl}, devices);
    harmless.requests = harmless_requests(configuration_.arch);
    if (walk_.asks(right::ioctl_dev)) add(std::move(harmless), {"/", true, 0});
    grant(right::ioctl_dev, box({FileVerb::ioctl}, devices));
  }

  // The kernel reads what it executes. Whoever may execute the loader may have it run whatever may be read.
  void executing() {
    unsigned loading = 0;
    for (const Grant& one : walk_.grants(right::execute | right::read_file)) {
      exec(one, is_lasting(one));
      if (one.line != 0 && loading == 0 && holds_loader(one)) loading = one.line;
    }
    if (loading != 0)
      for (Grant readable : walk_.grants(right::read_file)) {
        readable.line = loading;
        exec(readable, false);
      }
    if (settings_.losing.empty()) return;
    ir::FileBox elsewhere = box({FileVerb::exec}, FileTypes::all());
    elsewhere.places = sets::every_path();
    elsewhere.successors = settings_.losing;
    found_.parts.push_back({ir::Effect::deny, std::move(elsewhere), {}});
  }

  bool holds_loader(const Grant& grant) const {
    if (!grant.is_tree) return has_name_of_loader(grant.path) || grant.path == own_loader();
    const auto loaders = usual_loaders(configuration_.arch);
    return std::any_of(loaders.begin(), loaders.end(),
                       [&](std::string_view loader) { return is_within(loader, grant.path); }) ||
           (!own_loader().empty() && is_within(own_loader(), grant.path));
  }

  const std::string& own_loader() const { return settings_.options.as<Options>().loader; }

  // What is executed stays under the rules: an exec that should lead elsewhere is possible, and does not surely lead
  // there.
  void exec(const Grant& grant, bool is_sure) {
    ir::FileBox all = box({FileVerb::exec}, FileTypes::all());
    all.places = patterns_of(grant);
    if (is_sure) found_.add(all, grant.line);
    if (!is_sure || !settings_.losing.empty()) found_.add(std::move(all), grant.line, Found::possible_plane);
  }

  const Walk& walk_;
  const Document& document_;
  const ir::Configuration& configuration_;
  const target::Settings& settings_;
  Found& found_;
};

}  // namespace

void permit_files(const Walk& walk, const Document& document, const ir::Configuration& configuration,
                  const target::Settings& settings, Found& found) {
  Files(walk, document, configuration, settings, found).run();
}

}  // namespace polc::landlock
