// CurlLibrary: keeps libcurl usable for every thread.
#pragma once

namespace vaultbell::notify {

// Keeps libcurl usable while it lives. One, made in main before any thread; from then on a write
// to a connection that the other side has closed is an error and no signal.
class CurlLibrary {
 public:
  CurlLibrary();
  ~CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

}  // namespace vaultbell::notify
