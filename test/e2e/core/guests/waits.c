/* Waits for ever: WAIT=0 in a sleep, 1 for an epoll, 2 for an answer. WAIT=3 computes for ever, 4 allocates, and 5 floods the log. */
#include "guest.h"

#ifndef WAIT
#define WAIT 0
#endif

GUEST_START {
	report("waits", WAIT);
#if WAIT == 0
	spear_sleep_ms(-1);
#elif WAIT == 1
	spear_poll_ready ready[1];
	uint32_t size = sizeof ready;
	spear_epoll_wait(spear_epoll_create(), ready, &size, -1);
#elif WAIT == 2
	int32_t session = spear_cchat_create();
	chat_param(session, "{\"key\":\"model\",\"value\":\"m1\"}");
	chat_message(session, "user", "x");
	spear_cchat_send(session, 0);
#elif WAIT == 3
	volatile uint32_t rounds = 0;
	for (;;) rounds = rounds + 1;
#elif WAIT == 4
	while (__builtin_wasm_memory_grow(0, 16) != (unsigned long)-1) {
	}
	report("pages", (int64_t)__builtin_wasm_memory_size(0));
#else
	for (;;) spear_log(SPEAR_LOG_LEVEL_INFO, "flood", 5);
#endif
	report("went_on", 1);
}
