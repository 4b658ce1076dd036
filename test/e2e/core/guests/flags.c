/* Questions to descriptors, and their flags. */
#include "guest.h"

static char text[1024];

static int32_t control(int32_t fd, int32_t command, const char *json) {
	uint32_t length = (uint32_t)length_of(json);
	return spear_fd_ctl(fd, command, (void *)json, &length);
}

static void ask(const char *name, int32_t fd, int32_t command) {
	uint32_t length = sizeof text;
	int32_t got = spear_fd_ctl(fd, command, text, &length);
	if (got < 0) report(name, got);
	else report_text(name, text, got);
}

GUEST_START {
	int32_t fd = spear_mic_create();
	ask("flags", fd, SPEAR_FD_CTL_GET_FLAGS);
	report("set", control(fd, SPEAR_FD_CTL_SET_FLAGS, "{\"set\":[\"O_NONBLOCK\",\"O_OTHER\"]}"));
	ask("flags", fd, SPEAR_FD_CTL_GET_FLAGS);
	report("clear", control(fd, SPEAR_FD_CTL_SET_FLAGS, "{\"clear\":[\"O_NONBLOCK\"]}"));
	ask("flags", fd, SPEAR_FD_CTL_GET_FLAGS);
	report("not_json", control(fd, SPEAR_FD_CTL_SET_FLAGS, "flags"));
	ask("kind", fd, SPEAR_FD_CTL_GET_KIND);
	ask("status", fd, SPEAR_FD_CTL_GET_STATUS);
	ask("metrics", fd, SPEAR_FD_CTL_GET_METRICS);
	ask("unknown_command", fd, 6);
	ask("unknown_fd", 3, SPEAR_FD_CTL_GET_KIND);
	uint32_t length = 4;
	report("short", spear_fd_ctl(fd, SPEAR_FD_CTL_GET_KIND, text, &length));
	report("need", length);
	ask("epoll", spear_epoll_create(), SPEAR_FD_CTL_GET_KIND);
	ask("session", spear_cchat_create(), SPEAR_FD_CTL_GET_KIND);
	ask("stream", spear_user_stream_open(3, SPEAR_USER_STREAM_DIRECTION_INBOUND), SPEAR_FD_CTL_GET_KIND);
	ask("control", spear_user_stream_ctl_open(), SPEAR_FD_CTL_GET_METRICS);
	report("close", spear_mic_close(fd));
	ask("status", fd, SPEAR_FD_CTL_GET_STATUS);
}
