#include "binary_policy.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "knowledge/calls.hpp"

namespace polc::apparmor {
namespace {

// ---- numbers in the stream (little-endian) and in automata (big-endian)

std::uint64_t little(std::string_view bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width && at + i < bytes.size(); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return value;
}
std::uint32_t big(std::string_view bytes, std::size_t at, unsigned width) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < width && at + i < bytes.size(); ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// The stream's typed items, one after the other (kernel: security/apparmor/policy_unpack.c).
struct Item {
  enum Code : std::uint8_t {
    u8,
    u16,
    u32,
    u64,
    name,
    string,
    blob,
    structure,
    structure_end,
    list,
    list_end,
    array,
    array_end
  };
  Code code{};
  std::uint64_t number = 0;
  std::string_view bytes;
};

class Items {
 public:
  explicit Items(std::string_view stream) : stream_(stream) {}
  /// The next profile begins here: what is aligned is so from its beginning on.
  void begin_profile() { origin_ = at_; }
  std::optional<Item> next() {
    if (at_ >= stream_.size()) return std::nullopt;
    Item item{static_cast<Item::Code>(stream_[at_++]), 0, {}};
    switch (item.code) {
      case Item::u8: return number(item, 1);
      case Item::u16: return number(item, 2);
      case Item::u32: return number(item, 4);
      case Item::u64: return number(item, 8);
      case Item::array: return number(item, 2);
      case Item::name:
      case Item::string: {
        const std::size_t length = little(stream_, at_, 2);
        return bytes(item, at_ + 2, length, 1);  // the last byte is NUL
      }
      case Item::blob: {
        const std::size_t end =
            at_ + 4 + little(stream_, at_, 4);  // what is added so that the content is aligned counts too
        const std::size_t begin = origin_ + (at_ - origin_ + 4 + 7) / 8 * 8;
        return end < begin ? std::nullopt : bytes(item, begin, end - begin, 0);
      }
      case Item::structure:
      case Item::structure_end:
      case Item::list:
      case Item::list_end:
      case Item::array_end: return item;
    }
    return std::nullopt;
  }

 private:
  std::optional<Item> number(Item item, unsigned width) {
    item.number = little(stream_, at_, width);
    at_ += width;
    return item;
  }
  std::optional<Item> bytes(Item item, std::size_t begin, std::size_t length, std::size_t dropped) {
    if (begin + length > stream_.size() || length < dropped) return std::nullopt;
    item.bytes = stream_.substr(begin, length - dropped);
    at_ = begin + length;
    return item;
  }
  std::string_view stream_;
  std::size_t at_ = 0, origin_ = 0;
};

// Old file permissions, 14 bits a half: the owner's below, everybody's above.
constexpr std::uint32_t exec = 1, write = 2, read = 4, append = 8, link = 0x10, lock = 0x20, map = 0x40,
                        unconfined = 0x80, inherit = 0x200;
constexpr std::uint32_t link_subset = lock;  // in the second half of a pair of names
constexpr std::uint32_t half = (1u << 14) - 1;

std::string two_bytes(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)}; }

std::string object_name(const std::string& path, FileType type) {
  return type == FileType::dir && path != "/" ? path + "/" : path;
}

}  // namespace

// ---- the automaton

