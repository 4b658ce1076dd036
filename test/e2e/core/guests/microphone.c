/* Reads frames of a microphone, and counts them. */
#include "guest.h"

static unsigned char frame[65536];
static char text[1024];

static int32_t configure(int32_t mic, const char *json) {
	uint32_t length = (uint32_t)length_of(json);
	return spear_mic_ctl(mic, SPEAR_MIC_CTL_SET_PARAM, (void *)json, &length);
}

GUEST_START {
	int32_t mic = spear_mic_create();
	uint32_t length = sizeof frame;
	report("read_before", spear_mic_read(mic, frame, &length));
	report("not_json", configure(mic, "frame"));
	report("not_base64", configure(mic, "{\"source\":\"stub\",\"stub_pcm16_base64\":\"***\"}"));
	report("unknown_command", spear_mic_ctl(mic, 7, text, &length));
	int32_t started = configure(mic, "{\"source\":\"device\",\"frame_ms\":20,\"sample_rate_hz\":24000,\"fallback\":{\"to_stub\":false}}");
	report("device", started);
	if (started < 0) {
		length = sizeof text;
		length = (uint32_t)spear_mic_ctl(mic, SPEAR_MIC_CTL_GET_STATUS, text, &length);
		report_text("status", text, (int32_t)length);
		report("stub", configure(mic, "{\"source\":\"stub\",\"stub_pcm16_base64\":\"AQACAAMABAA=\"}"));
	}
	int32_t epoll = spear_epoll_create();
	spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, mic, SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLERR | SPEAR_POLL_EVENTS_EPOLLHUP);
	int32_t frames = 0, bytes = 0;
	int64_t sum = 0;
	while (frames < 5) {
		spear_poll_ready ready[1];
		uint32_t size = sizeof ready;
		int32_t count = spear_epoll_wait(epoll, ready, &size, 5000);
		if (count <= 0) {
			report("wait", count);
			return;
		}
		if ((ready[0].events & SPEAR_POLL_EVENTS_EPOLLIN) == 0) break;
		length = 1;
		int32_t too_short = spear_mic_read(mic, frame, &length);
		if (frames == 0) report("short", too_short);
		length = sizeof frame;
		int32_t got = spear_mic_read(mic, frame, &length);
		if (got < 0) continue;
		frames += 1;
		bytes += got;
		for (int32_t at = 0; at + 1 < got; at += 2) sum += (int16_t)(frame[at] | frame[at + 1] << 8);
	}
	report("frames", frames);
	report("bytes", bytes);
	report("sum", sum);
	length = sizeof text;
	int32_t got = spear_mic_ctl(mic, SPEAR_MIC_CTL_GET_STATUS, text, &length);
	report_text("status", text, got);
	report("close", spear_mic_close(mic));
	report("read_closed", spear_mic_read(mic, frame, &length));
}
