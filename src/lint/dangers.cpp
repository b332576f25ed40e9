#include "lint/dangers.hpp"

#include "diag/lint_catalogue.hpp"

namespace polc::lint {
namespace {

constexpr bool everywhere = false, linux_alone = true;
constexpr std::string_view own_memory = "ptrace read to self";

constexpr Danger table[] = {
    {&diag::wide_glob, R"(read "/etc/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(read "/home/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(read "/root/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(read "/var/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(write "/etc/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(write "/home/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(write "/opt/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(write "/srv/**" type file)", everywhere, Extent::all},
    {&diag::wide_glob, R"(write "/var/**" type file)", everywhere, Extent::all},

    {&diag::shared_directory, R"(create "/tmp/*" type file)", everywhere, Extent::all},
    {&diag::shared_directory, R"(create "/var/tmp/*" type file)", everywhere, Extent::all},
    {&diag::shared_directory, R"(create "/dev/shm/*" type file)", everywhere, Extent::all},

    {&diag::log_readable, R"(read "/var/log/**", "/run/log/journal/**", "/{root,home/*}/.{bash,zsh}_history" type file)", everywhere},
    {&diag::log_overwritten, R"(write, truncate "/var/log/**" type file)", everywhere},

    {&diag::secret_readable, R"(read "/etc/{shadow,gshadow,master.passwd,spwd.db}" type file)", everywhere},
    {&diag::secret_readable, R"(read "/etc/ssh/ssh_host_*_key", "/etc/ssl/private/**" type file)", everywhere},
    {&diag::secret_readable, R"(read "/{root,home/*}/.{ssh,gnupg,aws,kube}/**" type file)", everywhere},

    {&diag::persistent_write, R"(write, append, create "/etc/{ld.so.preload,crontab,passwd,sudoers}" type file)", everywhere},
    {&diag::persistent_write, R"(write, append, create "/etc/{cron.d,init.d,profile.d,sudoers.d,systemd,apparmor.d}/**" type file)", everywhere},
    {&diag::persistent_write, R"(write, append, create "/usr/{bin,sbin,lib,lib64,libexec}/**" type file)", everywhere},
    {&diag::persistent_write, R"(write, append, create "/{root,home/*}/.{bashrc,profile,bash_profile,config/autostart/**}" type file)", everywhere},

    {&diag::kernel_files, R"(read "/proc/{kcore,kallsyms}" type file)"},
    {&diag::kernel_files, R"(write "/proc/sys/**", "/proc/sysrq-trigger", "/sys/**" type file)"},

    {&diag::raw_device, R"(read, write "/dev/{mem,kmem,port,kvm,uinput}" type chardev)", everywhere},
    {&diag::raw_device, R"(read, write "/dev/{sd*,nvme*,vd*,mmcblk*,dm-*}" type blockdev)", everywhere},
    {&diag::raw_device, R"(read, write "/dev/input/**" type chardev)"},

    {&diag::wx_memory, "memory write_exec"},
    {&diag::exec_unconfined, R"(exec tree "/" -> unconfined)", everywhere},
    {&diag::shell, R"(exec "/{usr/,}bin/{sh,bash,dash,zsh,ksh,busybox,perl*,python*}")", everywhere},

    {&diag::other_process_memory, "ptrace any to any", everywhere, Extent::some, own_memory},
    {&diag::other_process_memory, "syscall ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, kcmp", linux_alone, Extent::some, own_memory},

    {&diag::user_namespace, "namespace user"},
    {&diag::terminal_input, "syscall ioctl where request in { TIOCSTI, TIOCLINUX }"},

    {&diag::dangerous_call, "syscall bpf, userfaultfd, perf_event_open, keyctl, add_key, request_key, open_by_handle_at"},
    {&diag::dangerous_call, "syscall kexec_load, kexec_file_load, init_module, finit_module, delete_module"},
    {&diag::dangerous_call, "mount any"},
    {&diag::io_uring, "syscall io_uring_setup, io_uring_enter, io_uring_register"},

    {&diag::clone3_allowed, "syscall clone3"},

    {&diag::near_root, "capability sys_admin, sys_module, sys_rawio, sys_ptrace, bpf, mac_admin, mac_override, dac_override, dac_read_search"},

    {&diag::connect_anywhere, "connect tcp any", everywhere, Extent::all},
    {&diag::connect_anywhere, "connect udp any", everywhere, Extent::all},
    {&diag::metadata_reachable, "connect tcp 169.254.169.254:80, 198.51.100.1:80", everywhere, Extent::all},
    {&diag::metadata_reachable, "connect tcp 169.254.169.254:443, 198.51.100.1:443", everywhere, Extent::all},
    {&diag::exotic_socket, "syscall socket where domain in { AF_PACKET, AF_ALG, AF_VSOCK, AF_TIPC, AF_BLUETOOTH }"},
};

}  // namespace

std::span<const Danger> dangers() { return table; }

}  // namespace polc::lint
