// probe PROFILE, inside the virtual machine of scripts/test-vm, linked statically. Reads lines "NUMBER OPERATION ARGUMENTS",
// makes the files that they need, does each under the profile and prints "NUMBER permitted" or "NUMBER refused" (EACCES,
// EPERM), else "NUMBER error WHY".
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

int status_of(long result) { return result < 0 ? errno : 0; }

int opened(const std::string& path, int flags, const std::function<int(int)>& then) {
  const int file = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  const int status = then(file);
  close(file);
  return status;
}
int opened(const std::string& path, int flags) {
  return opened(path, flags, [](int) { return 0; });
}

int at_socket(const std::string& path, int (*use)(int, const sockaddr*, socklen_t)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return errno;
  const int status = status_of(use(file, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  close(file);
  return status;
}

/// In a child, so that what it changes is gone afterwards.
int in_child(const std::function<int()>& act) {
  const pid_t child = fork();
  if (child == 0) _exit(act());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

int mapped(const std::string& path) {
  return opened(path, O_RDONLY, [](int file) {
    return mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED ? errno : 0;
  });
}

int null_file = -1;  // opened before the profile is entered

int executed(const std::string& path) {
  return in_child([&] {
    dup2(null_file, STDOUT_FILENO);
    execl(path.c_str(), path.c_str(), static_cast<char*>(nullptr));
    return errno;
  });
}

using Words = std::vector<std::string>;
const std::map<std::string, std::function<int(const Words&)>> operations{
    {"read", [](const Words& w) { return opened(w[0], O_RDONLY); }},
    {"list", [](const Words& w) { return opened(w[0], O_RDONLY | O_DIRECTORY); }},
    {"write", [](const Words& w) { return opened(w[0], O_WRONLY); }},
    {"append", [](const Words& w) { return opened(w[0], O_WRONLY | O_APPEND); }},
    {"truncate", [](const Words& w) { return status_of(truncate(w[0].c_str(), 0)); }},
    {"chmod", [](const Words& w) { return status_of(chmod(w[0].c_str(), 0644)); }},
    {"create", [](const Words& w) { return opened(w[0], O_WRONLY | O_CREAT | O_EXCL); }},
    {"mkdir", [](const Words& w) { return status_of(mkdir(w[0].c_str(), 0755)); }},
    {"unlink", [](const Words& w) { return status_of(unlink(w[0].c_str())); }},
    {"rename", [](const Words& w) { return status_of(rename(w[0].c_str(), w[1].c_str())); }},
    {"link", [](const Words& w) { return status_of(link(w[0].c_str(), w[1].c_str())); }},
    {"lock-shared",
     [](const Words& w) { return opened(w[0], O_RDONLY, [](int f) { return status_of(flock(f, LOCK_SH)); }); }},
    {"lock-exclusive",
     [](const Words& w) { return opened(w[0], O_RDWR, [](int f) { return status_of(flock(f, LOCK_EX)); }); }},
    {"exec", [](const Words& w) { return executed(w[0]); }},
    {"map", [](const Words& w) { return mapped(w[0]); }},
    {"stat",
     [](const Words& w) {
       struct stat s;
       return status_of(stat(w[0].c_str(), &s));
     }},
    {"bind", [](const Words& w) { return at_socket(w[0], bind); }},
    {"connect", [](const Words& w) { return at_socket(w[0], connect); }},
    {"socket",
     [](const Words& w) {
       const int protocol = w.size() > 2 ? std::atoi(w[2].c_str()) : 0;
       return status_of(socket(std::atoi(w[0].c_str()), std::atoi(w[1].c_str()), protocol));
     }},
    {"socketpair",
     [](const Words& w) {
       int ends[2];
       return status_of(socketpair(std::atoi(w[0].c_str()), std::atoi(w[1].c_str()), 0, ends));
     }},
    {"bind-port",
     [](const Words& w) {
       sockaddr_in address{};
       address.sin_family = AF_INET;
       address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(w[0].c_str())));
       const int file = socket(AF_INET, SOCK_STREAM, 0);
       return file < 0 ? errno : status_of(bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address));
     }},
    {"setuid",
     [](const Words& w) {
       return in_child([&] { return status_of(setuid(static_cast<uid_t>(std::atoi(w[0].c_str())))); });
     }},
    {"chroot", [](const Words& w) { return in_child([&] { return status_of(chroot(w[0].c_str())); }); }},
    {"chown", [](const Words& w) { return status_of(chown(w[0].c_str(), 1, 1)); }},
    {"set-time",
     [](const Words&) {
       timeval now{1'700'000'000, 0};
       return status_of(settimeofday(&now, nullptr));
     }},
    {"signal", [](const Words& w) { return status_of(kill(getpid(), std::atoi(w[0].c_str()))); }},
};

/// \ooo as in profiles: a word may hold spaces and quotes.
std::string decoded(const std::string& word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '\\') out += word[i];
    else out += static_cast<char>(std::strtol(word.substr(i + 1, 3).c_str(), nullptr, 8)), i += 3;
  }
  return out;
}

struct Operation {
  std::string number, name;
  Words arguments;
};

/// What the first of its paths names is there; of the second only the directory, as for what is to be made.
void prepare(const Operation& operation) {
  namespace fs = std::filesystem;
  const bool is_made = operation.name == "create" || operation.name == "mkdir" || operation.name == "bind";
  bool must_be = !is_made;
  std::error_code ignored;
  for (const std::string& path : operation.arguments) {
    if (path.front() != '/') continue;
    fs::create_directories(fs::path(path).parent_path(), ignored);
    if (must_be && !fs::exists(path)) {
      if (operation.name == "list") fs::create_directory(path, ignored);
      else if (operation.name == "exec") fs::copy_file("/listen", path, ignored);
      else std::ofstream(path) << std::string(8192, 'x');
    }
    must_be = false;
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  for (const int number : {SIGUSR1, SIGUSR2, SIGTERM}) signal(number, SIG_IGN);
  std::vector<Operation> asked;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream parts(line);
    Operation& operation = asked.emplace_back();
    parts >> operation.number >> operation.name;
    for (std::string word; parts >> word;) operation.arguments.push_back(decoded(word));
    prepare(operation);
  }
  null_file = open("/dev/null", O_WRONLY);
  const int own = open("/proc/self/attr/current", O_WRONLY);
  const std::string enter = std::string("changeprofile ") + words[1];
  if (own < 0 || write(own, enter.data(), enter.size()) < 0)
    return std::printf("cannot enter the profile %s: %s\n", words[1], std::strerror(errno)), 1;
  close(own);
  for (const auto& [number, name, arguments] : asked) {
    const auto known = operations.find(name);
    const int status = known == operations.end() ? ENOSYS : known->second(arguments);
    if (status == 0) std::printf("%s permitted\n", number.c_str());
    else if (status == EACCES || status == EPERM) std::printf("%s refused\n", number.c_str());
    else std::printf("%s error %s\n", number.c_str(), std::strerror(status));
    std::fflush(stdout);
  }
  return 0;
}
