/* The errors of user streams, and their states. */
#include "guest.h"

static unsigned char frame[262145 + 64];
static char text[1024];

static void header(uint32_t stream, uint32_t data) {
	for (int32_t index = 0; index < 32; index += 1) frame[index] = 0;
	frame[0] = 'S', frame[1] = 'P', frame[2] = 'S', frame[3] = 'T', frame[4] = 1, frame[6] = 32, frame[8] = 2;
	*(uint32_t *)&frame[12] = stream;
	*(uint32_t *)&frame[28] = data;
}

GUEST_START {
	report("negative", spear_user_stream_open(-1, SPEAR_USER_STREAM_DIRECTION_INBOUND));
	report("direction", spear_user_stream_open(1, 4));
	int32_t in = spear_user_stream_open(1, SPEAR_USER_STREAM_DIRECTION_INBOUND);
	int32_t out = spear_user_stream_open(2, SPEAR_USER_STREAM_DIRECTION_OUTBOUND);
	uint32_t length = sizeof frame;
	report("read_nothing", spear_user_stream_read(in, frame, &length));
	report("read_of_writer", spear_user_stream_read(out, frame, &length));
	header(1, 0);
	report("write_of_reader", spear_user_stream_write(in, frame, 32));
	header(2, 0);
	report("write_too_early", spear_user_stream_write(out, frame, 32));
	frame[0] = 'X';
	report("write_no_frame", spear_user_stream_write(out, frame, 32));
	header(9, 0);
	report("write_other_stream", spear_user_stream_write(out, frame, 32));
	header(2, sizeof frame - 64);
	int32_t epoll = spear_epoll_create();
	spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, in, SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLHUP);
	spear_poll_ready ready[2];
	uint32_t size = sizeof ready;
	report("wait", spear_epoll_wait(epoll, ready, &size, 5000));
	report("ready_fd", ready[0].fd == in);
	length = sizeof frame;
	report("read", spear_user_stream_read(in, frame, &length));
	length = sizeof text;
	int32_t got = spear_fd_ctl(in, SPEAR_FD_CTL_GET_METRICS, text, &length);
	report_text("metrics", text, got);
	/* The user has sent a frame to stream 2, too. */
	header(2, sizeof frame - 64 + 32);
	report("write_too_large", spear_user_stream_write(out, frame, sizeof frame - 64 + 64));
	int32_t written = 0, result = 0;
	header(2, 200000 - 32);
	while (written < 1000 && (result = spear_user_stream_write(out, frame, 200000)) == 0) written += 1;
	report("written_before_full", written);
	report("write_when_full", result);
	report("close", spear_user_stream_close(out));
	report("write_of_closed", spear_user_stream_write(out, frame, 200000));
}
