// WebListener: a socket that is listened on besides the Unix socket, for browsers and programs.
#pragma once

#include "aggregator/api/tls.hpp"
#include "shared/base/file_descriptor.hpp"
#include "shared/base/result.hpp"
#include "shared/base/tcp_address.hpp"

namespace vaultbell::api {

struct WebListener {
  TcpAddress address;  // with the port that was given
  FileDescriptor fd;
  std::shared_ptr<Tls> tls = {};  // absent: in the clear
};
// The error is the system's.
Result<WebListener> listen_for_web(TcpAddress address);

}  // namespace vaultbell::api
