// The command line.
#ifndef OPTIONS_H
#define OPTIONS_H
#include "create.h"
#include "publish.h"
#include "storm.h"
#include "watch.h"

struct options {
    struct watch_options watch;
    struct publish_options publish;
    struct create_options create;
    struct storm_options storm;
    bool hold;
    double patience; // milliseconds between two looks at a subscriber; 0 = at once
    int window;   // events outstanding; 0 = one at a time, the next when all subscribers have it
    double rate;  // a second; 0 = as the window, or the answers, allow
    double seconds, warm_seconds;
    double give_up; // seconds without progress after which the run has failed
    int pids[64], pid_count; // of the server
};

void read_options(struct options *options, int argc, char **argv);
#endif
