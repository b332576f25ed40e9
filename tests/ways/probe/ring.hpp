// One operation by io_uring, with a thread of the kernel that polls: after io_uring_setup nothing is called.
//   return submit([](io_uring_sqe& entry) { entry.opcode = IORING_OP_SOCKET; entry.fd = AF_INET; entry.off =
//   SOCK_STREAM; });
#pragma once

#include <linux/io_uring.h>

namespace ways {

/// What the operation gave; -1 and errno: it, or the ring, was refused. ETIMEDOUT: nothing came of it in some seconds.
long submit(void (*fill)(io_uring_sqe& entry));

}  // namespace ways
