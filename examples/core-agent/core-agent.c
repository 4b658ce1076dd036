/* An agent that is a core module: asks a model, and offers a tool that the host calls back. Needs no C library. */
#include "spear_core.h"

/* Part of the memory where the host passes arguments to tools and takes their output. */
static char arena[16384];
static char body[16384];

static uint32_t length_of(const char *text)
{
	uint32_t length = 0;
	while (text[length] != 0)
		length += 1;
	return length;
}

static bool contains(const char *text, uint32_t length, const char *part)
{
	uint32_t part_length = length_of(part);
	for (uint32_t at = 0; at + part_length <= length; at += 1) {
		uint32_t same = 0;
		while (same < part_length && text[at + same] == part[same])
			same += 1;
		if (same == part_length)
			return true;
	}
	return false;
}

/* The tool. `arguments` is JSON of the model. */
static int32_t stock(const char *arguments, uint32_t length, char *output, uint32_t *output_length)
{
	const char *found = "{\"error\":\"unknown part\"}";
	if (contains(arguments, length, "\"M6-20\""))
		found = "{\"sku\":\"M6-20\",\"onHand\":480}";
	else if (contains(arguments, length, "\"M8-40\""))
		found = "{\"sku\":\"M8-40\",\"onHand\":0}";
	uint32_t room = *output_length;
	*output_length = length_of(found);
	if (room < *output_length)
		return -SPEAR_ENOSPC;
	for (uint32_t at = 0; at < *output_length; at += 1)
		output[at] = found[at];
	return 0;
}

/* Sets a parameter of a session to a number: `{"key":…,"value":…}`. */
static int32_t set_number(spear_fd session, const char *key, uint32_t value)
{
	char json[96], digits[10];
	uint32_t length = 0, count = 0;
	const char *parts[] = {"{\"key\":\"", key, "\",\"value\":"};
	for (uint32_t part = 0; part < 3; part += 1)
		for (const char *at = parts[part]; *at != 0; at += 1)
			json[length++] = *at;
	do
		digits[count++] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	while (count > 0)
		json[length++] = digits[--count];
	json[length++] = '}';
	return spear_cchat_ctl_set_param(session, json, length);
}

__attribute__((export_name("_start"))) void start(void)
{
	const char *question = "call stock {\"sku\":\"M6-20\"}";
	const char *tool = "{\"type\":\"function\",\"function\":{\"name\":\"stock\",\"description\":\"Counts a part on hand.\",\"parameters\":"
			   "{\"type\":\"object\",\"properties\":{\"sku\":{\"type\":\"string\"}},\"required\":[\"sku\"]}}}";
	spear_fd session = spear_cchat_create();
	set_number(session, "tool_arena_ptr", (uint32_t)(uintptr_t)arena);
	set_number(session, "tool_arena_len", sizeof arena);
	spear_cchat_write_msg(session, "user", 4, question, length_of(question));
	spear_cchat_write_fn(session, (int32_t)(intptr_t)stock, tool, length_of(tool));
	spear_fd response = spear_cchat_send(session, SPEAR_CHAT_SEND_FLAGS_AUTO_TOOL_CALLS);
	uint32_t length = sizeof body;
	/* A failure is an error in the body, or a negative number here. */
	if (spear_cchat_recv(response, body, &length) < 0)
		__builtin_trap();
	spear_log(SPEAR_LOG_LEVEL_INFO, body, length);
	spear_cchat_close(response);
	spear_cchat_close(session);
}
