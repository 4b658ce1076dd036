/* Clocks, random numbers, waiting and log lines, with the errors of each. */
#include "guest.h"

static char large[16385];

GUEST_START {
	int64_t ms = spear_time_now_ms();
	report("now_ms", ms);
	report("now_s", spear_wall_time_s());
	report("random_differs", spear_random_i64() != spear_random_i64());
	spear_sleep_ms(30);
	report("slept_ms", spear_time_now_ms() - ms);
	spear_sleep_ms(0);
	for (int32_t level = -1; level <= 5; level += 1) spear_log(level, "a line\n", 7);
	for (uint32_t index = 0; index < sizeof large; index += 1) large[index] = 'x';
	report("log_longest", spear_log(SPEAR_LOG_LEVEL_DEBUG, large, 16384));
	report("log_too_long", spear_log(SPEAR_LOG_LEVEL_DEBUG, large, 16385));
	report("log_negative_length", spear_log(SPEAR_LOG_LEVEL_DEBUG, large, -1));
	report("log_outside", spear_log(SPEAR_LOG_LEVEL_DEBUG, (const char *)(__builtin_wasm_memory_size(0) * 65536 - 3), 4));
	report("log_negative_pointer", spear_log(SPEAR_LOG_LEVEL_DEBUG, (const char *)-1, 1));
	report("log_empty", spear_log(SPEAR_LOG_LEVEL_DEBUG, large, 0));
	report("log_not_utf8", spear_log(SPEAR_LOG_LEVEL_INFO, "bad \xff\xfe text", 11));
}
