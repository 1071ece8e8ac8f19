#include "options.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reads a file of texts, each ended by `end`; returns them ended by NULL.
static char **read_texts(const char *path, char end) {
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail("cannot read %s", path);
    size_t count = 0, size = 0, line_size = 0;
    char **texts = NULL, *line = NULL;
    ssize_t length;
    while ((length = getdelim(&line, &line_size, end, file)) > 0) {
        if (line[length - 1] == end)
            line[length - 1] = 0;
        if (count + 2 > size)
            texts = realloc(texts, (size = size * 2 + 64) * sizeof *texts);
        texts[count++] = strdup(line);
        texts[count] = NULL;
    }
    free(line);
    fclose(file);
    if (count == 0)
        fail("%s is empty", path);
    return texts;
}

static enum door door_of(const char *name) {
    static const char *names[] = {[LINES] = "lines", [NATS] = "nats", [WEBSOCKET] = "websocket"};
    for (int i = LINES; i <= WEBSOCKET; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum door)i;
    fail("no such door: %s", name);
}

static void read_pids(struct options *options, char *list) {
    for (char *pid = strtok(list, ","); pid != NULL && options->pid_count < 64; pid = strtok(NULL, ","))
        options->pids[options->pid_count++] = atoi(pid);
}

void read_options(struct options *options, int argc, char **argv) {
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},          {"subscribers", required_argument, NULL, 'n'},
        {"targets", required_argument, NULL, 't'},       {"subprotocol", required_argument, NULL, 's'},
        {"hello", required_argument, NULL, 'h'},         {"binary-hello", no_argument, NULL, 'b'},
        {"await-number", no_argument, NULL, 'a'},        {"at-once", required_argument, NULL, 'o'},
        {"door", required_argument, NULL, 'd'},          {"door-port", required_argument, NULL, 'D'},
        {"door-target", required_argument, NULL, 'T'},   {"door-hello", required_argument, NULL, 'H'},
        {"prefix", required_argument, NULL, '<'},        {"suffix", required_argument, NULL, '>'},
        {"bytes", required_argument, NULL, 'B'},         {"creators", required_argument, NULL, 'c'},
        {"requests", required_argument, NULL, 'r'},      {"expect", required_argument, NULL, 'e'},
        {"create-port", required_argument, NULL, 'C'},
        {"numbered", no_argument, NULL, 'N'},            {"storm", required_argument, NULL, 'm'},
        {"spread", required_argument, NULL, 'S'},        {"window", required_argument, NULL, 'w'},
        {"rate", required_argument, NULL, 'R'},          {"seconds", required_argument, NULL, 'x'},
        {"warm-seconds", required_argument, NULL, 'W'},  {"pids", required_argument, NULL, 'P'},
        {"hold", no_argument, NULL, 'l'},                {"patience", required_argument, NULL, 'i'},
        {"give-up", required_argument, NULL, 'g'},       {NULL, 0, NULL, 0}};
    *options = (struct options){.window = 64, .seconds = 3, .warm_seconds = 0.5, .give_up = 20};
    options->watch.at_once = 128;
    options->publish.bytes = 300;
    options->publish.prefix = options->publish.suffix = "";
    options->create.expected_status = 200;
    int port = 0;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'p': port = atoi(optarg); break;
        case 'n': options->watch.count = atoi(optarg); break;
        case 't': options->watch.targets = read_texts(optarg, '\n'); break;
        case 's': options->watch.subprotocol = optarg; break;
        case 'h': options->watch.hello = optarg; break;
        case 'b': options->watch.binary_hello = true; break;
        case 'a': options->watch.await_number = true; break;
        case 'o': options->watch.at_once = atoi(optarg); break;
        case 'd': options->publish.door = door_of(optarg); break;
        case 'D': options->publish.port = atoi(optarg); break;
        case 'T': options->publish.target = optarg; break;
        case 'H': options->publish.hello = optarg; break;
        case '<': options->publish.prefix = optarg; break;
        case '>': options->publish.suffix = optarg; break;
        case 'B': options->publish.bytes = atoi(optarg); break;
        case 'c': options->create.connections = atoi(optarg); break;
        case 'C': options->create.port = atoi(optarg); break;
        case 'r': options->create.requests = read_texts(optarg, '\0'); break;
        case 'e': options->create.expected_status = atoi(optarg); break;
        case 'N': options->create.numbered = true; break;
        case 'm': options->storm.targets = read_texts(optarg, '\n'); break;
        case 'S': options->storm.spread = atof(optarg); break;
        case 'w': options->window = atoi(optarg); break;
        case 'R': options->rate = atof(optarg); break;
        case 'x': options->seconds = atof(optarg); break;
        case 'W': options->warm_seconds = atof(optarg); break;
        case 'P': read_pids(options, optarg); break;
        case 'i': options->patience = atof(optarg); break;
        case 'g': options->give_up = atof(optarg); break;
        case 'l': options->hold = true; break;
        default: fail("the options make no sense");
        }
    }
    options->watch.port = options->storm.port = port;
    if (options->create.port == 0) // else another node takes the requests
        options->create.port = port;
    options->storm.subprotocol = options->watch.subprotocol;
    if (options->publish.port == 0)
        options->publish.port = port;
    if (port == 0 || (options->watch.count > 0 && options->watch.targets == NULL) ||
        (options->create.connections > 0 && options->create.requests == NULL) || options->publish.bytes > 1024)
        fail("the options make no sense: a port, targets for subscribers and requests for creators are needed");
}
