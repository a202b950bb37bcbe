// What a Tls is to Asio. For http_connection.cpp and tls.cpp only.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include "aggregator/api/tls.hpp"

namespace vaultbell::api {

struct Tls::Context {
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
};

}  // namespace vaultbell::api
