// Dated to OpenBSD 3.3 to 5.9, the releases with systrace. Source: its manual pages of section 2.
// Kept to what a systrace policy of that time names: no *at calls (no translators before 2015), setuid and setgid are
// just those two calls, and sendmsg and recvmsg, whose addresses lie in memory, are never implied.
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
    {FileVerb::read, only_symlink, "readlink"},
    {FileVerb::write, openable, "open", open_writing},
    {FileVerb::write, openable, "open", open_updating},
    {FileVerb::append, openable, "open", open_appending},
    {FileVerb::append, openable, "open", open_update_appending},
    {FileVerb::create, only_file, "open", open_creating},
    {FileVerb::create, only_dir, "mkdir"},
    {FileVerb::create, {FileType::fifo}, "mkfifo"},
    {FileVerb::create, {FileType::chardev}, "mknod", "mode & S_IFMT == S_IFCHR"},
    {FileVerb::create, {FileType::blockdev}, "mknod", "mode & S_IFMT == S_IFBLK"},
    {FileVerb::create, only_symlink, "symlink"},
    {FileVerb::remove, non_dir, "unlink"},
    {FileVerb::remove, only_dir, "rmdir"},
    {FileVerb::truncate, openable, "open", open_truncating},
    {FileVerb::truncate, only_file, "truncate"},
    {FileVerb::rename, any_type, "rename"},
    {FileVerb::link, non_dir, "link"},
    {FileVerb::chmod, any_type, "chmod"},
    {FileVerb::chown, any_type, "chown"},
    {FileVerb::chown, any_type, "lchown"},
    {FileVerb::utime, any_type, "utimes"},
    {FileVerb::stat, any_type, "stat"},
    {FileVerb::stat, any_type, "lstat"},
    {FileVerb::stat, any_type, "access"},
    {FileVerb::chdir, only_dir, "chdir"},
    {FileVerb::chroot, only_dir, "chroot"},
    {FileVerb::exec, only_file, "execve"},
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
    {NetVerb::connect, "connect"}, {NetVerb::bind, "bind"},   {NetVerb::listen, "listen"},
    {NetVerb::accept, "accept"},   {NetVerb::send, "sendto"}, {NetVerb::receive, "recvfrom"},
};

constexpr NamedRow named[] = {
    {"setuid", "", "setuid"},
    {"setgid", "", "setgid"},
    {"signal", "", "kill"},
    {"ptrace", "", "ptrace"},
    {"fork", "", "fork"},
    {"thread", "", "__tfork"},
    {"socketpair", "", "socketpair"},
    {"memory", "write_exec", "mmap", write_exec},
    {"memory", "write_exec", "mprotect", write_exec},
    {"memory", "exec_anonymous", "mmap", "prot & PROT_EXEC == PROT_EXEC, flags & MAP_ANON == MAP_ANON"},
    {"memory", "exec_anonymous", "mprotect", "prot & PROT_EXEC == PROT_EXEC"},
    {"time", "set", "clock_settime"},
    {"time", "set", "settimeofday"},
    {"time", "adjust", "adjfreq"},
    {"time", "adjust", "adjtime"},
    {"mount", "mount", "mount"},
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

ImpliedTables openbsd_implied() { return {files, nets, named}; }

}  // namespace polc::knowledge
