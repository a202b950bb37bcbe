// How reasons look in the API's JSON. Includes the whole JSON library: for .cpp files only.
#pragma once

#include <optional>
#include <string>

#include "aggregator/api/in_json.hpp"
#include "aggregator/wording/sentences.hpp"

namespace vaultbell::api {

// A reason never comes without its sentence: {"why":"...","why_sentence":"..."}.
template <class E>
void put_reason(Json& json, const std::string& key, const std::optional<E>& reason) {
  json[key] = in_json(reason);
  json[key + "_sentence"] = reason ? Json(wording::sentence(*reason)) : Json();
}

}  // namespace vaultbell::api
