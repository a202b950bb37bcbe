// Tls: the certificate with which the aggregator shows browsers and programs who it is.
#pragma once

#include <filesystem>
#include <memory>

#include "shared/base/result.hpp"

namespace vaultbell::api {

class Tls {
 public:
  // Both in PEM; the certificate with those that signed it behind it. TLS 1.2 and later. The error
  // says which file cannot be used, and why.
  static Result<std::shared_ptr<Tls>> load(const std::filesystem::path& certificate,
                                           const std::filesystem::path& key);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  struct Context;  // Asio's: tls_context.hpp
  [[nodiscard]] Context& context() const { return *context_; }

 private:
  explicit Tls(std::unique_ptr<Context> context);
  std::unique_ptr<Context> context_;
};

}  // namespace vaultbell::api
