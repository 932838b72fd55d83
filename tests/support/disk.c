/* A disk that is slow, or that forgets at a power cut what was not synced. To be preloaded into a process.

   DISK_NAME       part of the names of the files that are meant, e.g. "bangtin.db"; "-shm" never is: it is memory
   DISK_SYNC_MS    a sync takes so many milliseconds longer
   DISK_PLATTER    a folder that holds, for each such file, what would be found after a power cut: at every sync,
                   and only then, the ranges written since the last one are copied there from the file
   DISK_LEAKS=1    every third write reaches the platter at once: real disks also write what nobody asked for, in
                   any order, and a log must bear that

   A process remembers what it wrote itself; with synchronous=FULL every process syncs its own. That a file became
   shorter takes effect at its next sync, that it was removed at once. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MOST_FILES 4096
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

typedef struct range { off_t at; size_t length; struct range *next; } range;
typedef struct { char *platter; range *written; int cut_short; } file;

static file files[MOST_FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned writes;

static file *of(int fd) { return fd >= 0 && fd < MOST_FILES && files[fd].platter ? &files[fd] : NULL; }

static void forget(int fd) {
    file *f = of(fd);
    if (!f) return;
    while (f->written) { range *r = f->written; f->written = r->next; free(r); }
    free(f->platter);
    memset(f, 0, sizeof *f);
}

static int is_meant(const char *path) {
    const char *name = getenv("DISK_NAME");
    return name && strstr(path, name) && !strstr(path, "-shm");
}

static char *beside(const char *path) {
    const char *folder = getenv("DISK_PLATTER"), *base = strrchr(path, '/');
    char *there;
    if (asprintf(&there, "%s/%s", folder ? folder : "", base ? base + 1 : path) < 0) abort();
    return there;
}

static void opened(int fd, const char *path) {
    if (fd < 0 || fd >= MOST_FILES || !is_meant(path)) return;
    pthread_mutex_lock(&lock);
    forget(fd);
    files[fd].platter = beside(path);
    pthread_mutex_unlock(&lock);
}

static void copy(int fd, int out, off_t at, size_t length) {
    char *piece = malloc(length);
    ssize_t n = piece ? pread(fd, piece, length, at) : 0;
    if (n > 0 && REAL(pwrite)(out, piece, n, at) != n) abort();
    free(piece);
}

static int platter(file *f) { return REAL(open)(f->platter, O_RDWR | O_CREAT | O_CLOEXEC, 0644); }

static void wrote(int fd, off_t at, ssize_t length) {
    file *f = of(fd);
    if (!f || length <= 0 || !getenv("DISK_PLATTER")) return;
    pthread_mutex_lock(&lock);
    range *r = malloc(sizeof *r);
    *r = (range){at, length, f->written};
    f->written = r;
    const char *leaks = getenv("DISK_LEAKS");
    if (leaks && *leaks && ++writes % 3 == 0) {
        int out = platter(f);
        copy(fd, out, at, length);
        REAL(close)(out);
    }
    pthread_mutex_unlock(&lock);
}

static void synced(int fd) {
    file *f = of(fd);
    if (!f) return;
    const char *ms = getenv("DISK_SYNC_MS");
    if (ms) nanosleep(&(struct timespec){atol(ms) / 1000, atol(ms) % 1000 * 1000000L}, NULL);
    if (!getenv("DISK_PLATTER")) return;
    pthread_mutex_lock(&lock);
    int out = platter(f);
    struct stat now;
    while (f->written) {
        range *r = f->written;
        f->written = r->next;
        copy(fd, out, r->at, r->length);
        free(r);
    }
    if (f->cut_short && fstat(fd, &now) == 0 && REAL(ftruncate)(out, now.st_size) == 0) f->cut_short = 0;
    REAL(close)(out);
    pthread_mutex_unlock(&lock);
}

#define OPENS(name)                                                              \
    int name(const char *path, int flags, ...) {                                 \
        va_list more;                                                            \
        va_start(more, flags);                                                   \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;  \
        va_end(more);                                                            \
        int fd = REAL(name)(path, flags, mode);                                  \
        opened(fd, path);                                                        \
        return fd;                                                               \
    }
OPENS(open)
OPENS(open64)

#define WRITES_AT(name, offset)                                                  \
    ssize_t name(int fd, const void *bytes, size_t length, offset at) {          \
        ssize_t n = REAL(name)(fd, bytes, length, at);                           \
        wrote(fd, at, n);                                                        \
        return n;                                                                \
    }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length) {
    off_t at = of(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t n = REAL(write)(fd, bytes, length);
    wrote(fd, at, n);
    return n;
}

#define SHORTENS(name, offset)                                                   \
    int name(int fd, offset length) {                                            \
        if (of(fd)) of(fd)->cut_short = 1;                                       \
        return REAL(name)(fd, length);                                           \
    }
SHORTENS(ftruncate, off_t)
SHORTENS(ftruncate64, off64_t)

int fsync(int fd) { synced(fd); return REAL(fsync)(fd); }
int fdatasync(int fd) { synced(fd); return REAL(fdatasync)(fd); }

int unlink(const char *path) {
    if (is_meant(path) && getenv("DISK_PLATTER")) {
        char *there = beside(path);
        REAL(unlink)(there);
        free(there);
    }
    return REAL(unlink)(path);
}

int close(int fd) {
    pthread_mutex_lock(&lock);
    forget(fd);
    pthread_mutex_unlock(&lock);
    return REAL(close)(fd);
}
