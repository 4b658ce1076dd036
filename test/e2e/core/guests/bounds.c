/* More descriptors than the host allows, and a stream whose user has gone. */
#include "guest.h"

static unsigned char frame[32] = {'S', 'P', 'S', 'T', 1, 0, 32, 0, 2, 0, 0, 0, 1};

GUEST_START {
	int32_t stream = spear_user_stream_open(1, SPEAR_USER_STREAM_DIRECTION_OUTBOUND);
	int32_t epoll = spear_epoll_create();
	int32_t opened = 0, last = 0;
	while (opened < 100000) {
		last = spear_mic_create();
		if (last < 0) break;
		opened += 1;
	}
	report("opened", opened);
	report("one_more", last);
	report("one_more_session", spear_cchat_create());
	report("one_more_transcription", spear_rtasr_create());
	report("one_more_epoll", spear_epoll_create());
	report("one_more_stream", spear_user_stream_open(2, SPEAR_USER_STREAM_DIRECTION_INBOUND));
	report("one_more_control", spear_user_stream_ctl_open());
	report("close", spear_mic_close(stream + 2));
	report("room_again", spear_mic_create() > 0);
	spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, stream, SPEAR_POLL_EVENTS_EPOLLHUP);
	spear_poll_ready ready[1];
	uint32_t size = sizeof ready;
	report("user_gone", spear_epoll_wait(epoll, ready, &size, 10000));
	report("write", spear_user_stream_write(stream, frame, sizeof frame));
}
