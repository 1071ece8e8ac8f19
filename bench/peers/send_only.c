// The limit: completes the handshake of WebSockets, and then only calls send() of a ready frame to each, for every line
// that a publisher sends. No rooms, no rights, no queues, no reading. It knows the one key that the load sends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 20000, BUFFER = 1 << 18, EVENTS = 256 };

static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";

static int subscribers[MOST], count;
static char buffer[BUFFER], rest[BUFFER];
static size_t rest_size;

static void send_all(int socket, const char *data, size_t size) {
    while (size > 0) {
        ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
        if (sent > 0) {
            data += sent;
            size -= (size_t)sent;
        } else if (errno == EAGAIN) {
            poll(&(struct pollfd){.fd = socket, .events = POLLOUT}, 1, 1000);
        } else {
            return;
        }
    }
}

static void deliver(const char *line, size_t size) {
    static char frame[BUFFER];
    size_t head = size < 126 ? 2 : 4;
    frame[0] = (char)0x81;
    frame[1] = (char)(size < 126 ? size : 126);
    if (size >= 126) {
        frame[2] = (char)(size >> 8);
        frame[3] = (char)size;
    }
    memcpy(frame + head, line, size);
    for (int i = 0; i < count; i++)
        send_all(subscribers[i], frame, head + size);
}

static void take_lines(const char *data, size_t size) {
    if (rest_size + size > sizeof rest)
        exit(1);
    memcpy(rest + rest_size, data, size);
    rest_size += size;
    char *at = rest, *end;
    while ((end = memchr(at, '\n', rest_size - (size_t)(at - rest))) != NULL) {
        deliver(at, (size_t)(end - at));
        at = end + 1;
    }
    rest_size -= (size_t)(at - rest);
    memmove(rest, at, rest_size);
}

static void forget(int socket) {
    for (int i = 0; i < count; i++)
        if (subscribers[i] == socket)
            subscribers[i] = subscribers[--count];
    close(socket);
}

int main(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0), one = 1;
    if (bind(listening, (struct sockaddr *)&address, size) != 0 || listen(listening, 4096) != 0)
        return 1;
    getsockname(listening, (struct sockaddr *)&address, &size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &(struct epoll_event){.events = EPOLLIN, .data.fd = listening});
    for (struct epoll_event events[EVENTS];;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listening) {
                int accepted = accept4(listening, NULL, NULL, SOCK_NONBLOCK);
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &(struct epoll_event){.events = EPOLLIN, .data.fd = accepted});
                continue;
            }
            ssize_t got = recv(fd, buffer, sizeof buffer, 0);
            if (got <= 0) {
                if (got == 0 || errno != EAGAIN)
                    forget(fd);
            } else if (strncmp(buffer, "GET ", 4) != 0) {
                take_lines(buffer, (size_t)got);
            } else if (count < MOST) {
                send_all(fd, ANSWER, sizeof ANSWER - 1);
                subscribers[count++] = fd;
            }
        }
    }
}
