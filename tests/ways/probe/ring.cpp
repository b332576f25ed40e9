#include "ring.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>

#include "probe.hpp"

namespace ways {
namespace {

template <class T>
T* mapped(int ring, std::size_t bytes, long offset) {
  void* const place = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);
  return place == MAP_FAILED ? nullptr : static_cast<T*>(place);
}

constexpr int asleep = -10000, slow = -10001;  // no errors of the kernel

/// The operation's result. The kernel's thread falls asleep when it begins before there is anything to do; only
/// io_uring_enter would wake it.
int result_of(const char* submissions, const io_sqring_offsets& sq, const char* completions,
              const io_cqring_offsets& cq) {
  const auto loaded = [](const char* place) {
    return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(const_cast<char*>(place))).load(std::memory_order_acquire);
  };
  for (int i = 0; i < 4000; ++i) {
    const bool sleeps =
        (loaded(submissions + sq.flags) & IORING_SQ_NEED_WAKEUP) != 0 && loaded(submissions + sq.head) == 0;
    if (loaded(completions + cq.tail) != 0) return reinterpret_cast<const io_uring_cqe*>(completions + cq.cqes)->res;
    if (sleeps) return asleep;
    usleep(1000);
  }
  return slow;
}

int submit_once(void (*fill)(io_uring_sqe& entry)) {
  io_uring_params parameters{};
  parameters.flags = IORING_SETUP_SQPOLL;
  parameters.sq_thread_idle = 10'000;
  const int ring = static_cast<int>(call(SYS_io_uring_setup, 4, &parameters));
  if (ring < 0) return -errno;
  const auto& sq = parameters.sq_off;
  const auto& cq = parameters.cq_off;
  auto* const submissions =
      mapped<char>(ring, sq.array + parameters.sq_entries * sizeof(std::uint32_t), IORING_OFF_SQ_RING);
  auto* const completions =
      mapped<char>(ring, cq.cqes + parameters.cq_entries * sizeof(io_uring_cqe), IORING_OFF_CQ_RING);
  auto* const entries =
      mapped<io_uring_sqe>(ring, parameters.sq_entries * sizeof(io_uring_sqe), static_cast<long>(IORING_OFF_SQES));
  if (submissions == nullptr || completions == nullptr || entries == nullptr) return -errno;

  entries[0] = {};
  fill(entries[0]);
  *reinterpret_cast<std::uint32_t*>(submissions + sq.array) = 0;
  std::atomic_ref(*reinterpret_cast<std::uint32_t*>(submissions + sq.tail)).store(1, std::memory_order_release);
  const int result = result_of(submissions, sq, completions, cq);
  close(ring);
  return result;
}

}  // namespace

long submit(void (*fill)(io_uring_sqe& entry)) {
  int result = asleep;
  for (int i = 0; i < 200 && result == asleep; ++i) result = submit_once(fill);
  if (result >= 0) return result;
  errno = result == asleep || result == slow ? ETIMEDOUT : -result;
  return -1;
}

}  // namespace ways
