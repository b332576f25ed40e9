// The operations, with what the kernel asks for each as it was found by trying (Linux 6.1 and 6.18), and the accesses
// of the language.
#include "operations.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "landlock/anchors.hpp"

namespace polc::landlock::live {
namespace {

using ir::Point;

Point file(FileVerb verb, const std::string& path, FileType type) {
  return ir::FilePoint{verb, path, type, {}, 0, 0, {}};
}
Point pair(FileVerb verb, const std::string& from, const std::string& to, FileType type) {
  return ir::PairPoint{verb, from, to, type, {}};
}

int result(long returned) { return returned < 0 ? errno : 0; }

int opened(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC, 0644);
  return result(descriptor);
}

class List {
 public:
  List(const Tree& tree, const Outside& outside, bool with_devices)
      : tree_(tree), outside_(outside), with_devices_(with_devices) {}

  std::vector<Operation> run() {
    reading();
    making();
    removing();
    moving();
    sockets();
    rest();
    return std::move(all_);
  }

 private:
  std::string at(const char* path) const { return tree_.root + path; }

  Operation& add(std::string name, std::vector<Point> accesses, std::vector<Need> needs, std::function<int()> run) {
    Operation one;
    one.name = std::move(name);
    one.accesses = std::move(accesses);
    one.needs = std::move(needs);
    one.run = std::move(run);
    all_.push_back(std::move(one));
    return all_.back();
  }

  void reading() {
    for (const char* name : {"/f", "/a/f", "/a/b/f", "/a/b/c/f", "/d/e/f"}) {
      const std::string path = at(name);
      add("read " + path, {file(FileVerb::read, path, FileType::file)}, {{path, false, right::read_file}},
          [=] { return opened(path, O_RDONLY); });
      add("write " + path, {file(FileVerb::write, path, FileType::file)}, {{path, false, right::write_file}},
          [=] { return opened(path, O_WRONLY); });
      add("append " + path, {file(FileVerb::append, path, FileType::file)}, {{path, false, right::write_file}},
          [=] { return opened(path, O_WRONLY | O_APPEND); });
      add("truncate " + path, {file(FileVerb::truncate, path, FileType::file)}, {{path, false, right::truncate}},
          [=] { return result(truncate(path.c_str(), 0)); });
      add("open " + path + " and truncate",
          {file(FileVerb::write, path, FileType::file), file(FileVerb::truncate, path, FileType::file)},
          {{path, false, right::write_file | right::truncate}}, [=] { return opened(path, O_WRONLY | O_TRUNC); });
    }
    for (const std::string& path : tree_.directories)
      add("list " + path, {file(FileVerb::read, path, FileType::dir)}, {{path, true, right::read_dir}},
          [=] { return opened(path, O_RDONLY | O_DIRECTORY); });
    const std::string run = at("/a/run");
    add("exec " + run, {file(FileVerb::exec, run, FileType::file)}, {{run, false, right::execute | right::read_file}},
        [=] {
          char* const arguments[] = {const_cast<char*>("run"), nullptr};
          execv(run.c_str(), arguments);
          return errno;
        });
    const std::string fifo = at("/d/fifo");
    add("read " + fifo, {file(FileVerb::read, fifo, FileType::fifo)}, {{fifo, false, right::read_file}},
        [=] { return opened(fifo, O_RDONLY | O_NONBLOCK); });
    if (!with_devices_) return;
    // O_TRUNC takes nothing from a device.
    const std::string device = at("/d/dev");
    add("truncate " + device, {file(FileVerb::write, device, FileType::chardev)}, {{device, false, right::write_file}},
        [=] { return opened(device, O_WRONLY | O_TRUNC); });
    add("ioctl " + device,
        {file(FileVerb::read, device, FileType::chardev), file(FileVerb::ioctl, device, FileType::chardev)},
        {{device, false, right::read_file | right::ioctl_dev}}, [=] {
          const int descriptor = open(device.c_str(), O_RDONLY | O_CLOEXEC);
          termios terminal;
          if (descriptor < 0 || ioctl(descriptor, TCGETS, &terminal) == 0) return errno;
          return errno == ENOTTY ? 0 : errno;
        });
  }

