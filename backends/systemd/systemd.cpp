#include "systemd/systemd.hpp"

#include "systemd/model.hpp"
#include "systemd/say.hpp"

namespace polc::systemd {

const target::Backend& backend() {
  static const target::Backend table{
      .name = "systemd",
      .summary = "a drop-in for a systemd unit: calls by name, families, capabilities; systemd 252 and later",
      .suffix = ".conf",
      .asks_ways = true,
      .is_inherited = true,
      .shipping = target::Shipping::drop_in,
      .formats = {"drop-in"},
      .options = {target::one_of("version", &Options::version, {{"any", Version::any}, {"252", Version::v252}, {"257", Version::v257}},
                                 "whose groups of calls count: with `any` what only 257 has is possible and not sure"),
                  target::one_of("hardening", &Options::hardens, {{"unneeded", true}, {"none", false}},
                                 "unneeded: directives that refuse nothing that a rule needs"),
                  target::one_of("calls", &Options::lists_calls, {{"listed", true}, {"any", false}},
                                 "any: no list of calls, for a policy that allows all that there are")},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .drop_ins = {.folders = drop_in_folders, .suffix = ".conf", .between = "\n[]\n"},  // no section: what would follow has none, either
      .choose = choose,
      .print = print,
      .read = read,
      .say = say,
  };
  return table;
}

}  // namespace polc::systemd
