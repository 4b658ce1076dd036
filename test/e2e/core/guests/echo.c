/* Echoes the frames of all streams. Watches each stream for room to write too, so a wait is over at once while there is room. */
#include "guest.h"

static unsigned char frame[300000];
static int32_t streams[16];
static int32_t known;

GUEST_START {
	int32_t epoll = spear_epoll_create();
	int32_t control = spear_user_stream_ctl_open();
	report("watch_control", spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, control, SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLHUP));
	int32_t waits = 0;
	for (;;) {
		spear_poll_ready ready[16];
		uint32_t size = sizeof ready;
		int32_t count = spear_epoll_wait(epoll, ready, &size, 2000);
		waits += 1;
		if (count < 0) {
			report("wait", count);
			return;
		}
		for (int32_t index = 0; index < count; index += 1) {
			int32_t fd = ready[index].fd;
			if (fd == control) {
				spear_user_stream_event event;
				uint32_t length = 4;
				int32_t got = spear_user_stream_ctl_read(control, &event, &length);
				if (got == -28) {
					length = sizeof event;
					got = spear_user_stream_ctl_read(control, &event, &length);
				}
				if (got < 0) continue;
				if (event.kind == SPEAR_USER_STREAM_EVENT_KIND_SESSION_CLOSED) {
					report("waits_are_few", waits < 5000);
					report("closed", 1);
					return;
				}
				int32_t is_new = 1;
				for (int32_t each = 0; each < known; each += 1)
					if (streams[each] == (int32_t)event.stream_id) is_new = 0;
				if (!is_new || known == 16) continue;
				streams[known++] = (int32_t)event.stream_id;
				int32_t opened = spear_user_stream_open((int32_t)event.stream_id, SPEAR_USER_STREAM_DIRECTION_BIDIRECTIONAL);
				spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, opened,
					SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLOUT | SPEAR_POLL_EVENTS_EPOLLERR | SPEAR_POLL_EVENTS_EPOLLHUP);
				report("opened", event.stream_id);
				continue;
			}
			while ((ready[index].events & SPEAR_POLL_EVENTS_EPOLLIN) != 0) {
				uint32_t length = 16;
				int32_t got = spear_user_stream_read(fd, frame, &length);
				if (got == -28) {
					/* Nothing is lost by a buffer that is too short. */
					length = sizeof frame;
					got = spear_user_stream_read(fd, frame, &length);
				}
				if (got < 0) break;
				int32_t wrote = spear_user_stream_write(fd, frame, got);
				if (wrote != 0) report("write", wrote);
			}
		}
	}
}
