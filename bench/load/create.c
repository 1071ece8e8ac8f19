#define _GNU_SOURCE
#include "create.h"
#include "loop.h"
#include "times.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ID = 12, MOST_IDS = 8, ANSWER = 4096, MOST_ANSWER = 1 << 26 };

struct request {
    char *text;
    size_t size;
    int ids;
    size_t id_at[MOST_IDS];
};

struct creator {
    struct sock sock;
    bool connected, waiting, closes;
    uint64_t due;
    size_t received, size;
    char *answer;
};

static struct create_options options;
static struct request **requests;
static int request_count;
static struct creator *creators, **idle;
static int idle_count, unanswered;
static uint64_t answers, serial, turn, started, sent_count;
static double rate_;
static bool running;
static struct hist latencies;

static void on_ready(struct sock *sock, uint32_t events);

static struct request *prepared(const char *text) {
    struct request *request = calloc(1, sizeof *request);
    request->text = strdup(text);
    request->size = strlen(text);
    for (char *at = request->text; (at = strstr(at, "@@@@@@@@@@@@")) != NULL && request->ids < MOST_IDS; at += ID)
        request->id_at[request->ids++] = (size_t)(at - request->text);
    return request;
}

static void send_request(struct creator *creator, uint64_t due) {
    char id[ID + 1];
    snprintf(id, sizeof id, "%012llx", (unsigned long long)(++serial & 0xffffffffffff));
    struct request *request = requests[turn++ % (uint64_t)request_count];
    for (int i = 0; i < request->ids; i++)
        memcpy(request->text + request->id_at[i], id, ID);
    creator->due = due;
    creator->received = 0;
    creator->waiting = true;
    unanswered++;
    sock_write(&creator->sock, request->text, request->size);
}

static void next(struct creator *creator) {
    creator->waiting = false;
    if (creator->closes) { // a server without keep-alive: the next request needs a socket of its own
        sock_close(&creator->sock);
        creator->closes = creator->connected = false;
        sock_connect(&creator->sock, options.port, on_ready);
    } else if (running && rate_ == 0) {
        send_request(creator, now());
    } else {
        idle[idle_count++] = creator;
    }
}

static void take_answer(struct creator *creator, const char *body) {
    int status = atoi(creator->answer + 9);
    if (status != options.expected_status)
        fail("a request was answered %d, not %d: %.200s", status, options.expected_status, body);
    uint64_t at = now();
    hist_add(&latencies, at > creator->due ? at - creator->due : 0);
    if (options.numbered) {
        const char *number = strstr(body, "\"seq\":");
        if (number == NULL)
            fail("an answer has no seq: %.200s", body);
        times_sent(strtoull(number + 6, NULL, 10), creator->due);
    }
    answers++;
    unanswered--;
    next(creator);
}

static void read_answer(struct creator *creator) {
    char *data;
    bool broken;
    long size = sock_read(&creator->sock, &data, &broken);
    if (size < 0 && !broken)
        return;
    if (size <= 0) {
        if (creator->waiting)
            fail("closed: the server hung up on a request");
        creator->closes = true; // an idle connection that the server has had enough of
        for (int i = 0; i < idle_count; i++)
            if (idle[i] == creator)
                idle[i] = idle[--idle_count];
        next(creator);
        return;
    }
    if (creator->received + (size_t)size >= MOST_ANSWER)
        fail("an answer is larger than %d bytes", MOST_ANSWER);
    if (creator->received + (size_t)size >= creator->size)
        creator->answer = realloc(creator->answer, creator->size = creator->received + (size_t)size + ANSWER);
    memcpy(creator->answer + creator->received, data, (size_t)size);
    creator->received += (size_t)size;
    creator->answer[creator->received] = 0;
    char *body = strstr(creator->answer, "\r\n\r\n");
    if (body == NULL)
        return;
    *body = 0; // so that headers are looked for in the head only
    const char *length = strcasestr(creator->answer, "\r\ncontent-length:");
    creator->closes = strcasestr(creator->answer, "\r\nconnection: close") != NULL;
    *body = '\r';
    if (length == NULL)
        fail("an answer has no Content-Length: %.300s", creator->answer);
    if (creator->answer + creator->received - (body + 4) >= atol(length + 17) && creator->waiting)
        take_answer(creator, body + 4);
}

static void on_ready(struct sock *sock, uint32_t events) {
    struct creator *creator = (struct creator *)sock;
    (void)events;
    if (creator->connected) {
        read_answer(creator);
        return;
    }
    int error = sock_error(sock);
    if (error != 0)
        fail("a request cannot connect to port %d: %s", options.port, strerror(error));
    creator->connected = true;
    loop_want(sock, EPOLLIN);
    next(creator);
}

static bool all_connected(void) { return idle_count == options.connections; }

static uint64_t connected_so_far(void) { return (uint64_t)idle_count; }

void create_open(const struct create_options *given) {
    options = *given;
    serial = (uint64_t)getpid() << 28; // ids of other runs are other ids
    creators = calloc((size_t)options.connections, sizeof *creators);
    idle = calloc((size_t)options.connections, sizeof *idle);
    while (options.requests[request_count] != NULL)
        request_count++;
    requests = calloc((size_t)request_count, sizeof *requests);
    for (int i = 0; i < request_count; i++)
        requests[i] = prepared(options.requests[i]);
    for (int i = 0; i < options.connections; i++)
        sock_connect(&creators[i].sock, options.port, on_ready);
    loop_until(all_connected, connected_so_far, 10, "opening connections");
}

void create_start(double rate) {
    rate_ = rate;
    running = true;
    started = now();
    sent_count = 0;
    memset(&latencies, 0, sizeof latencies);
    create_tick();
}

void create_tick(void) {
    while (running && idle_count > 0) {
        uint64_t due = rate_ == 0 ? now() : started + (uint64_t)((double)sent_count / rate_ * SECOND);
        if (due > now())
            return;
        sent_count++;
        send_request(idle[--idle_count], due);
    }
}

void create_stop(void) { running = false; }

bool create_idle(void) { return unanswered == 0; }

uint64_t created(void) { return answers; }

const struct hist *create_latencies(void) { return &latencies; }
