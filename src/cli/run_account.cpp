#include "cli/run_account.hpp"

#include <grp.h>
#include <pwd.h>

#include <fmt/format.h>

namespace polc::cli {

tl::expected<sandbox::Account, std::string> account_called(const std::string& words) {
  const std::size_t colon = std::min(words.find(':'), words.size());
  const std::string name = words.substr(0, colon);
  const passwd* user = ::getpwnam(name.c_str());
  if (user == nullptr) return tl::unexpected(fmt::format("--user={}: there is no user `{}`", words, name));
  sandbox::Account account{name, user->pw_uid, user->pw_gid, {}};
  if (colon < words.size()) {
    const std::string group_name = words.substr(colon + 1);
    const group* found = ::getgrnam(group_name.c_str());
    if (found == nullptr) return tl::unexpected(fmt::format("--user={}: there is no group `{}`", words, group_name));
    account.group = found->gr_gid;
  }
  int count = 64;
  while (true) {
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(name.c_str(), account.group, groups.data(), &count) >= 0) {
      account.groups.assign(groups.begin(), groups.begin() + count);
      return account;
    }
    if (count > 65536) return tl::unexpected(fmt::format("--user={}: the user has more groups than a process can", words));
    count = std::max(count, static_cast<int>(groups.size()) * 2);
  }
}

}  // namespace polc::cli
