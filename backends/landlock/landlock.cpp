#include "landlock/landlock.hpp"

#include "landlock/capabilities.hpp"
#include "landlock/choose.hpp"
#include "landlock/print.hpp"
#include "landlock/read.hpp"

namespace polc::landlock {
namespace {

// Hooks, not calls: security/landlock/fs.c refuses these to whoever has rules about files.
constexpr target::SeenAct seen_acts[] = {{"mount", "umount"}, {"mount", "pivot"}};

constexpr target::Rung rungs[] = {{"1", "Linux 5.13"}, {"2", "Linux 5.19"}, {"3", "Linux 6.2"}, {"4", "Linux 6.7"}, {"5", "Linux 6.10"}, {"6", "Linux 6.12"},
                                  {"7", "Linux 6.15"}, {"8", "Linux 7.0"}, {"9", "Linux 7.1"}, {"10", "Linux 7.2"}, {"11", "Linux 7.3"}, {"12", "Linux 7.4"}};

bool is_path(std::string_view word) { return word.starts_with('/') && word.size() > 1 && word.size() < 4096; }

}  // namespace

const target::Backend& backend() {
  static const target::Backend table{
      .name = "landlock",
      .summary = "Landlock rules: files, TCP ports, abstract sockets and signals; Linux 5.13 and later, without any right",
      .suffix = ".landlock",
      .is_inherited = true,
      .formats = {"text", "h", "toml", "json", "setpriv"},
      .options = {{"abi",
                   {"6", "1", "2", "3", "4", "5", "7", "8", "9", "10", "11", "12"},
                   "the ABI whose rights are asked for, never more: 6 is Linux 6.12, 4 is 6.7, 2 is 5.19"},
                  {"exec", {"self", "launcher"}, "launcher: the program is executed under the rules, by whoever puts them in force"},
                  {"loader", {}, "the ELF interpreter, which a program that is executed needs; by default the architecture's", is_path, "it is an absolute path"},
                  {"proc", {"tree", "files"}, "files: rules on names in /proc, which the kernel forgets when it wants memory"}},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .sees_acts = seen_acts,
      .ladder = "abi",
      .rungs = rungs,
      .choose = choose,
      .print = print,
      .read = read,
  };
  return table;
}

}  // namespace polc::landlock
