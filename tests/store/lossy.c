/* SPDX-License-Identifier: GPL-3.0-or-later
 * The VFS: reads and writes go to an image in memory, syncs carry it to the real file, and all
 * else (locks, shared memory, names) is the real VFS's. */
#include "tests/store/lossy.h"

#include "core/base/arena.h"

#include <fcntl.h>
#include <unistd.h>

struct lossy_file {
	sqlite3_file base;
	struct lossy *disk;
	struct lossy_image *image; /* NULL: a file that matters to nobody */
	sqlite3_file *real;
};

static struct lossy_file *file_of(sqlite3_file *file)
{
	return (struct lossy_file *)(void *)file;
}

/* Locked. Whether there is power for one more operation. */
static bool has_power(struct lossy *l)
{
	l->ops++;
	if (l->cut_at && l->ops >= l->cut_at)
		l->dead = true;
	return !l->dead;
}

static void image_write(struct lossy_image *image, const void *bytes, size_t len, size_t at)
{
	if (at + len > image->len) {
		while (at + len > image->cap) {
			image->cap = image->cap ? 2 * image->cap : 1 << 16;
			image->bytes = memory_resize(image->bytes, image->cap);
		}
		if (at > image->len)
			memset(image->bytes + image->len, 0, at - image->len);
		image->len = at + len;
	}
	memcpy(image->bytes + at, bytes, len);
}

static void image_cut(struct lossy_image *image, size_t len)
{
	if (len < image->len)
		image->len = len;
}

static void add_op(struct lossy_image *image, bool truncates, sqlite3_int64 at, const void *bytes,
	size_t len)
{
	struct lossy_op *op = memory_new(sizeof(*op) + len);

	op->truncates = truncates;
	op->at = at;
	op->len = len;
	if (len)
		memcpy(op->bytes, bytes, len);
	if (image->last)
		image->last->next = op;
	else
		image->first = op;
	image->last = op;
}

/* Frees the operations, having carried them out where `fd` is one. */
static void end_ops(struct lossy_image *image, int fd)
{
	while (image->first) {
		struct lossy_op *op = image->first;
		ssize_t done = 0;

		if (fd >= 0)
			done = op->truncates ? ftruncate(fd, op->at) :
					       pwrite(fd, op->bytes, op->len, op->at);
		(void)done;
		image->first = op->next;
		memory_free(op);
	}
	image->last = NULL;
}

static void image_drop(struct lossy_image *image)
{
	end_ops(image, -1);
	memory_free(image->bytes);
	*image = (struct lossy_image){ 0 };
}

static void image_load(struct lossy_image *image, const char *path, sqlite3_file *real)
{
	sqlite3_int64 size = 0;

	image->used = true;
	snprintf(image->path, sizeof(image->path), "%s", path);
	real->pMethods->xFileSize(real, &size);
	image->len = image->cap = (size_t)size;
	image->bytes = memory_new(image->len);
	if (size)
		real->pMethods->xRead(real, image->bytes, (int)size, 0);
}

static struct lossy_image *image_find(struct lossy *l, const char *path)
{
	for (size_t i = 0; i < LOSSY_FILES; i++)
		if (l->images[i].used && !strcmp(l->images[i].path, path))
			return &l->images[i];
	return NULL;
}

static struct lossy_image *image_of(struct lossy *l, const char *path, sqlite3_file *real)
{
	struct lossy_image *image = image_find(l, path);

	for (size_t i = 0; !image && i < LOSSY_FILES; i++)
		if (!l->images[i].used) {
			image = &l->images[i];
			image_load(image, path, real);
		}
	return image;
}

static int lossy_close(sqlite3_file *file)
{
	sqlite3_file *real = file_of(file)->real;

	return real->pMethods->xClose(real);
}

static int lossy_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
	struct lossy_file *f = file_of(file);
	size_t from = (size_t)at, want = (size_t)len, have = 0;
	int rc = SQLITE_OK;

	if (!f->image)
		return f->real->pMethods->xRead(f->real, out, len, at);
	pthread_mutex_lock(&f->disk->lock);
	if (f->disk->dead) {
		rc = SQLITE_IOERR_READ;
	} else {
		if (from < f->image->len)
			have = f->image->len - from < want ? f->image->len - from : want;
		if (have)
			memcpy(out, f->image->bytes + from, have);
		memset((char *)out + have, 0, want - have);
		if (have < want)
			rc = SQLITE_IOERR_SHORT_READ;
	}
	pthread_mutex_unlock(&f->disk->lock);
	return rc;
}

