#include "watch.h"
#include "times.h"
#include "ws.h"
#include <stdlib.h>
#include <string.h>

enum state { CONNECTING, ASKING, OPEN };

struct watcher {
    struct sock sock;
    struct scanner scanner;
    enum state state;
    bool counted; // as open
};

static const double PATIENCE = 20;

static struct watch_options options;
static struct watcher *watchers;
static int asked, opened, passed, target_count;
static uint64_t deliveries, bytes, target;

static void on_ready(struct sock *sock, uint32_t events);

static int index_of(const struct watcher *watcher) { return (int)(watcher - watchers); }

static void ask_more(void) {
    while (asked < options.count && asked - opened < options.at_once) {
        struct watcher *watcher = &watchers[asked++];
        sock_connect(&watcher->sock, options.port, on_ready);
    }
}

static void count_open(struct watcher *watcher) {
    if (watcher->counted || (options.await_number && watcher->scanner.next == 0))
        return;
    watcher->counted = true;
    opened++;
    ask_more();
}

static void judge(struct watcher *watcher, enum verdict verdict) {
    const struct scanner *scanner = &watcher->scanner;
    if (verdict == DUPLICATED)
        fail("duplicated: subscriber %d got event %llu again; it had everything up to %llu", index_of(watcher),
             (unsigned long long)scanner->wrong, (unsigned long long)scanner->next - 1);
    if (verdict == OUT_OF_ORDER)
        fail("out of order: subscriber %d got event %llu after %llu", index_of(watcher),
             (unsigned long long)scanner->wrong, (unsigned long long)scanner->next - 1);
}

static void read_events(struct watcher *watcher) {
    char *data;
    bool broken;
    long size = sock_read(&watcher->sock, &data, &broken);
    if (size == 0 || broken)
        fail("closed: the server hung up on subscriber %d after event %llu", index_of(watcher),
             (unsigned long long)(watcher->scanner.next ? watcher->scanner.next - 1 : 0));
    if (size < 0)
        return;
    uint64_t before = watcher->scanner.next;
    judge(watcher, scan(&watcher->scanner, data, (size_t)size));
    uint64_t after = watcher->scanner.next;
    bytes += (uint64_t)size;
    if (before != after && before != 0) {
        times_arrived(before, after - before, now());
        deliveries += after - before;
        if (before <= target && after > target)
            passed++;
    }
    if (!watcher->counted)
        count_open(watcher);
    ws_pong(&watcher->sock, data, (size_t)size);
}

static void on_ready(struct sock *sock, uint32_t events) {
    struct watcher *watcher = (struct watcher *)sock;
    (void)events;
    if (watcher->state == OPEN) {
        read_events(watcher);
        return;
    }
    if (watcher->state == CONNECTING) {
        int error = sock_error(sock);
        if (error != 0)
            fail("subscriber %d cannot connect: %s", index_of(watcher), strerror(error));
        ws_ask(sock, options.port, options.targets[index_of(watcher) % target_count], options.subprotocol);
        loop_want(sock, EPOLLIN);
        watcher->state = ASKING;
        return;
    }
    int status, answer = ws_answer(sock, &status);
    if (answer < 0)
        fail("refused: subscriber %d got HTTP %d instead of a WebSocket", index_of(watcher), status);
    if (answer > 0) {
        watcher->state = OPEN;
        if (options.hello)
            ws_say(sock, options.hello, strlen(options.hello), options.binary_hello);
        count_open(watcher);
    }
}

static bool all_open(void) { return opened == options.count; }

static uint64_t opened_so_far(void) { return (uint64_t)opened; }

double watch_open(const struct watch_options *given) {
    options = *given;
    watchers = calloc((size_t)options.count, sizeof *watchers);
    while (options.targets[target_count] != NULL)
        target_count++;
    if (watchers == NULL || target_count == 0)
        fail("no targets to subscribe to");
    uint64_t began = now();
    ask_more();
    loop_until(all_open, opened_so_far, PATIENCE, "opening subscribers");
    return (double)options.count * SECOND / (double)(now() - began);
}

void watch_patiently(double milliseconds) {
    for (int i = 1; i < options.count; i++)
        loop_make_patient(&watchers[i].sock, milliseconds);
}

int watch_count(void) { return options.count; }

bool watch_level(void) {
    for (int i = 0; i < options.count; i++)
        if (watchers[i].scanner.next == 0 || watchers[i].scanner.next != watchers[0].scanner.next)
            return false;
    return true;
}

uint64_t watch_first(void) { return watchers[0].scanner.next ? watchers[0].scanner.next - 1 : 0; }

uint64_t watch_all(void) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < options.count; i++)
        if (watchers[i].scanner.next < least)
            least = watchers[i].scanner.next;
    return least == 0 ? 0 : least - 1;
}

uint64_t watch_deliveries(void) { return deliveries; }

uint64_t watch_bytes(void) { return bytes; }

void watch_target(uint64_t number) {
    target = number;
    passed = 0;
}

int watch_passed(void) { return passed; }

void watch_check(uint64_t head) {
    for (int i = 0; i < options.count; i++) {
        const struct scanner *scanner = &watchers[i].scanner;
        if (has_gap(scanner))
            fail("missing: subscriber %d never got events %llu to %llu", i, (unsigned long long)scanner->gap_from,
                 (unsigned long long)scanner->gap_to - 1);
        if (scanner->next - 1 != head)
            fail("missing: subscriber %d got events up to %llu of %llu", i, (unsigned long long)scanner->next - 1,
                 (unsigned long long)head);
    }
}
