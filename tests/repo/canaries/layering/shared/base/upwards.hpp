#include <boost/spirit.hpp>
#include <fmt/format.h>

#include "aggregator/core/state.hpp"
