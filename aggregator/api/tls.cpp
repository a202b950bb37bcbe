#include "aggregator/api/tls.hpp"

#include <openssl/ssl.h>
#include <utility>

#include <fmt/format.h>

#include "aggregator/api/tls_context.hpp"

namespace vaultbell::api {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

tl::unexpected<Error> unusable(std::string_view what, const std::filesystem::path& file,
                               const error_code& error) {
  return fail(ErrorCode::invalid,
              fmt::format("the {} {} cannot be used: {}", what, file.string(), error.message()));
}

}  // namespace

Tls::Tls(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Tls::~Tls() = default;

Result<std::shared_ptr<Tls>> Tls::load(const std::filesystem::path& certificate,
                                       const std::filesystem::path& key) {
  auto made = std::make_unique<Context>();
  auto& context = made->context;
  context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                      ssl::context::no_tlsv1_1 | ssl::context::no_compression);
  error_code error;
  context.use_certificate_chain_file(certificate.string(), error);
  if (error) return unusable("certificate", certificate, error);
  context.use_private_key_file(key.string(), ssl::context::pem, error);
  if (error) return unusable("key", key, error);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return fail(ErrorCode::invalid, fmt::format("the key {} is not that of the certificate {}",
                                                key.string(), certificate.string()));
  }
  return std::shared_ptr<Tls>(new Tls(std::move(made)));
}

}  // namespace vaultbell::api