  void making() {
    const struct {
      const char* name;
      FileType type;
      Rights right;
      mode_t mode;
    } kinds[] = {{"file", FileType::file, right::make_reg, S_IFREG},
                 {"fifo", FileType::fifo, right::make_fifo, S_IFIFO},
                 {"socket", FileType::socket, right::make_sock, S_IFSOCK},
                 {"chardev", FileType::chardev, right::make_char, S_IFCHR}};
    for (const char* directory : {"/a", "/a/b", "/d/empty"}) {
      const std::string in = at(directory), path = in + "/new";
      for (const auto& kind : kinds) {
        if (kind.type == FileType::chardev && !with_devices_) continue;
        add("make " + std::string(kind.name) + " " + path, {file(FileVerb::create, path, kind.type)},
            {{in, true, kind.right}},
            [path, mode = kind.mode] { return result(mknod(path.c_str(), mode | 0644, makedev(1, 3))); });
      }
      add("make dir " + path, {file(FileVerb::create, path, FileType::dir)}, {{in, true, right::make_dir}},
          [=] { return result(mkdir(path.c_str(), 0755)); });
      add("make symlink " + path, {file(FileVerb::create, path, FileType::symlink)}, {{in, true, right::make_sym}},
          [=] { return result(symlink("f", path.c_str())); });
      add("create and write " + path,
          {file(FileVerb::create, path, FileType::file), file(FileVerb::write, path, FileType::file)},
          {{in, true, right::make_reg}, {path, false, right::write_file}},
          [=] { return opened(path, O_WRONLY | O_CREAT | O_EXCL); });
    }
  }

  void removing() {
    for (const char* name : {"/a/f", "/a/b/c/f", "/d/e/f"}) {
      const std::string path = at(name);
      add("unlink " + path, {file(FileVerb::remove, path, FileType::file)},
          {{parent_of(path), true, right::remove_file}}, [=] { return result(unlink(path.c_str())); });
    }
    for (const char* name : {"/a/empty", "/d/empty"}) {
      const std::string path = at(name);
      add("rmdir " + path, {file(FileVerb::remove, path, FileType::dir)}, {{parent_of(path), true, right::remove_dir}},
          [=] { return result(rmdir(path.c_str())); });
    }
  }

  void moving() {
    const struct {
      const char *from, *to;
      bool is_dir, replaces;
    } moves[] = {
        {"/a/f", "/a/new", false, false},      {"/a/f", "/a/g", false, true},       {"/a/f", "/a/b/new", false, false},
        {"/a/b/f", "/a/new", false, false},    {"/a/b/c/f", "/d/e/f", false, true}, {"/f", "/a/b/c/new", false, false},
        {"/d/f", "/a/new", false, false},      {"/a/empty", "/a/new", true, false}, {"/a/empty", "/d/new", true, false},
        {"/d/empty", "/a/b/new", true, false}, {"/a/b", "/d/e/new", true, false}};
    for (const auto& [old_name, new_name, is_dir, replaces] : moves) {
      const std::string from = at(old_name), to = at(new_name);
      const FileType type = is_dir ? FileType::dir : FileType::file;
      add("rename " + from + " to " + to, {pair(FileVerb::rename, from, to, type)},
          {{parent_of(from), true, is_dir ? right::remove_dir : right::remove_file},
           {parent_of(to), true,
            (is_dir ? right::make_dir : right::make_reg) | (replaces ? right::remove_file : Rights{0})}},
          [=] { return result(rename(from.c_str(), to.c_str())); })
          .moves = {{from, to, is_dir, replaces}};
      if (is_dir || replaces) continue;
      add("link " + from + " to " + to, {pair(FileVerb::link, from, to, type)},
          {{parent_of(to), true, right::make_reg}}, [=] { return result(link(from.c_str(), to.c_str())); })
          .moves = {{from, to, false, false}};
    }
  }

  static int bound(int family, std::uint16_t port) {
    const int socket_of = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    const socklen_t size = fill(address, family, port);
    return result(bind(socket_of, reinterpret_cast<const sockaddr*>(&address), size));
  }