static int lossy_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	struct lossy_file *f = file_of(file);
	int rc = SQLITE_OK;

	if (!f->image)
		return f->real->pMethods->xWrite(f->real, bytes, len, at);
	pthread_mutex_lock(&f->disk->lock);
	if (!has_power(f->disk)) {
		rc = SQLITE_IOERR_WRITE;
	} else if (f->disk->full_from && f->disk->ops >= (size_t)f->disk->full_from) {
		rc = SQLITE_FULL;
	} else {
		image_write(f->image, bytes, (size_t)len, (size_t)at);
		add_op(f->image, false, at, bytes, (size_t)len);
	}
	pthread_mutex_unlock(&f->disk->lock);
	return rc;
}

static int lossy_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct lossy_file *f = file_of(file);
	int rc = SQLITE_OK;

	if (!f->image)
		return f->real->pMethods->xTruncate(f->real, size);
	pthread_mutex_lock(&f->disk->lock);
	if (!has_power(f->disk)) {
		rc = SQLITE_IOERR_TRUNCATE;
	} else {
		image_cut(f->image, (size_t)size);
		add_op(f->image, true, size, NULL, 0);
	}
	pthread_mutex_unlock(&f->disk->lock);
	return rc;
}

static int lossy_sync(sqlite3_file *file, int flags)
{
	struct lossy_file *f = file_of(file);
	int rc = SQLITE_OK, fd;

	(void)flags;
	if (!f->image)
		return SQLITE_OK;
	pthread_mutex_lock(&f->disk->lock);
	if (!has_power(f->disk)) {
		rc = SQLITE_IOERR_FSYNC;
	} else {
		fd = open(f->image->path, O_RDWR);
		if (fd < 0)
			rc = SQLITE_IOERR_FSYNC;
		end_ops(f->image, fd);
		/* Closing it drops the real VFS's locks: there is no other process. */
		if (fd >= 0)
			close(fd);
	}
	pthread_mutex_unlock(&f->disk->lock);
	return rc;
}

static int lossy_size(sqlite3_file *file, sqlite3_int64 *size)
{
	struct lossy_file *f = file_of(file);

	if (!f->image)
		return f->real->pMethods->xFileSize(f->real, size);
	pthread_mutex_lock(&f->disk->lock);
	*size = (sqlite3_int64)f->image->len;
	pthread_mutex_unlock(&f->disk->lock);
	return SQLITE_OK;
}

static int lossy_lock(sqlite3_file *file, int level)
{
	return file_of(file)->real->pMethods->xLock(file_of(file)->real, level);
}

static int lossy_unlock(sqlite3_file *file, int level)
{
	return file_of(file)->real->pMethods->xUnlock(file_of(file)->real, level);
}

static int lossy_reserved(sqlite3_file *file, int *is)
{
	return file_of(file)->real->pMethods->xCheckReservedLock(file_of(file)->real, is);
}

/* args: the error to be told, the pragma's name, its value. */
static int lossy_control(sqlite3_file *file, int what, void *args)
{
	struct lossy_file *f = file_of(file);
	char **pragma = args;

	if (what == SQLITE_FCNTL_PRAGMA && f->disk->deaf && pragma[2] &&
		!sqlite3_stricmp(pragma[1], "synchronous") &&
		!sqlite3_stricmp(pragma[2], "FULL"))
		return SQLITE_OK;
	if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE)
		return SQLITE_NOTFOUND;
	return f->real->pMethods->xFileControl(f->real, what, args);
}

static int lossy_sector(sqlite3_file *file)
{
	return file_of(file)->real->pMethods->xSectorSize(file_of(file)->real);
}

static int lossy_traits(sqlite3_file *file)
{
	return file_of(file)->real->pMethods->xDeviceCharacteristics(file_of(file)->real);
}

