#include "simulators/cli/interrupt.hpp"

#include <signal.h>

#include <initializer_list>

namespace portcullis::simulators {

namespace {

/// A signal handler has no object to tell.
volatile sig_atomic_t signalled = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void note(int) {
    signalled = 1;
}

}  // namespace

void take_interrupts() {
    struct sigaction action {};
    action.sa_handler = note;
    for (const int number : {SIGINT, SIGTERM}) {
        ::sigaction(number, &action, nullptr);
    }
}

bool interrupted() {
    return signalled != 0;
}

}  // namespace portcullis::simulators
