// Dated to FreeBSD 14. Source: its manual pages of section 2. A modest table: no backend compiles for FreeBSD yet.
#include "knowledge/implied_tables.hpp"

namespace polc::knowledge {
namespace {

constexpr std::string_view open_writing = "flags & O_ACCMODE|O_CREAT|O_TRUNC == O_WRONLY";
constexpr std::string_view open_updating = "flags & O_ACCMODE|O_CREAT|O_TRUNC == O_RDWR";
constexpr std::string_view open_appending = "flags & O_ACCMODE|O_CREAT|O_TRUNC|O_APPEND == O_WRONLY|O_APPEND";
constexpr std::string_view open_update_appending = "flags & O_ACCMODE|O_CREAT|O_TRUNC|O_APPEND == O_RDWR|O_APPEND";
constexpr std::string_view open_creating = "flags & O_CREAT|O_TRUNC == O_CREAT";

constexpr FileRow files[] = {
    {FileVerb::read, readable, "open", open_reading},
    {FileVerb::read, readable, "openat", open_reading},
    {FileVerb::read, only_dir, "getdirentries"},
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
    {FileVerb::create, only_dir, "mkdir"},
    {FileVerb::create, only_dir, "mkdirat"},
    {FileVerb::create, {FileType::fifo}, "mkfifo"},
    {FileVerb::create, {FileType::fifo}, "mkfifoat"},
    {FileVerb::create, only_symlink, "symlink"},
    {FileVerb::create, only_symlink, "symlinkat"},
    {FileVerb::remove, non_dir, "unlink"},
    {FileVerb::remove, non_dir, "unlinkat", "flag == 0"},
    {FileVerb::remove, only_dir, "rmdir"},
    {FileVerb::remove, only_dir, "unlinkat", "flag == AT_REMOVEDIR"},
    {FileVerb::truncate, openable, "open", open_truncating},
    {FileVerb::truncate, openable, "openat", open_truncating},
    {FileVerb::truncate, only_file, "truncate"},
    {FileVerb::truncate, only_file, "ftruncate"},
    {FileVerb::rename, any_type, "rename"},
    {FileVerb::rename, any_type, "renameat"},
    {FileVerb::link, non_dir, "link"},
    {FileVerb::link, non_dir, "linkat"},
    {FileVerb::chmod, any_type, "chmod"},
    {FileVerb::chmod, any_type, "fchmod"},
    {FileVerb::chmod, any_type, "fchmodat"},
    {FileVerb::chown, any_type, "chown"},
    {FileVerb::chown, any_type, "fchown"},
    {FileVerb::chown, any_type, "fchownat"},
    {FileVerb::chown, any_type, "lchown"},
    {FileVerb::utime, any_type, "utimes"},
    {FileVerb::utime, any_type, "futimes"},
    {FileVerb::utime, any_type, "utimensat"},
    {FileVerb::utime, any_type, "futimens"},
    {FileVerb::stat, any_type, "fstat"},
    {FileVerb::stat, any_type, "fstatat"},
    {FileVerb::stat, any_type, "access"},
    {FileVerb::stat, any_type, "faccessat"},
    {FileVerb::stat, any_type, "statfs"},
    {FileVerb::stat, any_type, "fstatfs"},
    {FileVerb::chdir, only_dir, "chdir"},
    {FileVerb::chdir, only_dir, "fchdir"},
    {FileVerb::chroot, only_dir, "chroot"},
    {FileVerb::exec, only_file, "execve"},
    {FileVerb::exec, only_file, "fexecve"},
    {FileVerb::map, mappable, "mmap", "prot & PROT_EXEC == PROT_EXEC"},
    {FileVerb::lock, readable, "flock"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_GETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_SETLK"},
    {FileVerb::lock, openable, "fcntl", "cmd == F_SETLKW"},
    {FileVerb::ioctl, readable, "ioctl"},
    {FileVerb::watch, any_type, "kqueue"},
    {FileVerb::watch, any_type, "kevent"},
};

constexpr NetRow nets[] = {
    {NetVerb::connect, "connect"}, {NetVerb::bind, "bind"},        {NetVerb::listen, "listen"},
    {NetVerb::accept, "accept"},   {NetVerb::accept, "accept4"},   {NetVerb::send, "sendto"},
    {NetVerb::send, "sendmsg"},    {NetVerb::receive, "recvfrom"}, {NetVerb::receive, "recvmsg"},
};

constexpr NamedRow named[] = {
    {"setuid", "", "setuid"},
    {"setuid", "", "seteuid"},
    {"setuid", "", "setreuid"},
    {"setuid", "", "setresuid"},
    {"setgid", "", "setgid"},
    {"setgid", "", "setegid"},
    {"setgid", "", "setregid"},
    {"setgid", "", "setresgid"},
    {"setgid", "", "setgroups"},
    {"signal", "", "kill"},
    {"signal", "", "sigqueue"},
    {"signal", "", "thr_kill"},
    {"signal", "", "thr_kill2"},
    {"ptrace", "", "ptrace"},
    {"fork", "", "fork"},
    {"fork", "", "vfork"},
    {"thread", "", "thr_new"},
    {"socketpair", "", "socketpair"},
    {"memory", "write_exec", "mmap", write_exec},
    {"memory", "write_exec", "mprotect", write_exec},
    {"memory", "exec_anonymous", "mmap", "prot & PROT_EXEC == PROT_EXEC, flags & MAP_ANON == MAP_ANON"},
    {"memory", "exec_anonymous", "mprotect", "prot & PROT_EXEC == PROT_EXEC"},
    {"time", "set", "clock_settime"},
    {"time", "set", "settimeofday"},
    {"time", "adjust", "adjtime"},
    {"time", "adjust", "ntp_adjtime"},
    {"mount", "mount", "mount"},
    {"mount", "mount", "nmount"},
    {"mount", "umount", "unmount"},
    {"ipc", "shm", "shmget"},
    {"ipc", "shm", "shmat"},
    {"ipc", "shm", "shmdt"},
    {"ipc", "shm", "shmctl"},
    {"ipc", "sem", "semget"},
    {"ipc", "sem", "semop"},
    {"ipc", "sem", "__semctl"},
    {"ipc", "msg", "msgget"},
    {"ipc", "msg", "msgsnd"},
    {"ipc", "msg", "msgrcv"},
    {"ipc", "msg", "msgctl"},
};

}  // namespace

ImpliedTables freebsd_implied() { return {files, nets, named}; }

}  // namespace polc::knowledge
