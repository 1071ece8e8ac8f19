// The load: subscribers that check every event, and a publisher or HTTP creates to give them some. One measurement a
// run; the result is one line of JSON.
#define _GNU_SOURCE
#include "loop.h"
#include "options.h"
#include "times.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const double SETTLE = 0.05;
static const uint64_t BETWEEN_FIRST_EVENTS = SECOND / 50;

static struct options options;
static uint64_t until, began, due_events, head;

struct cpu {
    double load, server;
};

static double seconds_of(clockid_t clock) {
    struct timespec time;
    return clock_gettime(clock, &time) == 0 ? (double)time.tv_sec + (double)time.tv_nsec / 1e9 : 0;
}

static struct cpu cpu_now(void) {
    struct cpu cpu = {.load = seconds_of(CLOCK_PROCESS_CPUTIME_ID)};
    for (int i = 0; i < options.pid_count; i++) {
        clockid_t clock;
        if (clock_getcpuclockid(options.pids[i], &clock) == 0)
            cpu.server += seconds_of(clock);
    }
    return cpu;
}

// In a storm only those who come back count: beside them a room stays live.
static uint64_t progress(void) {
    return options.storm.targets != NULL && storm_count() > 0 && !storm_done() ? storm_progress()
                                                                              : watch_deliveries() + created();
}

static bool time_is_over(void) { return now() >= until; }

static void settle(double seconds) {
    until = now() + (uint64_t)(seconds * SECOND);
    while (!time_is_over())
        loop_once(1);
}

// -- a publisher

static bool publish_until_time_is_over(void) {
    uint64_t at = now();
    if (at >= until)
        return true;
    if (options.rate > 0) {
        int due = (int)((double)(at - began) / SECOND * options.rate - (double)due_events);
        if (due > 0) {
            publish(due);
            due_events += (uint64_t)due;
        }
    } else if (options.window == 0) {
        if (watch_passed() == watch_count()) {
            watch_target(published() + 1);
            publish(1);
        }
    } else {
        int outstanding = (int)(published() - watch_first());
        if (outstanding < options.window)
            publish(options.window - outstanding);
    }
    return false;
}

static bool all_have_all(void) { return watch_all() == head; }

static void publish_for(double seconds) {
    began = now();
    due_events = 0;
    until = began + (uint64_t)(seconds * SECOND);
    watch_target(published() + 1);
    if (options.rate == 0)
        publish(1);
    loop_until(publish_until_time_is_over, progress, options.give_up, "publishing");
    head = published();
    loop_until(all_have_all, progress, options.give_up, "missing: not every subscriber got every event");
}

// Until every subscriber got one, some may not be subscribed yet; after it none may be missing.
static void publish_first_events(void) {
    uint64_t give_up = now() + (uint64_t)(options.give_up * SECOND);
    do {
        publish(1);
        until = now() + BETWEEN_FIRST_EVENTS;
        for (uint64_t before = 0; !time_is_over() && !(watch_level() && watch_first() == published());) {
            loop_once(1);
            if (watch_deliveries() != before) // it is on its way
                until = now() + BETWEEN_FIRST_EVENTS;
            before = watch_deliveries();
        }
        if (now() > give_up)
            fail("missing: after %.0f s not every subscriber gets events", options.give_up);
    } while (!watch_level() || watch_first() != published());
}

// -- creates

static bool create_until_time_is_over(void) {
    create_tick();
    return time_is_over();
}

static bool create_until_the_storm_is_over(void) {
    create_tick();
    storm_tick();
    return storm_done();
}

static void create_while(bool (*done)(void), double rate, double seconds) {
    uint64_t before = created(), from = watch_count() > 0 ? watch_first() : 0;
    until = now() + (uint64_t)(seconds * SECOND);
    create_start(rate);
    loop_until(done, progress, options.give_up, "creating");
    create_stop();
    loop_until(create_idle, progress, options.give_up, "waiting for answers");
    if (watch_count() > 0) {
        head = from + created() - before;
        loop_until(all_have_all, progress, options.give_up, "missing: not every subscriber got every event");
    }
}

// -- the report

static void print_times(void) {
    static struct hist each, last;
    times_count(&each, &last);
    hist_print(&each, "each_ms");
    hist_print(&last, "last_ms");
    printf(",\"events_a_read\":%.2f", times_events_a_read());
}

static void print_opened(double handshakes) {
    printf("\"subscribers\":%d,\"handshakes_s\":%.1f", watch_count(), handshakes);
}

static void hold(double handshakes) {
    printf("{");
    print_opened(handshakes);
    printf(",\"load_cpu\":%.4f}\n", cpu_now().load * handshakes / watch_count());
    fflush(stdout);
    for (char byte;;) { // until whoever started this closes its end
        loop_once(50);
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(STDIN_FILENO, &readable);
        struct timeval zero = {0, 0};
        if (select(STDIN_FILENO + 1, &readable, NULL, NULL, &zero) > 0 && read(STDIN_FILENO, &byte, 1) <= 0)
            exit(0);
    }
}

static void run(void) {
    if (options.publish.door != NO_DOOR)
        publish_for(options.seconds);
    else if (options.storm.targets != NULL) {
        storm_start(&options.storm);
        create_while(create_until_the_storm_is_over, options.rate, 0);
    } else
        create_while(create_until_time_is_over, options.rate, options.seconds);
}

static void warm_up(void) {
    if (options.publish.door != NO_DOOR) {
        publish_open(&options.publish);
        publish_first_events();
        publish_for(options.warm_seconds);
        return;
    }
    create_open(&options.create);
    create_while(create_until_time_is_over, options.rate, options.warm_seconds);
}

int main(int argc, char **argv) {
    read_options(&options, argc, argv);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    loop_open();
    double handshakes = options.watch.count > 0 ? watch_open(&options.watch) : 0;
    if (options.hold)
        hold(handshakes);
    if (options.patience > 0)
        watch_patiently(options.patience);
    warm_up();
    times_start(watch_count() > 0 ? watch_first() : 0);
    uint64_t start = now(), deliveries = watch_deliveries(), bytes = watch_bytes(), creates = created();
    struct cpu before = cpu_now();
    run();
    double took = (double)(now() - start) / SECOND;
    struct cpu after = cpu_now();
    deliveries = watch_deliveries() - deliveries;
    creates = created() - creates;
    settle(SETTLE); // what comes twice may come late
    if (watch_count() > 0)
        watch_check(head);
    printf("{");
    print_opened(handshakes);
    printf(",\"seconds\":%.4f,\"deliveries\":%llu,\"deliveries_s\":%.1f,\"bytes\":%llu", took,
           (unsigned long long)deliveries, (double)deliveries / took, (unsigned long long)(watch_bytes() - bytes));
    printf(",\"load_cpu\":%.4f,\"server_cpu\":%.4f", (after.load - before.load) / took,
           (after.server - before.server) / took);
    if (options.create.connections > 0) {
        printf(",\"creates\":%llu,\"creates_s\":%.1f", (unsigned long long)creates, (double)creates / took);
        hist_print(create_latencies(), "create_ms");
    }
    if (options.storm.targets != NULL) {
        printf(",\"clients\":%d,\"retries\":%d,\"missed\":%llu", storm_count(), storm_retries(),
               (unsigned long long)storm_missed());
        hist_print(storm_times(), "resumed_ms");
    }
    if (watch_count() > 0)
        print_times();
    printf("}\n");
    return 0;
}
