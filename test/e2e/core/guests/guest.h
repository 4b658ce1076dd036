/* What the guests of the tests share. They use no C library: what they import is the ABI alone. */
#ifndef GUEST_H
#define GUEST_H

#include "spear_core.h"

/* Each guest reports by log lines `name=value`, which the tests read. */

static inline int32_t length_of(const char *text) {
	int32_t length = 0;
	while (text[length] != 0) length += 1;
	return length;
}

static char line[512];
static int32_t line_length;

static __attribute__((noinline, unused)) void put_bytes(const char *text, int32_t length) {
	for (int32_t index = 0; index < length && line_length < (int32_t)sizeof line; index += 1) line[line_length++] = text[index];
}

static __attribute__((noinline, unused)) void put(const char *text) { put_bytes(text, length_of(text)); }

static __attribute__((noinline, unused)) void put_number(int64_t value) {
	char digits[20];
	int32_t count = 0;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0) put_bytes("-", 1);
	while (count > 0) put_bytes(&digits[--count], 1);
}

static __attribute__((noinline, unused)) void flush_line(void) {
	spear_log(SPEAR_LOG_LEVEL_INFO, line, line_length);
	line_length = 0;
}

/* Reports a number. */
static __attribute__((noinline, unused)) void report(const char *name, int64_t value) {
	put(name);
	put_bytes("=", 1);
	put_number(value);
	flush_line();
}

/* Reports a text. */
static __attribute__((noinline, unused)) void report_text(const char *name, const char *text, int32_t length) {
	put(name);
	put_bytes("=", 1);
	put_bytes(text, length);
	flush_line();
}

/* Sets a parameter of a chat or a transcription by its JSON. */
static __attribute__((noinline, unused)) int32_t chat_param(int32_t session, const char *json) {
	uint32_t length = (uint32_t)length_of(json);
	return spear_cchat_ctl(session, SPEAR_CCHAT_CTL_SET_PARAM, (void *)json, &length);
}

static __attribute__((noinline, unused)) int32_t chat_message(int32_t session, const char *role, const char *content) {
	return spear_cchat_write_msg(session, role, length_of(role), content, length_of(content));
}

static __attribute__((noinline, unused)) int32_t transcription_command(int32_t session, int32_t command, const char *json) {
	uint32_t length = json == 0 ? 0 : (uint32_t)length_of(json);
	return spear_rtasr_ctl(session, command, (void *)json, &length);
}

/* Clang may make calls of these out of loops and assignments. */
__attribute__((weak)) void *memcpy(void *to, const void *from, unsigned long length) {
	char *target = to;
	const char *source = from;
	for (unsigned long index = 0; index < length; index += 1) target[index] = source[index];
	return to;
}

__attribute__((weak)) void *memset(void *to, int value, unsigned long length) {
	char *target = to;
	for (unsigned long index = 0; index < length; index += 1) target[index] = (char)value;
	return to;
}

#define GUEST_START __attribute__((export_name("_start"))) void _start(void)

#endif
