#define _GNU_SOURCE
#include "loop.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, BUFFER = 1 << 18, WRITE_SECONDS = 10 };

static int epoll = -1, patient = -1;
static uint64_t patience, looked_at_patient;
static char buffer[CARRY + BUFFER];
static struct epoll_event events[EVENTS];

void loop_open(void) {
    epoll = epoll_create1(EPOLL_CLOEXEC);
    patient = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0 || patient < 0)
        fail("epoll: %s", strerror(errno));
}

uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

void fail(const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++) // a sentence, not data: quotes only have to stay readable
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = '\'';
    printf("{\"failed\":\"%s\"}\n", text);
    fflush(stdout);
    exit(3);
}

void sock_connect(struct sock *sock, int port, void (*ready)(struct sock *, uint32_t)) {
    sock->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sock->fd < 0)
        fail("no more sockets: %s", strerror(errno));
    int one = 1;
    setsockopt(sock->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sock->ready = ready;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(sock->fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS && errno != ECONNREFUSED)
        fail("cannot connect to port %d: %s", port, strerror(errno));
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = sock};
    epoll_ctl(epoll, EPOLL_CTL_ADD, sock->fd, &event);
}

void loop_want(struct sock *sock, uint32_t wanted) {
    struct epoll_event event = {.events = wanted, .data.ptr = sock};
    epoll_ctl(epoll, EPOLL_CTL_MOD, sock->fd, &event);
}

void loop_make_patient(struct sock *sock, double milliseconds) {
    patience = (uint64_t)(milliseconds * SECOND / 1000);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = sock};
    epoll_ctl(epoll, EPOLL_CTL_DEL, sock->fd, NULL);
    epoll_ctl(patient, EPOLL_CTL_ADD, sock->fd, &event);
}

void sock_close(struct sock *sock) {
    if (sock->fd >= 0)
        close(sock->fd);
    sock->fd = -1;
}

int sock_error(const struct sock *sock) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

void sock_write(struct sock *sock, const char *data, size_t size) {
    while (size > 0) {
        ssize_t sent = send(sock->fd, data, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            data += sent;
            size -= (size_t)sent;
        } else if (errno == EAGAIN) {
            struct pollfd writable = {.fd = sock->fd, .events = POLLOUT};
            if (poll(&writable, 1, WRITE_SECONDS * 1000) == 0)
                fail("the server takes nothing any more");
        } else {
            return; // it is gone: its end is read, and says so
        }
    }
}

long sock_read(struct sock *sock, char **data, bool *broken) {
    *data = buffer + CARRY;
    ssize_t size = recv(sock->fd, *data, BUFFER, 0);
    *broken = size < 0 && errno != EAGAIN && errno != EINTR;
    return size;
}

static int look(int set, int milliseconds) {
    int count = epoll_wait(set, events, EVENTS, milliseconds);
    for (int i = 0; i < count; i++) {
        struct sock *sock = events[i].data.ptr;
        if (sock->fd >= 0)
            sock->ready(sock, events[i].events);
    }
    return count;
}

void loop_once(int milliseconds) {
    look(epoll, milliseconds);
    if (now() - looked_at_patient >= patience) {
        looked_at_patient = now();
        while (look(patient, 0) == EVENTS)
            ;
    }
}

void loop_until(bool (*done)(void), uint64_t (*progress)(void), double seconds, const char *what) {
    uint64_t last = progress(), changed = now();
    while (!done()) {
        loop_once(1);
        uint64_t here = progress();
        if (here != last) {
            last = here;
            changed = now();
        } else if ((double)(now() - changed) > seconds * SECOND) {
            fail("%s: nothing more for %.0f s", what, seconds);
        }
    }
}
