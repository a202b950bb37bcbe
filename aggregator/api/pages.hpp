// Pages: the dashboard as a browser gets it. Every path of it that is no file is the one page,
// which shows what the path names.
#pragma once

#include "aggregator/api/http_message.hpp"

namespace vaultbell::api {

// As a file, or the refusal of a method that is not for reading.
HttpResponse page_of(const HttpRequest& request);

}  // namespace vaultbell::api
