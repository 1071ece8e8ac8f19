#include "publish.h"
#include "times.h"
#include "ws.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE = 2048, AT_ONCE = 256 };

static const double PATIENCE = 10;

static struct publish_options options;
static struct sock door;
static bool connected, open_;
static uint64_t number;

static void drain(struct sock *sock) { // receipts and greetings; a publisher does not look at them
    char *data;
    bool broken;
    long size = sock_read(sock, &data, &broken);
    if (size == 0 || broken)
        fail("closed: the server hung up on the publisher after event %llu", (unsigned long long)number);
    if (size > 0 && options.door == WEBSOCKET)
        ws_pong(sock, data, (size_t)size);
}

static void on_ready(struct sock *sock, uint32_t events) {
    (void)events;
    if (open_) {
        drain(sock);
        return;
    }
    if (!connected) {
        int error = sock_error(sock);
        if (error != 0)
            fail("the publisher cannot connect to port %d: %s", options.port, strerror(error));
        connected = true;
        loop_want(sock, EPOLLIN);
        if (options.door == WEBSOCKET) {
            ws_ask(sock, options.port, options.target, NULL);
            return;
        }
        if (options.door == NATS) {
            static const char greeting[] = "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"load\"}\r\n";
            sock_write(sock, greeting, sizeof greeting - 1);
        }
        open_ = true;
        return;
    }
    int status, answer = ws_answer(sock, &status);
    if (answer < 0)
        fail("refused: the publisher got HTTP %d instead of a WebSocket", status);
    if (answer > 0) {
        open_ = true;
        if (options.hello)
            ws_say(sock, options.hello, strlen(options.hello), false);
    }
}

static bool is_open(void) { return open_; }

static uint64_t nothing(void) { return 0; }

void publish_open(const struct publish_options *given) {
    options = *given;
    sock_connect(&door, options.port, on_ready);
    loop_until(is_open, nothing, PATIENCE, "opening the publisher");
}

// An event as large as asked for, with the fields that ours has.
static size_t write_event(char *text) {
    int size = sprintf(text,
                       "{\"type\":\"new-image-chat\",\"timestamp\":1760000000000,\"seq\":%llu,\"broadcastId\":"
                       "\"0198c0de-0000-4000-8000-000000000000\",\"userId\":\"load\",\"conversation\":\"",
                       (unsigned long long)number);
    int rest = options.bytes - size - 2;
    if (rest > 0) {
        memset(text + size, 'x', (size_t)rest);
        size += rest;
    }
    memcpy(text + size, "\"}", 2);
    return (size_t)size + 2;
}

static size_t write_message(char *message) {
    static char event[MESSAGE];
    size_t size = write_event(event), before = strlen(options.prefix), after = strlen(options.suffix);
    size_t whole = before + size + after, at = 0;
    if (options.door == WEBSOCKET)
        at = ws_head(message, whole, false);
    if (options.door == NATS)
        at = (size_t)sprintf(message, "PUB room %zu\r\n", whole);
    memcpy(message + at, options.prefix, before);
    memcpy(message + at + before, event, size);
    memcpy(message + at + before + size, options.suffix, after);
    at += whole;
    if (options.door == LINES)
        message[at++] = '\n';
    if (options.door == NATS)
        at += (size_t)sprintf(message + at, "\r\n");
    return at;
}

void publish(int count) {
    static char messages[AT_ONCE * MESSAGE];
    uint64_t at = now();
    size_t size = 0;
    if (count > AT_ONCE)
        count = AT_ONCE;
    for (int i = 0; i < count; i++) {
        times_sent(++number, at);
        size += write_message(messages + size);
    }
    sock_write(&door, messages, size);
}

uint64_t published(void) { return number; }
