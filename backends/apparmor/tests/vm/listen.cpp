// listen PATH: a socket that others can connect to, for as long as the virtual machine runs. Without a path: nothing; copies
// of it are what the probe executes.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

int main(int count, char** words) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (count == 1) return 0;
  if (count != 2) return 2;
  std::strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
  const int file = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 || listen(file, 9) < 0) return 1;
  for (;;) pause();
}
