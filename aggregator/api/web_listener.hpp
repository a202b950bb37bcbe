// WebListener: a socket that is listened on besides the Unix socket, for whoever is on this host.
#pragma once

#include "shared/base/file_descriptor.hpp"
#include "shared/base/loopback.hpp"
#include "shared/base/result.hpp"

namespace vaultbell::api {

struct WebListener {
  LoopbackAddress address;  // with the port that was given
  FileDescriptor fd;
};
// The error is the system's.
Result<WebListener> listen_for_web(LoopbackAddress address);

}  // namespace vaultbell::api
