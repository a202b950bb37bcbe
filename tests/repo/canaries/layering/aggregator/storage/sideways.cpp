#include <curl/curl.h>
#include <date/tz.h>
#include <sys/stat.h>

#include "agent/core/core.hpp"
#include "aggregator/core/state.hpp"
#include "aggregator/gateway/gateway.hpp"