std::optional<Automaton> Automaton::decode(std::string_view blob) {
  if (blob.size() < 16 || big(blob, 0, 4) != 0x1B5E783D) return std::nullopt;
  Automaton out;
  for (std::size_t at = big(blob, 4, 4); at + 12 <= blob.size();) {
    const unsigned id = big(blob, at, 2), width = big(blob, at + 2, 2);
    const std::size_t count = big(blob, at + 8, 4);
    if ((width != 1 && width != 2 && width != 4) || at + 12 + count * width > blob.size()) return std::nullopt;
    std::vector<std::uint32_t> table;
    for (std::size_t i = 0; i < count; ++i) table.push_back(big(blob, at + 12 + i * width, width));
    at = (at + 12 + count * width + 7) / 8 * 8;
    switch (id) {
      case 1: out.accept_ = std::move(table); break;
      case 2: out.base_ = std::move(table); break;
      case 3: out.check_ = std::move(table); break;
      case 4: out.default_ = std::move(table); break;
      case 5: out.classes_ = std::move(table); break;
      case 8: out.next_ = std::move(table); break;
      default: break;
    }
  }
  const bool whole =
      !out.base_.empty() && out.default_.size() == out.base_.size() && out.next_.size() == out.check_.size();
  return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::uint32_t Automaton::step(std::uint32_t state, std::uint8_t byte) const {
  const std::uint32_t symbol = classes_.empty() ? byte : classes_[byte];
  constexpr std::uint32_t goes_on = 1u << 31;  // the default state is asked with the same byte
  for (std::uint32_t from = state;;) {
    const std::size_t slot = (base_[from] & 0xFFFFFFu) + symbol;
    if (slot < check_.size() && check_[slot] == from) return next_[slot];
    const bool again = (base_[from] & goes_on) != 0;
    from = default_[from];
    if (!again) return from;
  }
}

std::uint32_t Automaton::walk(std::uint32_t state, std::string_view bytes) const {
  for (const char c : bytes) {
    if (state == 0) return 0;
    state = step(state, static_cast<std::uint8_t>(c));
  }
  return state;
}

// ---- the profile

std::optional<BinaryPolicy> BinaryPolicy::decode(std::string_view stream) {
  std::vector<BinaryPolicy> all = decode_all(stream);
  return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::vector<BinaryPolicy> BinaryPolicy::decode_all(std::string_view stream) {
  std::vector<BinaryPolicy> all;
  BinaryPolicy out;
  Items items(stream);
  std::vector<std::string> inside;  // the names of the open structures
  std::string name;
  bool after_flags = false;
  unsigned plain = 0, high = 0;  // numbers without a name so far: the capabilities' low and high halves
  while (auto item = items.next()) {
    if (item->code == Item::name) {
      name = item->bytes;
      continue;
    }
    const bool top = inside.size() == 1;
    if (item->code == Item::structure) inside.push_back(name);
    if (item->code == Item::structure_end) {
      if (inside.empty()) return {};
      after_flags |= inside.back() == "flags";
      inside.pop_back();
      if (inside.empty()) {
        if (!after_flags) return {};
        all.push_back(std::exchange(out, {}));
        items.begin_profile();
        after_flags = false;
        plain = high = 0;
      }
    }
    if (item->code == Item::u32 && top && after_flags && name.empty() && plain++ == 0)
      out.capabilities_ |= item->number;
    if (item->code == Item::u32 && !inside.empty() && inside.back() == "caps64" && high++ == 0)
      out.capabilities_ |= item->number << 32;
    if (item->code == Item::string && !inside.empty() && inside.back() == "xtable")
      out.targets_.emplace_back(item->bytes);
    if (item->code == Item::blob && name == "aadfa" && after_flags) {
      auto automaton = Automaton::decode(item->bytes);
      if (!automaton) return {};
      (top ? out.files_ : out.rest_) = std::move(automaton);
    }
    name.clear();
  }
  return all;
}

std::uint32_t BinaryPolicy::at(const std::string& name, bool owner) const {
  if (!files_) return 0;
  const std::uint32_t accept = files_->accept(files_->walk(1, name));
  return (owner ? accept : accept >> 14) & half;
}

std::optional<bool> BinaryPolicy::permits_file(const ir::FilePoint& p) const {
  const std::uint32_t here = at(object_name(p.path, p.type), p.owner.self);
  switch (p.verb) {
    case FileVerb::read:
      return p.type == FileType::symlink && p.path != "/" ? std::nullopt : std::optional((here & read) != 0);
    case FileVerb::write:
    case FileVerb::create:
    case FileVerb::remove:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown: return (here & write) != 0;
    case FileVerb::append: return (here & append) != 0;
    case FileVerb::map: return (here & map) != 0;
    case FileVerb::lock: return (here & lock) != 0;
    case FileVerb::exec: break;
    default: return std::nullopt;
  }
  if ((here & exec) == 0) return false;
  const std::uint32_t index = here >> 10 & 15u;
  // The system's other profiles decide: which one is meant by no name, and what is to be done where there is none.
  const bool is_open = index == 2 || index == 3, falls_back = index >= 2 && (here & (inherit | unconfined)) != 0;
  if (p.successor.kind == ir::Successor::Kind::policy ? is_open : falls_back) return std::nullopt;
  switch (p.successor.kind) {
    case ir::Successor::Kind::same: return index == 0 && (here & inherit) != 0;
    case ir::Successor::Kind::unconfined: return index == 1;
    case ir::Successor::Kind::policy:
      return index >= 4 && index - 4 < targets_.size() && targets_[index - 4] == p.successor.policy;
  }
  return false;
}

bool BinaryPolicy::permits_pair(const ir::PairPoint& p) const {
  if (p.verb == FileVerb::rename) {
    const std::uint32_t from = at(object_name(p.from, p.type), p.owner.self),
                        to = at(object_name(p.to, p.type), p.owner.self);
    return (from & (read | write)) == (read | write) && (to & write) != 0;
  }
  if (!files_) return false;
  const auto owned = [&](std::uint32_t accept) { return (p.owner.self ? accept : accept >> 14) & half; };
  const std::uint32_t name = files_->walk(1, p.to);
  const std::uint32_t pair = files_->walk(files_->walk(name, std::string_view("\0", 1)), p.from);
  const std::uint32_t first = owned(files_->accept(name)), second = owned(files_->accept(pair));
  if ((first & second & link) == 0) return false;
  if ((second & link_subset) == 0) return true;
  return (first & ~link & ~at(p.from, p.owner.self) & 0x7F) == 0;
}

bool BinaryPolicy::permits_socket(unsigned domain, unsigned type) const {
  if (!rest_) return true;
  const std::uint32_t klass = rest_->walk(1, "\x0e");
  if (klass == 0) return true;  // not mediated
  const std::uint32_t here = rest_->walk(klass, two_bytes(domain) + two_bytes(type));
  // Rules about unix sockets go on with the protocol; 0x10 is create.
  return rest_->accept(here) != 0 || (rest_->accept(rest_->walk(here, two_bytes(0))) & 0x10) != 0;
}

bool BinaryPolicy::permits_peer(const ir::PeerPoint& p, const std::string& label) const {
  if (!rest_) return true;
  if (p.kind == ir::PeerKind::ptrace) {
    const std::uint32_t wanted = p.what == 0 ? 4 : 2;  // read, trace
    return (rest_->accept(rest_->walk(1, "\x09" + label)) & wanted) != 0;
  }
  // Signal 0 is 35, those from 32 on are counted from 128, the rest have their own numbers (sig_names.h).
  const auto number = static_cast<char>(p.what == 0 ? 35 : p.what < 32 ? p.what : 128 + p.what - 32);
  return (rest_->accept(rest_->walk(1, std::string("\x0a") + number + label)) & 2u) != 0;
}

std::optional<bool> BinaryPolicy::permits_call(const ir::CallPoint& p) const {
  const std::string_view name = knowledge::call_of(Os::linux_os, p.call).name;
  const auto mounts = [&](std::string_view text, std::uint32_t wanted) {
    return rest_ && (rest_->accept(rest_->walk(1, text)) & wanted) != 0;
  };
  using namespace std::string_view_literals;
  if (name == "mount") return mounts("\x07/m\0/d\0ext4\0\1"sv, 2);
  if (name == "umount" || name == "umount2") return mounts("\x07/m", 4);
  if (name == "pivot_root") return mounts("\x07/m\0/o"sv, 1);
  const std::uint64_t type = p.arguments[1] & 0xFFFF'FFFFu & ~std::uint64_t{0x80800};
  // No protocol has types without a name: there is no such socket, whatever a profile says.
  const bool is_unix = (p.arguments[0] & 0xFFFF'FFFFu) == 1;
  const bool exists =
      is_unix ? type == 1 || type == 2 || type == 3 || type == 5 : (type >= 1 && type <= 6) || type == 10;
  if (name != "socket" || (p.arguments[0] & 0xFFFF'FFFFu) > 44 || !exists) return std::nullopt;
  return permits_socket(static_cast<unsigned>(p.arguments[0] & 0xFFFF'FFFFu), static_cast<unsigned>(type));
}

std::optional<bool> BinaryPolicy::permits(const ir::Point& point, const std::string& profile) const {
  if (const auto* file = std::get_if<ir::FilePoint>(&point)) return permits_file(*file);
  if (const auto* pair = std::get_if<ir::PairPoint>(&point)) return permits_pair(*pair);
  if (const auto* call = std::get_if<ir::CallPoint>(&point)) return permits_call(*call);
  if (const auto* capability = std::get_if<ir::CapabilityPoint>(&point))
    return (capabilities_ >> capability->capability & 1u) != 0;
  if (const auto* net = std::get_if<ir::NetPoint>(&point)) {
    constexpr unsigned domains[] = {2, 10, 1, 16, 17}, types[] = {1, 2, 5, 3};
    const unsigned type = types[static_cast<std::size_t>(net->type)];
    if (net->family != Family::other) return permits_socket(domains[static_cast<std::size_t>(net->family)], type);
    for (unsigned domain = 0; domain < 46; ++domain)  // any family without a word of its own
      if (std::find(std::begin(domains), std::end(domains), domain) == std::end(domains) &&
          permits_socket(domain, type))
        return true;
    return false;
  }
  if (const auto* peer = std::get_if<ir::PeerPoint>(&point)) {
    if (peer->peer.kind == ir::Peer::Kind::other) return permits_peer(*peer, "some-other-profile");
    return permits_peer(
        *peer, peer->peer.kind == ir::Peer::Kind::policy && peer->peer.policy != profile ? peer->peer.policy : profile);
  }
  return std::nullopt;  // accounts: the capability is asked for, not the account
}

// ---- the parser

ParserRun run_parser(const std::string& profile, const std::string& options) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("polc-apparmor-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "profile", std::ios::binary) << profile;
  const std::string at = "'" + folder.string() + "/";
  const std::string command =
      "timeout 60 apparmor_parser -Q -K " + options + " " + at + "profile' > " + at + "binary' 2> " + at + "messages'";
  ParserRun run;
  run.status = std::system(command.c_str());
  const auto content = [&](const char* name) {
    std::ostringstream out;
    out << std::ifstream(folder / name, std::ios::binary).rdbuf();
    return out.str();
  };
  run.output = content("binary");
  std::istringstream lines(content("messages"));
  for (std::string line; std::getline(lines, line);)
    if (line.find("Cache read/write disabled") == std::string::npos) run.messages += line + '\n';
  fs::remove_all(folder);
  return run;
}

std::string parser_missing() {
  if (std::system("command -v apparmor_parser > /dev/null 2>&1") != 0) return "there is no apparmor_parser";
  if (!std::filesystem::exists("/etc/apparmor.d/abi/3.0")) return "there is no /etc/apparmor.d/abi/3.0";
  return "";
}

}  // namespace polc::apparmor
