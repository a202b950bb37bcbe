// What the sanitizers must refuse: one mistake a word.
#include <climits>
#include <string_view>
#include <thread>
#include <vector>

namespace {

int overflow(int number) {
  return number + 1;
}

int read_behind(const std::vector<int>& numbers) {
  return numbers.data()[numbers.size()];
}

int race() {
  int shared = 0;
  std::thread other([&] { shared = 1; });
  shared = 2;
  other.join();
  return shared;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view mistake = count > 1 ? words[1] : "";
  if (mistake == "address") return read_behind(std::vector<int>(static_cast<std::size_t>(count)));
  if (mistake == "undefined") return overflow(INT_MAX - 2 + count) > 0 ? 0 : 0;
  if (mistake == "thread") return race() > 0 ? 0 : 1;
  return 1;
}