static int lossy_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	return file_of(file)->real->pMethods->xShmMap(
		file_of(file)->real, page, size, extend, out);
}

static int lossy_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	return file_of(file)->real->pMethods->xShmLock(file_of(file)->real, at, n, flags);
}

static void lossy_shm_barrier(sqlite3_file *file)
{
	file_of(file)->real->pMethods->xShmBarrier(file_of(file)->real);
}

static int lossy_shm_unmap(sqlite3_file *file, int remove)
{
	return file_of(file)->real->pMethods->xShmUnmap(file_of(file)->real, remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = lossy_close,
	.xRead = lossy_read,
	.xWrite = lossy_write,
	.xTruncate = lossy_truncate,
	.xSync = lossy_sync,
	.xFileSize = lossy_size,
	.xLock = lossy_lock,
	.xUnlock = lossy_unlock,
	.xCheckReservedLock = lossy_reserved,
	.xFileControl = lossy_control,
	.xSectorSize = lossy_sector,
	.xDeviceCharacteristics = lossy_traits,
	.xShmMap = lossy_shm_map,
	.xShmLock = lossy_shm_lock,
	.xShmBarrier = lossy_shm_barrier,
	.xShmUnmap = lossy_shm_unmap,
};

static int lossy_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct lossy *l = vfs->pAppData;
	struct lossy_file *f = file_of(file);
	int rc;

	*f = (struct lossy_file){ .disk = l };
	f->real = (sqlite3_file *)(void *)(f + 1);
	rc = l->real->xOpen(l->real, name, f->real, flags, out);
	if (rc)
		return rc;
	if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) {
		pthread_mutex_lock(&l->lock);
		f->image = image_of(l, name, f->real);
		pthread_mutex_unlock(&l->lock);
	}
	f->base.pMethods = &methods;
	return SQLITE_OK;
}

static int lossy_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	struct lossy *l = vfs->pAppData;
	struct lossy_image *image;
	bool dead;

	pthread_mutex_lock(&l->lock);
	dead = l->dead;
	image = image_find(l, name);
	if (image && !dead)
		image_drop(image);
	pthread_mutex_unlock(&l->lock);
	return dead ? SQLITE_IOERR_DELETE : l->real->xDelete(l->real, name, sync);
}

void lossy_start(struct lossy *l)
{
	*l = (struct lossy){ .real = sqlite3_vfs_find(NULL) };
	pthread_mutex_init(&l->lock, NULL);
	l->vfs = *l->real;
	l->vfs.pNext = NULL;
	l->vfs.zName = LOSSY_NAME;
	l->vfs.pAppData = l;
	l->vfs.szOsFile = (int)sizeof(struct lossy_file) + l->real->szOsFile;
	l->vfs.xOpen = lossy_open;
	l->vfs.xDelete = lossy_delete;
	sqlite3_vfs_register(&l->vfs, 0);
}

void lossy_stop(struct lossy *l)
{
	sqlite3_vfs_unregister(&l->vfs);
	for (size_t i = 0; i < LOSSY_FILES; i++)
		image_drop(&l->images[i]);
	pthread_mutex_destroy(&l->lock);
}

/* Some writes arrived, some in part, and not in order: each is left out, torn or kept. */
static void thin_out(struct lossy_image *image, struct rng *rng)
{
	for (struct lossy_op *op = image->first; op; op = op->next) {
		uint64_t fate = rng_below(rng, 3);

		if (fate == 0) {
			op->truncates = false;
			op->len = 0;
		} else if (fate == 1) {
			op->len = (size_t)rng_below(rng, op->len + 1);
		}
	}
}

void lossy_reboot(struct lossy *l, enum lossy_rest rest, struct rng *rng)
{
	for (size_t i = 0; i < LOSSY_FILES; i++) {
		struct lossy_image *image = &l->images[i];
		int fd = -1;

		if (image->used && rest == LOSSY_KEEP_SOME) {
			thin_out(image, rng);
			fd = open(image->path, O_RDWR);
		}
		end_ops(image, fd);
		if (fd >= 0)
			close(fd);
		image_drop(image);
	}
	l->dead = false;
	l->cut_at = l->ops = 0;
}
