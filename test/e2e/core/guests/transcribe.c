/* Transcribes a second of sound. Compiled with SEGMENT=1 the guest ends the utterance, with SEGMENT=2 the host does by its size, and with 0 the upstream. */
#include "guest.h"

#ifndef SEGMENT
#define SEGMENT 0
#endif

static unsigned char sound[9600];
static char event[65536];

/* Returns true if the text contains another. */
static int32_t contains(const char *text, int32_t length, const char *part) {
	int32_t size = length_of(part);
	for (int32_t at = 0; at + size <= length; at += 1) {
		int32_t same = 0;
		while (same < size && text[at + same] == part[same]) same += 1;
		if (same == size) return 1;
	}
	return 0;
}

GUEST_START {
	int32_t session = spear_rtasr_create();
	uint32_t length = sizeof event;
	report("read_before", spear_rtasr_read(session, event, &length));
	report("no_key", transcription_command(session, SPEAR_RTASR_CTL_SET_PARAM, "{\"value\":1}"));
	report("transport", transcription_command(session, SPEAR_RTASR_CTL_SET_PARAM, "{\"key\":\"transport\",\"value\":\"websocket\"}"));
	report("model", transcription_command(session, SPEAR_RTASR_CTL_SET_PARAM, "{\"key\":\"model\",\"value\":\"listener\"}"));
	report("bad_strategy", transcription_command(session, SPEAR_RTASR_CTL_SET_AUTOFLUSH, "{\"strategy\":\"other\"}"));
#if SEGMENT == 1
	report("segment", transcription_command(session, SPEAR_RTASR_CTL_SET_AUTOFLUSH, "{\"strategy\":\"manual\"}"));
#elif SEGMENT == 2
	report("segment", transcription_command(session, SPEAR_RTASR_CTL_SET_AUTOFLUSH, "{\"strategy\":\"client_commit\",\"client_commit\":{\"max_buffer_bytes\":48000,\"min_flush_gap_ms\":0}}"));
#else
	report("segment", transcription_command(session, SPEAR_RTASR_CTL_SET_AUTOFLUSH, "{\"strategy\":\"server_vad\",\"vad\":{\"silence_ms\":600}}"));
#endif
	length = sizeof event;
	int32_t got = spear_rtasr_ctl(session, SPEAR_RTASR_CTL_GET_AUTOFLUSH, event, &length);
	report_text("autoflush", event, got);
	report("write_before", spear_rtasr_write(session, sound, sizeof sound));
	report("connect", transcription_command(session, SPEAR_RTASR_CTL_CONNECT, 0));
	report("connect_again", transcription_command(session, SPEAR_RTASR_CTL_CONNECT, 0));
	for (int32_t index = 1; index < 5; index += 1) spear_rtasr_write(session, sound, sizeof sound);
	report("event_unknown", transcription_command(session, SPEAR_RTASR_CTL_SEND_EVENT, "{\"type\":\"other\"}"));
#if SEGMENT == 1
	report("flush", transcription_command(session, SPEAR_RTASR_CTL_FLUSH, 0));
#endif
	int32_t epoll = spear_epoll_create();
	spear_epoll_ctl(epoll, SPEAR_POLL_OPERATION_ADD, session, SPEAR_POLL_EVENTS_EPOLLIN | SPEAR_POLL_EVENTS_EPOLLERR | SPEAR_POLL_EVENTS_EPOLLHUP);
	for (;;) {
		spear_poll_ready ready[1];
		uint32_t size = sizeof ready;
		int32_t count = spear_epoll_wait(epoll, ready, &size, 10000);
		if (count <= 0) {
			report("wait", count);
			return;
		}
		int32_t ended = (ready[0].events & (SPEAR_POLL_EVENTS_EPOLLERR | SPEAR_POLL_EVENTS_EPOLLHUP)) != 0;
		if ((ready[0].events & SPEAR_POLL_EVENTS_EPOLLIN) == 0 && ended) break;
		length = 2;
		got = spear_rtasr_read(session, event, &length);
		if (got == -28) {
			length = sizeof event;
			got = spear_rtasr_read(session, event, &length);
		}
		if (got < 0) continue;
		if (contains(event, got, "\"type\":\"conversation.item.input_audio_transcription.delta\"")) report_text("delta", event, got);
		if (contains(event, got, "\"type\":\"conversation.item.input_audio_transcription.completed\"")) {
			report_text("completed", event, got);
			break;
		}
	}
	length = sizeof event;
	got = spear_rtasr_ctl(session, SPEAR_RTASR_CTL_GET_STATUS, event, &length);
	report_text("status", event, got);
	report("clear", transcription_command(session, SPEAR_RTASR_CTL_CLEAR, 0));
	report("close", spear_rtasr_close(session));
	report("write_closed", spear_rtasr_write(session, sound, sizeof sound));
	report("read_closed", spear_rtasr_read(session, event, &length));
}