  // Nobody listens there, which is told only to who may connect.
  static int connected(int family, std::uint16_t port) {
    const int socket_of = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    const socklen_t size = fill(address, family, port);
    const int error = result(connect(socket_of, reinterpret_cast<const sockaddr*>(&address), size));
    return error == ECONNREFUSED ? 0 : error;
  }

  static socklen_t fill(sockaddr_in6& address, int family, std::uint16_t port) {
    if (family == AF_INET6) {
      address.sin6_family = AF_INET6;
      address.sin6_port = htons(port);
      address.sin6_addr = in6addr_loopback;
      return sizeof address;
    }
    auto& four = reinterpret_cast<sockaddr_in&>(address);
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof four;
  }

  void sockets() {
    for (const std::uint16_t port : {std::uint16_t{19801}, std::uint16_t{19802}, std::uint16_t{19805}})
      for (const int family : {AF_INET, AF_INET6}) {
        ir::NetPoint point{NetVerb::bind,
                           family == AF_INET ? Family::inet : Family::inet6,
                           SocketType::stream,
                           6,
                           INADDR_LOOPBACK,
                           1,
                           port,
                           {}};
        const std::string where = std::string(family == AF_INET ? "127.0.0.1:" : "[::1]:") + std::to_string(port);
        Operation& bind_it = add("bind tcp " + where, {point}, {}, [=] { return bound(family, port); });
        bind_it.port_right = right::bind_tcp;
        bind_it.port = port;
        point.verb = NetVerb::connect;
        Operation& connect_it = add("connect tcp " + where, {point}, {}, [=] { return connected(family, port); });
        connect_it.port_right = right::connect_tcp;
        connect_it.port = port;
      }
    const std::string path = at("/d/new");
    ir::NetPoint point{
        NetVerb::bind, Family::unix_family, SocketType::stream, 0, 0, 0, 0, {ir::UnixAddress::Kind::path, path}};
    add("bind unix " + path, {point}, {{at("/d"), true, right::make_sock}}, [=] {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
      return result(bind(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<const sockaddr*>(&address),
                         sizeof address));
    });
    point.verb = NetVerb::connect;
    point.unix_address = {ir::UnixAddress::Kind::abstract, outside_.abstract_name};
    Operation& reach = add("connect unix @" + outside_.abstract_name, {point}, {}, [name = outside_.abstract_name] {
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::memcpy(address.sun_path + 1, name.data(), name.size());
      const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
      return result(
          connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), reinterpret_cast<const sockaddr*>(&address), size));
    });
    reach.scope = right::abstract_unix_socket;
    reach.refusal = EPERM;
  }

  void rest() {
    Operation& tell =
        add("signal to a process outside", {ir::PeerPoint{ir::PeerKind::signal, SIGURG, {ir::Peer::Kind::other, {}}}},
            {}, [process = outside_.process] { return result(kill(process, SIGURG)); });
    tell.scope = right::signal;
    tell.refusal = EPERM;
    add("signal to itself", {ir::PeerPoint{ir::PeerKind::signal, SIGURG, {ir::Peer::Kind::self, {}}}}, {},
        [] { return result(kill(getpid(), SIGURG)); });
    const std::string path = at("/a/b/f"), directory = at("/d/e");
    add("chmod " + path, {file(FileVerb::chmod, path, FileType::file)}, {},
        [=] { return result(chmod(path.c_str(), 0600)); });
    add("stat " + path, {file(FileVerb::stat, path, FileType::file)}, {}, [=] {
      struct stat found;
      return result(stat(path.c_str(), &found));
    });
    add("chdir " + directory, {file(FileVerb::chdir, directory, FileType::dir)}, {},
        [=] { return result(chdir(directory.c_str())); });
  }

  const Tree& tree_;
  const Outside& outside_;
  bool with_devices_;
  std::vector<Operation> all_;
};

}  // namespace

std::vector<Operation> operations_on(const Tree& tree, const Outside& outside, bool with_devices) {
  return List(tree, outside, with_devices).run();
}

}  // namespace polc::landlock::live
