#include "landlock/landlock.hpp"

#include "landlock/capabilities.hpp"
#include "landlock/choose.hpp"
#include "landlock/print.hpp"
#include "landlock/read.hpp"

namespace polc::landlock {
namespace {

// Hooks, not calls: security/landlock/fs.c refuses these to whoever has rules about files.
constexpr target::SeenAct seen_acts[] = {{"mount", "umount"}, {"mount", "pivot"}, {"ptrace", ""}};

constexpr target::Rung rungs[] = {{"1", "Linux 5.13"}, {"2", "Linux 5.19"}, {"3", "Linux 6.2"},  {"4", "Linux 6.7"},
                                  {"5", "Linux 6.10"}, {"6", "Linux 6.12"}, {"7", "Linux 6.15"}, {"8", "Linux 7.0"},
                                  {"9", "Linux 7.1"},  {"10", "Linux 7.2"}, {"11", "Linux 7.3"}, {"12", "Linux 7.4"}};

std::optional<std::string> path_of(std::string_view word) {
  return word.size() > 1 && word == walked_path(word) ? std::optional(std::string(word)) : std::nullopt;
}

std::vector<target::OptionSpec> options() {
  return {target::one_of("abi", &Options::abi,
                         {{"6", 6u},
                          {"1", 1u},
                          {"2", 2u},
                          {"3", 3u},
                          {"4", 4u},
                          {"5", 5u},
                          {"7", 7u},
                          {"8", 8u},
                          {"9", 9u},
                          {"10", 10u},
                          {"11", 11u},
                          {"12", 12u}},
                         "the ABI whose rights are asked for, never more: 6 is Linux 6.12, 4 is 6.7, 2 is 5.19"),
          target::one_of("exec", &Options::by_launcher, {{"self", false}, {"launcher", true}},
                         "launcher: the program is executed under the rules, by whoever puts them in force"),
          target::a_word("loader", &Options::loader, path_of, "it is an absolute path",
                         "the ELF interpreter, which a program that is executed needs; by default the architecture's"),
          target::one_of("proc", &Options::proc_by_name, {{"tree", false}, {"files", true}},
                         "files: rules on names in /proc, which the kernel forgets when it wants memory")};
}

}  // namespace

const target::Backend& backend() {
  static const target::Backend table{
      .name = "landlock",
      .summary =
          "Landlock rules: files, TCP ports, abstract sockets and signals; Linux 5.13 and later, without any right",
      .suffix = ".landlock",
      .is_inherited = true,
      .formats = {"text", "h", "toml", "json", "setpriv"},
      .options = options(),
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .sees_acts = seen_acts,
      .choose = choose,
      .print = print,
      .read = read,
  };
  return table;
}

const target::Ladder& ladder() {
  static constexpr target::Ladder abis{"abi", rungs};
  return abis;
}

}  // namespace polc::landlock
