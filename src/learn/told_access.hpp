// Records that name an access: AppArmor's, Landlock's, SELinux's. Internal to told.
#pragma once

#include "learn/record.hpp"
#include "learn/told.hpp"

namespace polc::learn {

std::optional<Told> apparmor_told(const Record& record);
std::optional<Told> landlock_told(const Record& record);
std::optional<Told> selinux_told(std::string_view line, const Record& record);

}  // namespace polc::learn
