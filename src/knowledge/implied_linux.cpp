// Dated to Linux 6.18. Sources: the manual pages of section 2 and the kernel's fs/, net/socket.c, kernel/fork.c.
// Calls that only 32-bit or older architectures have stand here too; an architecture without them skips them.
#include "knowledge/implied_tables.hpp"

namespace polc::knowledge {
namespace {

// An open that neither creates nor truncates reads or writes; those two have verbs of their own. O_TMPFILE makes a file
// without a name, which no path rule describes: never implied, so it is excluded here.
constexpr std::string_view open_reading = "flags & O_ACCMODE|O_CREAT|O_TRUNC == O_RDONLY";
constexpr std::string_view open_writing = "flags & O_ACCMODE|O_CREAT|O_TRUNC|__O_TMPFILE == O_WRONLY";
constexpr std::string_view open_updating = "flags & O_ACCMODE|O_CREAT|O_TRUNC|__O_TMPFILE == O_RDWR";
constexpr std::string_view open_appending =
    "flags & O_ACCMODE|O_CREAT|O_TRUNC|O_APPEND|__O_TMPFILE == O_WRONLY|O_APPEND";
constexpr std::string_view open_update_appending =
    "flags & O_ACCMODE|O_CREAT|O_TRUNC|O_APPEND|__O_TMPFILE == O_RDWR|O_APPEND";
// The access mode is free: an open that also reads or writes needs those verbs too, and the file side decides that.
constexpr std::string_view open_creating = "flags & O_CREAT|O_TRUNC|__O_TMPFILE == O_CREAT";
constexpr std::string_view open_truncating = "flags & O_TRUNC == O_TRUNC";

// As the loader maps a library; mprotect serves a loader that maps first and makes executable later. Writable and executable at
// once, and executable without a file, are `memory`'s. No call says whether what mprotect makes executable came from a file, so it
// is both `map`'s and exec_anonymous's: a deny of the latter takes it from the former.
constexpr std::string_view mapping_code = "prot & PROT_WRITE|PROT_EXEC == PROT_EXEC, flags & MAP_ANONYMOUS == 0";
constexpr std::string_view making_code = "prot & PROT_WRITE|PROT_EXEC == PROT_EXEC";
constexpr std::string_view write_exec = "prot & PROT_WRITE|PROT_EXEC == PROT_WRITE|PROT_EXEC";
constexpr std::string_view executable = "prot & PROT_EXEC == PROT_EXEC";
constexpr std::string_view exec_anonymous = "prot & PROT_EXEC == PROT_EXEC, flags & MAP_ANONYMOUS == MAP_ANONYMOUS";

constexpr FileRow files[] = {
    {FileVerb::read, readable, "open", open_reading},
    {FileVerb::read, readable, "openat", open_reading},
    {FileVerb::read, only_dir, "getdents"},
    {FileVerb::read, only_dir, "getdents64"},
    {FileVerb::read, only_symlink, "readlink"},
    {FileVerb::read, only_symlink, "readlinkat"},

    {FileVerb::write, openable, "open", open_writing},
    {FileVerb::write, openable, "open", open_updating},
    {FileVerb::write, openable, "openat", open_writing},
    {FileVerb::write, openable, "openat", open_updating},
    {FileVerb::append, openable, "open", open_appending},
    {FileVerb::append, openable, "open", open_update_appending},
    {FileVerb::append, openable, "openat", open_appending},
    {FileVerb::append, openable, "openat", open_update_appending},

    {FileVerb::create, only_file, "open", open_creating},
    {FileVerb::create, only_file, "openat", open_creating},
    {FileVerb::create, only_file, "creat"},
    {FileVerb::create, only_dir, "mkdir"},
    {FileVerb::create, only_dir, "mkdirat"},
    {FileVerb::create, only_symlink, "symlink"},
    {FileVerb::create, only_symlink, "symlinkat"},
    {FileVerb::create, {FileType::fifo}, "mknod", "mode & S_IFMT == S_IFIFO"},
    {FileVerb::create, {FileType::fifo}, "mknodat", "mode & S_IFMT == S_IFIFO"},
    {FileVerb::create, {FileType::socket}, "mknod", "mode & S_IFMT == S_IFSOCK"},
    {FileVerb::create, {FileType::socket}, "mknodat", "mode & S_IFMT == S_IFSOCK"},
    {FileVerb::create, {FileType::chardev}, "mknod", "mode & S_IFMT == S_IFCHR"},
    {FileVerb::create, {FileType::chardev}, "mknodat", "mode & S_IFMT == S_IFCHR"},
    {FileVerb::create, {FileType::blockdev}, "mknod", "mode & S_IFMT == S_IFBLK"},
    {FileVerb::create, {FileType::blockdev}, "mknodat", "mode & S_IFMT == S_IFBLK"},

    {FileVerb::remove, non_dir, "unlink"},
    {FileVerb::remove, non_dir, "unlinkat", "flags == 0"},
    {FileVerb::remove, only_dir, "rmdir"},
    {FileVerb::remove, only_dir, "unlinkat", "flags == AT_REMOVEDIR"},

    {FileVerb::truncate, openable, "open", open_truncating},
    {FileVerb::truncate, openable, "openat", open_truncating},
    {FileVerb::truncate, only_file, "truncate"},
    {FileVerb::truncate, only_file, "truncate64"},
    {FileVerb::truncate, only_file, "ftruncate"},
    {FileVerb::truncate, only_file, "ftruncate64"},

    {FileVerb::rename, any_type, "rename"},
    {FileVerb::rename, any_type, "renameat"},
    {FileVerb::rename, any_type, "renameat2"},
    {FileVerb::link, non_dir, "link"},
    {FileVerb::link, non_dir, "linkat"},
    {FileVerb::chmod, any_type, "chmod"},
    {FileVerb::chmod, any_type, "fchmod"},
    {FileVerb::chmod, any_type, "fchmodat"},
    {FileVerb::chmod, any_type, "fchmodat2"},
    {FileVerb::chown, any_type, "chown"},
    {FileVerb::chown, any_type, "chown32"},
    {FileVerb::chown, any_type, "fchown"},
    {FileVerb::chown, any_type, "fchown32"},
    {FileVerb::chown, any_type, "fchownat"},
    {FileVerb::chown, any_type, "lchown"},
    {FileVerb::chown, any_type, "lchown32"},
    {FileVerb::utime, any_type, "utime"},
    {FileVerb::utime, any_type, "utimes"},
    {FileVerb::utime, any_type, "futimesat"},
    {FileVerb::utime, any_type, "utimensat"},
    {FileVerb::utime, any_type, "utimensat_time64"},
    {FileVerb::xattr, any_type, "getxattr"},
    {FileVerb::xattr, any_type, "lgetxattr"},
    {FileVerb::xattr, any_type, "fgetxattr"},
    {FileVerb::xattr, any_type, "listxattr"},
    {FileVerb::xattr, any_type, "llistxattr"},
    {FileVerb::xattr, any_type, "flistxattr"},
    {FileVerb::xattr, any_type, "setxattr"},
    {FileVerb::xattr, any_type, "lsetxattr"},
    {FileVerb::xattr, any_type, "fsetxattr"},
    {FileVerb::xattr, any_type, "removexattr"},
    {FileVerb::xattr, any_type, "lremovexattr"},
    {FileVerb::xattr, any_type, "fremovexattr"},

    {FileVerb::stat, any_type, "stat"},
    {FileVerb::stat, any_type, "lstat"},
    {FileVerb::stat, any_type, "fstat"},
    {FileVerb::stat, any_type, "newfstatat"},
    {FileVerb::stat, any_type, "stat64"},
    {FileVerb::stat, any_type, "lstat64"},
    {FileVerb::stat, any_type, "fstat64"},
    {FileVerb::stat, any_type, "fstatat64"},
    {FileVerb::stat, any_type, "statx"},
    {FileVerb::stat, any_type, "access"},
    {FileVerb::stat, any_type, "faccessat"},
    {FileVerb::stat, any_type, "faccessat2"},
    {FileVerb::stat, any_type, "statfs"},
    {FileVerb::stat, any_type, "fstatfs"},
    {FileVerb::stat, any_type, "statfs64"},
    {FileVerb::stat, any_type, "fstatfs64"},

    {FileVerb::chdir, only_dir, "chdir"},
    {FileVerb::chdir, only_dir, "fchdir"},
    {FileVerb::chroot, only_dir, "chroot"},
    {FileVerb::exec, only_file, "execve"},
    {FileVerb::exec, only_file, "execveat"},
    {FileVerb::map, mappable, "mmap", mapping_code},
    {FileVerb::map, mappable, "mmap2", mapping_code},
    {FileVerb::map, mappable, "mprotect", making_code},

    {FileVerb::lock, readable, "flock"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_GETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_SETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_SETLKW"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_OFD_GETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_OFD_SETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_OFD_SETLKW"},
    // 32-bit architectures: libc locks by the twin whose struct flock64 has 64-bit offsets
    {FileVerb::lock, openable, "fcntl64", "cmd == F_GETLK"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_SETLK"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_SETLKW"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_GETLK64"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_SETLK64"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_SETLKW64"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_OFD_GETLK"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_OFD_SETLK"},
    {FileVerb::lock, openable, "fcntl64", "cmd == F_OFD_SETLKW"},
    {FileVerb::ioctl, readable, "ioctl"},
    {FileVerb::watch, any_type, "inotify_init"},
    {FileVerb::watch, any_type, "inotify_init1"},
    {FileVerb::watch, any_type, "inotify_add_watch"},
    {FileVerb::watch, any_type, "inotify_rm_watch"},
    {FileVerb::watch, any_type, "fanotify_init"},
    {FileVerb::watch, any_type, "fanotify_mark"},
};

// A send with MSG_FASTOPEN connects, past every rule about connect: never implied.
constexpr std::string_view no_connect = "flags & MSG_FASTOPEN == 0";

constexpr NetRow nets[] = {
    {NetVerb::connect, "connect"},
    {NetVerb::bind, "bind"},
    {NetVerb::listen, "listen"},
    {NetVerb::accept, "accept"},
    {NetVerb::accept, "accept4"},
    {NetVerb::send, "send", no_connect},
    {NetVerb::send, "sendto", no_connect},
    {NetVerb::send, "sendmsg", no_connect},
    {NetVerb::send, "sendmmsg", no_connect},
    {NetVerb::receive, "recv"},
    {NetVerb::receive, "recvfrom"},
    {NetVerb::receive, "recvmsg"},
    {NetVerb::receive, "recvmmsg"},
    {NetVerb::receive, "recvmmsg_time64"},
};

constexpr NamedRow named[] = {
    {"setuid", "", "setuid"},
    {"setuid", "", "setuid32"},
    {"setuid", "", "setreuid"},
    {"setuid", "", "setreuid32"},
    {"setuid", "", "setresuid"},
    {"setuid", "", "setresuid32"},
    {"setgid", "", "setgid"},
    {"setgid", "", "setgid32"},
    {"setgid", "", "setregid"},
    {"setgid", "", "setregid32"},
    {"setgid", "", "setresgid"},
    {"setgid", "", "setresgid32"},
    {"setgid", "", "setgroups"},
    {"setgid", "", "setgroups32"},
    {"signal", "", "kill"},
    {"signal", "", "tkill"},
    {"signal", "", "tgkill"},
    {"signal", "", "rt_sigqueueinfo"},
    {"signal", "", "rt_tgsigqueueinfo"},
    {"signal", "", "pidfd_send_signal"},
    {"ptrace", "", "ptrace"},
    {"ptrace", "", "process_vm_readv"},
    {"ptrace", "", "process_vm_writev"},
    {"ptrace", "", "kcmp"},
    {"ptrace", "", "pidfd_getfd"},

    // Only capabilities without which the call always fails. setuid, chown, mlock ... have their uses without.
    {"capability", "mknod", "mknod", "mode & S_IFMT == S_IFCHR"},
    {"capability", "mknod", "mknod", "mode & S_IFMT == S_IFBLK"},
    {"capability", "mknod", "mknodat", "mode & S_IFMT == S_IFCHR"},
    {"capability", "mknod", "mknodat", "mode & S_IFMT == S_IFBLK"},
    {"capability", "sys_boot", "reboot"},
    {"capability", "sys_boot", "kexec_load"},
    {"capability", "sys_boot", "kexec_file_load"},
    {"capability", "sys_chroot", "chroot"},
    {"capability", "sys_module", "init_module"},
    {"capability", "sys_module", "finit_module"},
    {"capability", "sys_module", "delete_module"},
    {"capability", "sys_pacct", "acct"},
    {"capability", "sys_rawio", "ioperm"},
    {"capability", "sys_rawio", "iopl"},
    {"capability", "sys_time", "clock_settime"},
    {"capability", "sys_time", "clock_settime64"},
    {"capability", "sys_time", "settimeofday"},
    {"capability", "sys_time", "stime"},
    {"capability", "sys_tty_config", "vhangup"},

    // CLONE_NEWTIME is not in clone's mask: there its bit belongs to the exit signal.
    {"fork", "", "fork"},
    {"fork", "", "vfork"},
    {"fork", "", "clone", "flags & CLONE_NEW_ANY|CLONE_THREAD|CLONE_VM == 0"},
    // posix_spawn, and vfork where the architecture has no call for it
    {"fork", "", "clone", "flags & CLONE_NEW_ANY|CLONE_THREAD|CLONE_VM|CLONE_VFORK == CLONE_VM|CLONE_VFORK"},
    {"thread", "", "clone", "flags & CLONE_NEW_ANY|CLONE_THREAD == CLONE_THREAD"},
    {"socketpair", "", "socketpair", "domain == AF_UNIX"},

    {"memory", "write_exec", "mmap", write_exec},
    {"memory", "write_exec", "mmap2", write_exec},
    {"memory", "write_exec", "mprotect", write_exec},
    {"memory", "write_exec", "pkey_mprotect", write_exec},
    {"memory", "exec_anonymous", "mmap", exec_anonymous},
    {"memory", "exec_anonymous", "mmap2", exec_anonymous},
    {"memory", "exec_anonymous", "mprotect", executable},
    {"memory", "exec_anonymous", "pkey_mprotect", executable},

    // setns with nstype 0 joins a namespace of whatever kind the descriptor is.
    {"namespace", "user", "clone", "flags & CLONE_NEWUSER == CLONE_NEWUSER"},
    {"namespace", "user", "unshare", "flags & CLONE_NEWUSER == CLONE_NEWUSER"},
    {"namespace", "user", "setns", "nstype & CLONE_NEWUSER == CLONE_NEWUSER"},
    {"namespace", "user", "setns", "nstype == 0"},
    {"namespace", "mount", "clone", "flags & CLONE_NEWNS == CLONE_NEWNS"},
    {"namespace", "mount", "unshare", "flags & CLONE_NEWNS == CLONE_NEWNS"},
    {"namespace", "mount", "setns", "nstype & CLONE_NEWNS == CLONE_NEWNS"},
    {"namespace", "mount", "setns", "nstype == 0"},
    {"namespace", "pid", "clone", "flags & CLONE_NEWPID == CLONE_NEWPID"},
    {"namespace", "pid", "unshare", "flags & CLONE_NEWPID == CLONE_NEWPID"},
    {"namespace", "pid", "setns", "nstype & CLONE_NEWPID == CLONE_NEWPID"},
    {"namespace", "pid", "setns", "nstype == 0"},
    {"namespace", "net", "clone", "flags & CLONE_NEWNET == CLONE_NEWNET"},
    {"namespace", "net", "unshare", "flags & CLONE_NEWNET == CLONE_NEWNET"},
    {"namespace", "net", "setns", "nstype & CLONE_NEWNET == CLONE_NEWNET"},
    {"namespace", "net", "setns", "nstype == 0"},
    {"namespace", "ipc", "clone", "flags & CLONE_NEWIPC == CLONE_NEWIPC"},
    {"namespace", "ipc", "unshare", "flags & CLONE_NEWIPC == CLONE_NEWIPC"},
    {"namespace", "ipc", "setns", "nstype & CLONE_NEWIPC == CLONE_NEWIPC"},
    {"namespace", "ipc", "setns", "nstype == 0"},
    {"namespace", "uts", "clone", "flags & CLONE_NEWUTS == CLONE_NEWUTS"},
    {"namespace", "uts", "unshare", "flags & CLONE_NEWUTS == CLONE_NEWUTS"},
    {"namespace", "uts", "setns", "nstype & CLONE_NEWUTS == CLONE_NEWUTS"},
    {"namespace", "uts", "setns", "nstype == 0"},
    {"namespace", "cgroup", "clone", "flags & CLONE_NEWCGROUP == CLONE_NEWCGROUP"},
    {"namespace", "cgroup", "unshare", "flags & CLONE_NEWCGROUP == CLONE_NEWCGROUP"},
    {"namespace", "cgroup", "setns", "nstype & CLONE_NEWCGROUP == CLONE_NEWCGROUP"},
    {"namespace", "cgroup", "setns", "nstype == 0"},
    {"namespace", "time", "unshare", "flags & CLONE_NEWTIME == CLONE_NEWTIME"},
    {"namespace", "time", "setns", "nstype & CLONE_NEWTIME == CLONE_NEWTIME"},
    {"namespace", "time", "setns", "nstype == 0"},

    {"time", "set", "clock_settime"},
    {"time", "set", "clock_settime64"},
    {"time", "set", "settimeofday"},
    {"time", "set", "stime"},
    {"time", "adjust", "adjtimex"},
    {"time", "adjust", "clock_adjtime"},
    {"time", "adjust", "clock_adjtime64"},

    {"mount", "mount", "mount"},
    {"mount", "mount", "fsopen"},
    {"mount", "mount", "fspick"},
    {"mount", "mount", "fsconfig"},
    {"mount", "mount", "fsmount"},
    {"mount", "mount", "move_mount"},
    {"mount", "mount", "open_tree"},
    {"mount", "umount", "umount"},
    {"mount", "umount", "umount2"},
    {"mount", "pivot", "pivot_root"},

    {"ipc", "shm", "shmget"},
    {"ipc", "shm", "shmat"},
    {"ipc", "shm", "shmdt"},
    {"ipc", "shm", "shmctl"},
    {"ipc", "sem", "semget"},
    {"ipc", "sem", "semop"},
    {"ipc", "sem", "semctl"},
    {"ipc", "sem", "semtimedop"},
    {"ipc", "sem", "semtimedop_time64"},
    {"ipc", "msg", "msgget"},
    {"ipc", "msg", "msgsnd"},
    {"ipc", "msg", "msgrcv"},
    {"ipc", "msg", "msgctl"},
    {"ipc", "mqueue", "mq_open"},
    {"ipc", "mqueue", "mq_unlink"},
    {"ipc", "mqueue", "mq_timedsend"},
    {"ipc", "mqueue", "mq_timedsend_time64"},
    {"ipc", "mqueue", "mq_timedreceive"},
    {"ipc", "mqueue", "mq_timedreceive_time64"},
    {"ipc", "mqueue", "mq_notify"},
    {"ipc", "mqueue", "mq_getsetattr"},
};

}  // namespace

ImpliedTables linux_implied() { return {files, nets, named}; }

}  // namespace polc::knowledge
