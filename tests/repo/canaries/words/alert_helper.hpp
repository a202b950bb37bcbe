// TODO: find a name.
using namespace std;

struct AlertManager {};
class RunData;
struct Information {};  // says more than "info"
