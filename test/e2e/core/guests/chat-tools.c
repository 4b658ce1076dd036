/* A chat whose tools the host calls back within one `send`. What a tool does, its name says. */
#include "guest.h"

static char arena[65536];
static char body[32768];
static int32_t the_session;

/* Returns the number after `"name":`, or 0. */
static int64_t member(const char *json, int32_t length, const char *name) {
	int32_t size = length_of(name);
	for (int32_t at = 0; at + size < length; at += 1) {
		int32_t same = 0;
		while (same < size && json[at + same] == name[same]) same += 1;
		if (same < size) continue;
		at += size;
		while (at < length && (json[at] == '"' || json[at] == ':' || json[at] == ' ')) at += 1;
		int64_t value = 0;
		while (at < length && json[at] >= '0' && json[at] <= '9') value = value * 10 + (json[at++] - '0');
		return value;
	}
	return 0;
}

static int32_t answer(char *out, uint32_t *out_length, const char *text) {
	uint32_t length = (uint32_t)length_of(text);
	uint32_t capacity = *out_length;
	*out_length = length;
	if (capacity < length) return -28;
	for (uint32_t index = 0; index < length; index += 1) out[index] = text[index];
	return 0;
}

static int32_t sum(const char *args, int32_t length, char *out, uint32_t *out_length) {
	int64_t a = member(args, length, "a"), b = member(args, length, "b");
	put("sum a=");
	put_number(a);
	put(" b=");
	put_number(b);
	flush_line();
	char text[64];
	int32_t used = 0;
	const char *head = "{\"sum\":";
	while (head[used] != 0) {
		text[used] = head[used];
		used += 1;
	}
	char digits[20];
	int32_t count = 0;
	uint64_t rest = (uint64_t)(a + b);
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	while (count > 0) text[used++] = digits[--count];
	text[used++] = '}';
	text[used] = 0;
	return answer(out, out_length, text);
}

static int32_t waits(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length;
	int64_t start = spear_time_now_ms();
	spear_sleep_ms(20);
	report("tool_waited", spear_time_now_ms() - start >= 15);
	return answer(out, out_length, "{\"waited\":true}");
}

static int32_t traps(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length, (void)out, (void)out_length;
	__builtin_trap();
}

static int32_t loops(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length, (void)out, (void)out_length;
	volatile uint32_t rounds = 0;
	for (;;) rounds = rounds + 1;
}

static int32_t sends(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length;
	int32_t again = spear_cchat_send(the_session, 0);
	uint32_t room = sizeof body;
	report_text("send_of_the_same_session", body, spear_cchat_recv(again, body, &room));
	int32_t inner = spear_cchat_create();
	chat_param(inner, "{\"key\":\"model\",\"value\":\"m1\"}");
	chat_message(inner, "user", "inner");
	int32_t response = spear_cchat_send(inner, 0);
	report("send_within", response > 0 ? 1 : response);
	uint32_t size = sizeof body;
	int32_t got = spear_cchat_recv(response, body, &size);
	report("inner_received", got > 0);
	return answer(out, out_length, "{\"sent\":true}");
}

/* Asks for more room than the arena has, at each call. */
static int32_t wants_more(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length, (void)out;
	report("capacity", *out_length);
	*out_length = sizeof arena * 2;
	return -28;
}

static int32_t fails(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length, (void)out, (void)out_length;
	return -5;
}

static int32_t not_utf8(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length;
	return answer(out, out_length, "\xff\xfe");
}

static int32_t lies(const char *args, int32_t length, char *out, uint32_t *out_length) {
	(void)args, (void)length, (void)out;
	*out_length += 1;
	return 0;
}

/* A function of another type than a tool's. */
static int32_t wrong_type(int64_t value) { return (int32_t)value; }

static int32_t offer(int32_t session, void *function, const char *name) {
	char json[256];
	int32_t used = 0;
	const char *parts[3] = {"{\"type\":\"function\",\"function\":{\"name\":\"", name,
		"\",\"description\":\"test\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"integer\"}}}}}"};
	for (int32_t part = 0; part < 3; part += 1)
		for (const char *at = parts[part]; *at != 0; at += 1) json[used++] = *at;
	return spear_cchat_write_fn(session, (int32_t)function, json, used);
}

GUEST_START {
	int32_t session = spear_cchat_create();
	the_session = session;
	chat_param(session, "{\"key\":\"model\",\"value\":\"m1\"}");
	char text[64];
	line_length = 0;
	put("{\"key\":\"tool_arena_ptr\",\"value\":");
	put_number((int64_t)(int32_t)arena);
	put("}");
	for (int32_t index = 0; index < line_length; index += 1) text[index] = line[index];
	uint32_t length = (uint32_t)line_length;
	line_length = 0;
	report("arena_ptr", spear_cchat_ctl(session, SPEAR_CCHAT_CTL_SET_PARAM, text, &length));
	report("arena_len", chat_param(session, "{\"key\":\"tool_arena_len\",\"value\":65536}"));
	offer(session, sum, "sum");
	offer(session, waits, "waits");
	offer(session, traps, "traps");
	offer(session, loops, "loops");
	offer(session, sends, "sends");
	offer(session, wants_more, "wants_more");
	offer(session, fails, "fails");
	offer(session, not_utf8, "not_utf8");
	offer(session, lies, "lies");
	offer(session, wrong_type, "wrong_type");
	report("function_outside", spear_cchat_write_fn(session, 99999, "{\"name\":\"outside\"}", 18));
	report("definition_not_json", spear_cchat_write_fn(session, 0, "{", 1));
	chat_message(session, "user", "Use the tools.");
	int32_t response = spear_cchat_send(session, SPEAR_CHAT_SEND_FLAGS_METRICS | SPEAR_CHAT_SEND_FLAGS_AUTO_TOOL_CALLS);
	uint32_t size = sizeof body;
	int32_t got = spear_cchat_recv(response, body, &size);
	report_text("body", body, got);
}
