// Rules of mounts, unix sockets, buses, profiles and limits, drawn from words that fit and words that do not: what the installed parser takes
// is read. (What it refuses may be read: such a rule counts as possible.) POLC_RULES: how many (400).
#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "apparmor/apparmor.hpp"
#include "binary_policy.hpp"

using namespace polc;

namespace {

using Words = std::vector<std::string>;

class Drawer {
 public:
  explicit Drawer(unsigned seed) : random_(seed) {}

  std::string rule() {
    switch (draw(6)) {
      case 0: return mount();
      case 1: return "pivot_root" + one({"", " oldroot=/o/", " oldroot=/o/ oldroot=/p/"}) + one({"", " /n/", " n", " /n/ /o/"}) + one({"", " -> p", " -> \"a b\"", " -> "});
      case 2: return unix();
      case 3: return dbus();
      case 4: return "change_profile" + one({"", " safe", " unsafe"}) + one({"", " /d/a", " \"/d/a\"", " /d/*", " d"}) + one({"", " -> u", " -> u v", " -> :ns:u", " -> {u,v}", " > u"});
      default: return limit();
    }
  }

 private:
  std::size_t draw(std::size_t below) { return random_() % below; }
  std::string one(const Words& words) { return words[draw(words.size())]; }

  std::string list(const Words& words) {
    std::string text = one(words);
    if (draw(3) == 0) return text;
    for (std::size_t more = draw(3); more != 0; --more) text += one({" ", ", "}) + one(words);
    return "(" + text + ")";
  }

  std::string mount() {
    static const Words options{"ro", "rw", "nosuid", "bind", "rbind", "move", "remount", "make-private", "private", "rslave", "unbindable", "noexec", "relatime", "verbose", "acl", "xyz", "B"};
    std::string text = one({"mount", "mount", "umount", "remount"});
    for (std::size_t more = draw(3); more != 0; --more)
      text += draw(2) == 0 ? one({" fstype=", " vfstype="}) + list({"ext4", "xfs", "ext?"}) : one({" options=", " option=", " options in "}) + list(options);
    return text + one({"", " /dev/sda1", " /m/", " tmpfs", " \"\"", " /a/ /b/"}) + one({"", " -> /m/", " -> /n/**", " -> "});
  }

  std::string unix() {
    static const Words accesses{"send", "receive", "bind", "create", "listen", "accept", "connect", "shutdown", "getattr", "setopt", "read", "rw", "w", "rx"};
    std::string text = "unix" + (draw(2) == 0 ? " " + list(accesses) : "");
    for (std::size_t more = draw(3); more != 0; --more) text += one({" type=stream", " type=(dgram)", " type=foo", " protocol=0", " addr=@a", " addr=\"@a b\"", " addr=none", " addr=x", " label=x"});
    return text + one({"", " peer=(label=x)", " peer=(addr=@b)", " peer=(label=x, addr=none)", " peer=()", " peer=x", " peer=(foo=x)"}) + one({"", "", "", " send"});
  }

  std::string dbus() {
    std::string text = "dbus" + (draw(2) == 0 ? " " + list({"send", "receive", "bind", "eavesdrop", "read", "rw", "foo"}) : "");
    for (std::size_t more = draw(3); more != 0; --more) text += one({" bus=system", " bus=x*", " path=/o", " interface=o.i", " member={M,N}", " name=o.n", " label=x"});
    return text + one({"", " peer=(name=o.n)", " peer=(label=x)", " peer=()", " peer=x"});
  }

  std::string limit() {
    return "set rlimit " + one({"cpu", "nofile", "fsize", "stack", "as", "nproc", "memlock", "locks", "msgqueue", "nice", "rtprio", "rttime"}) + one({" <= ", " <= ", " < "}) +
           one({"10", "-5", "0", "infinity", "10K", "5GB", "10 KB", "10KiB", "10s", "10 seconds", "2min", "1hour", "2 days", "10us", "19", "-20", "-21", "x", "5 5"});
  }

  std::mt19937 random_;
};

}  // namespace

int main() {
  if (const std::string why = apparmor::parser_missing(); !why.empty()) return std::printf("SKIPPED: %s\n", why.c_str()), 77;
  const char* const asked = std::getenv("POLC_RULES");
  const unsigned rules = asked != nullptr ? static_cast<unsigned>(std::strtoul(asked, nullptr, 10)) : 400;
  std::size_t taken = 0, refused_by_both = 0, wrong = 0;
  for (unsigned seed = 1; seed <= rules; ++seed) {
    const std::string text = "abi <abi/3.0>,\nprofile t {\n  " + Drawer(seed).rule() + ",\n}\n";
    const bool is_taken = apparmor::run_parser(text, "-M /etc/apparmor.d/abi/3.0 -S").status == 0;
    const auto read = apparmor::backend().read(text, {}, {});
    taken += is_taken;
    refused_by_both += !is_taken && !read;
    if (!is_taken || read) continue;
    ++wrong;
    std::printf("taken by the parser, not read here: %s\n%s", read.error().message.c_str(), text.c_str());
  }
  std::printf("%u rules: %zu taken by the parser, %zu of them not read; %zu refused by both, %zu read here alone\n", rules, taken, wrong, refused_by_both, rules - taken - refused_by_both);
  return wrong == 0 && taken * 5 > rules && refused_by_both * 5 > rules ? 0 : 1;
}
