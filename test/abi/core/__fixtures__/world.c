/* Looks at its world by wasi-libc, and exits with 3. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
int getentropy(void *place, size_t length);

static double elapsed_ms(struct timespec from, struct timespec to) {
	return (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6;
}

int main(int argc, char **argv) {
	(void)argv;
	printf("arguments %d, environment %s\n", argc, environ && *environ ? "some" : "empty");

	struct timespec before, after, pause = {0, 5000000};
	clock_gettime(CLOCK_MONOTONIC, &before);
	nanosleep(&pause, NULL);
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("slept %d\n", elapsed_ms(before, after) >= 5);
	printf("time %d\n", time(NULL) > 1700000000);

	unsigned char bytes[32] = {0}, any = 0;
	getentropy(bytes, sizeof bytes);
	for (size_t each = 0; each < sizeof bytes; each++) any |= bytes[each];
	printf("random %d\n", any != 0);

	printf("file %d\n", open("/etc/hosts", O_RDONLY));
	char input[8];
	printf("input %zd\n", read(0, input, sizeof input));
	printf("terminal %d, position %d\n", isatty(1), (int)lseek(1, 0, SEEK_CUR));

	char *memory = malloc(1000000);
	memset(memory, 1, 1000000);
	fprintf(stderr, "memory %d\n", memory[999999]);
	printf("no end of the line");
	return 3;
}
