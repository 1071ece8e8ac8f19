#include "storm.h"
#include "loop.h"
#include "ws.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum state { WAITING, CONNECTING, ASKING, HELLO, CATCHING_UP, DONE };

struct client {
    struct sock sock;
    struct scanner scanner;
    enum state state;
    int attempt;
    uint64_t due, position, head;
    const char *target;
};

// of web/widget/src/connection-states.ts, in seconds
static const double FIRST_PAUSE = 0.5, LONGEST_PAUSE = 30;

static struct storm_options options;
static struct client *clients;
static int count, done_count, retries;
static uint64_t started, looked_at, missed;
static struct hist times;

static void on_ready(struct sock *sock, uint32_t events);

static double chance(void) { return (double)random() / ((double)RAND_MAX + 1); }

static void come_back(struct client *client, double pause) {
    sock_close(&client->sock);
    client->state = WAITING;
    client->attempt++;
    client->due = now() + (uint64_t)(pause * SECOND);
    retries++;
}

static void pause_and_come_back(struct client *client) {
    come_back(client, chance() * fmin(LONGEST_PAUSE, FIRST_PAUSE * pow(2, client->attempt)));
}

static void finish(struct client *client) {
    client->state = DONE;
    done_count++;
    missed += client->head - client->position;
    hist_add(&times, now() - started);
}

static void read_events(struct client *client) {
    char *data;
    bool broken;
    long size = sock_read(&client->sock, &data, &broken);
    if (size < 0 && !broken)
        return;
    if (size <= 0) {
        if (client->state == DONE)
            fail("closed: the server hung up on client %d, which had caught up", (int)(client - clients));
        pause_and_come_back(client);
        return;
    }
    double seconds;
    int code = ws_close_code(data, (size_t)size, &seconds);
    if (code == 4429 || (code != 0 && client->state != DONE)) {
        if (code == 4429)
            come_back(client, seconds + chance());
        else
            pause_and_come_back(client);
        return;
    }
    if (client->state == HELLO) { // the first number is the room's head; events start after the position
        struct scanner hello = {0};
        char *end = memchr(data, '}', (size_t)size);
        if (end == NULL) { // a ping came first: the node had many before this one
            ws_pong(&client->sock, data, (size_t)size);
            return;
        }
        scan(&hello, data, (size_t)(end + 1 - data));
        if (hello.next == 0)
            fail("client %d got no hello: %.100s", (int)(client - clients), data);
        client->head = hello.next - 1;
        client->scanner = (struct scanner){.next = client->position + 1};
        client->state = CATCHING_UP;
        size -= end + 1 - data;
        memmove(data, end + 1, (size_t)size);
    }
    enum verdict verdict = scan(&client->scanner, data, (size_t)size);
    if (verdict != IN_ORDER || has_gap(&client->scanner))
        fail("client %d resumed from %llu and got event %llu where %llu had to come: %s", (int)(client - clients),
             (unsigned long long)client->position, (unsigned long long)client->scanner.wrong,
             (unsigned long long)(has_gap(&client->scanner) ? client->scanner.gap_from : client->scanner.next),
             verdict == DUPLICATED ? "duplicated" : "missing or reset");
    if (client->state == CATCHING_UP && client->scanner.next > client->head)
        finish(client);
    ws_pong(&client->sock, data, (size_t)size);
}

static void on_ready(struct sock *sock, uint32_t events) {
    struct client *client = (struct client *)sock;
    (void)events;
    if (client->state >= HELLO) {
        read_events(client);
        return;
    }
    if (client->state == CONNECTING) {
        if (sock_error(sock) != 0) {
            pause_and_come_back(client);
            return;
        }
        ws_ask(sock, options.port, client->target, options.subprotocol);
        loop_want(sock, EPOLLIN);
        client->state = ASKING;
        return;
    }
    int status, answer = client->state == ASKING ? ws_answer(sock, &status) : 0;
    if (answer < 0)
        pause_and_come_back(client);
    else if (answer > 0)
        client->state = HELLO;
}

void storm_start(const struct storm_options *given) {
    options = *given;
    while (options.targets[count] != NULL)
        count++;
    clients = calloc((size_t)count, sizeof *clients);
    started = now();
    for (int i = 0; i < count; i++) {
        char *target;
        clients[i].position = strtoull(options.targets[i], &target, 10);
        clients[i].target = target + 1;
        clients[i].due = started + (uint64_t)(chance() * options.spread * SECOND);
        clients[i].sock.fd = -1;
    }
    storm_tick();
}

void storm_tick(void) {
    if (now() - looked_at < SECOND / 500)
        return;
    looked_at = now();
    for (int i = 0; i < count; i++)
        if (clients[i].state == WAITING && clients[i].due <= looked_at) {
            clients[i].state = CONNECTING;
            clients[i].scanner = (struct scanner){0};
            sock_connect(&clients[i].sock, options.port, on_ready);
        }
}

bool storm_done(void) { return done_count == count; }

uint64_t storm_progress(void) { return (uint64_t)done_count; }

int storm_count(void) { return count; }

int storm_retries(void) { return retries; }

uint64_t storm_missed(void) { return missed; }

const struct hist *storm_times(void) { return &times; }
