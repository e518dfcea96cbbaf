#include "clock.h"

#include <sys/random.h>
#include <time.h>

long
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
clock_pause(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

long
clock_random(unsigned long limit)
{
	unsigned long n = 0;

	(void)!getrandom(&n, sizeof(n), 0);
	return (long)(n % limit);
}
