/* Several epolls over one descriptor, the order of checks, and the states of closed descriptors. */
#include "guest.h"

static spear_poll_ready ready[8];

static int32_t wait(int32_t epoll, uint32_t capacity, int32_t ms) {
	uint32_t size = capacity;
	int32_t count = spear_epoll_wait(epoll, ready, &size, ms);
	report("size", size);
	return count;
}

GUEST_START {
	int32_t one = spear_epoll_create(), two = spear_epoll_create();
	int32_t session = spear_rtasr_create();
	report("itself", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_ADD, one, 1));
	report("another_epoll", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_ADD, two, 1));
	report("unknown_fd", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_ADD, 5, 1));
	report("unknown_epoll", spear_epoll_ctl(5, SPEAR_POLL_OPERATION_ADD, session, 1));
	report("not_an_epoll", spear_epoll_ctl(session, SPEAR_POLL_OPERATION_ADD, one, 1));
	report("unknown_operation", spear_epoll_ctl(one, 9, session, 1));
	report("delete_unwatched", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_DELETE, session, 0));
	report("add_one", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_ADD, session, SPEAR_POLL_EVENTS_EPOLLOUT | SPEAR_POLL_EVENTS_EPOLLHUP | 0x4000));
	report("add_two", spear_epoll_ctl(two, SPEAR_POLL_OPERATION_ADD, session, SPEAR_POLL_EVENTS_EPOLLIN));
	report("wait_one", wait(one, sizeof ready, 0));
	report("events", ready[0].events);
	report("wait_two", wait(two, sizeof ready, 0));
	int64_t start = spear_time_now_ms();
	report("wait_two_timeout", wait(two, sizeof ready, 20));
	report("waited", spear_time_now_ms() - start >= 15);
	report("no_room", wait(one, 7, 0));
	report("wait_unknown", wait(5, sizeof ready, 0));
	report("wait_of_session", wait(session, sizeof ready, 0));
	report("modify", spear_epoll_ctl(two, SPEAR_POLL_OPERATION_MODIFY, session, SPEAR_POLL_EVENTS_EPOLLHUP));
	report("close", spear_rtasr_close(session));
	report("hup_one", wait(one, sizeof ready, 1000));
	report("events_one", ready[0].events);
	report("hup_two", wait(two, sizeof ready, 1000));
	report("events_two", ready[0].events);
	report("closed_may_be_added", spear_epoll_ctl(two, SPEAR_POLL_OPERATION_ADD, session, SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLERR));
	report("err_and_hup_only_if_asked", wait(two, sizeof ready, 0));
	report("delete", spear_epoll_ctl(one, SPEAR_POLL_OPERATION_DELETE, session, 0));
	report("wait_empty", wait(one, sizeof ready, 10));
	report("close_epoll", spear_epoll_close(one));
	report("wait_closed", wait(one, sizeof ready, 0));
}
