// Api: asks the aggregator over its Unix socket. The only place of the command with libcurl.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aggregator/ctl/failure.hpp"
#include "aggregator/ctl/json.hpp"
#include "shared/base/time.hpp"

namespace vaultbell::ctl {

// Names and values of a query, not yet encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

// "/api/v1/clients/db%2F1" from {"clients", "db/1"}.
std::string path_of(std::initializer_list<std::string_view> segments);

// Keeps its connection between requests. Each blocks until it is answered or `timeout` is over.
class Api {
 public:
  Api(std::filesystem::path socket, Duration timeout);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  Expected<Json> get(const std::string& path, const Query& query = {});

  // POST, PATCH or DELETE. A dry run changes nothing and answers what would change. Without an
  // answer to what was sent and is no dry run, the failure is "no_answer": it may be carried out.
  Expected<Json> change(std::string_view method, const std::string& path, const Json& body,
                        bool is_dry_run);

  // The items of a list, page after page until there are `count_max`.
  Expected<std::vector<Json>> list(const std::string& path, Query query, std::size_t count_max);

 private:
  struct Handle;
  enum class Purpose : bool { look, change };
  Expected<Json> ask(std::string_view method, const std::string& target, const std::string& body,
                     Purpose purpose);
  [[nodiscard]] tl::unexpected<Failure> unanswered(int code, Purpose purpose) const;
  [[nodiscard]] tl::unexpected<Failure> unreachable(const std::string& reason,
                                                    long system_error) const;

  std::filesystem::path socket_;
  Duration timeout_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace vaultbell::ctl
