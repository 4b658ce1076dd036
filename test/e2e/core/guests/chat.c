/* One chat: parameters, an answer that is longer than the first buffer, metrics, and the errors of each call. */
#include "guest.h"

static char body[16384];

GUEST_START {
	int32_t session = spear_cchat_create();
	report("session", session);
	report("model", chat_param(session, "{\"key\":\"model\",\"value\":\"m1\"}"));
	report("temperature", chat_param(session, "{\"key\":\"temperature\",\"value\":0.5}"));
	report("no_key", chat_param(session, "{\"value\":1}"));
	report("empty_key", chat_param(session, "{\"key\":\"\",\"value\":1}"));
	report("not_json", chat_param(session, "{key}"));
	report("task_policy", chat_param(session, "{\"key\":\"mcp.task_allowlist\",\"value\":[]}"));
	report("mcp_not_bool", chat_param(session, "{\"key\":\"mcp.enabled\",\"value\":\"yes\"}"));
	report("unknown_command", spear_cchat_ctl(session, 9, body, (uint32_t *)body));
	report("system", chat_message(session, "system", "Answer in one word."));
	report("user", chat_message(session, "user", "What is the capital of France?"));
	report("message_outside", spear_cchat_write_msg(session, "user", 4, (const char *)-8, 4));
	report("message_negative_length", spear_cchat_write_msg(session, "user", -4, "x", 1));
	report("message_unknown_fd", chat_message(7, "user", "x"));

	int32_t response = spear_cchat_send(session, SPEAR_CHAT_SEND_FLAGS_METRICS);
	report("response_follows", response == session + 1);
	uint32_t length = 10;
	for (int32_t index = 0; index < 16; index += 1) body[index] = '#';
	report("short", spear_cchat_recv(response, body, &length));
	report("short_untouched", body[0] == '#' && body[9] == '#');
	uint32_t need = length;
	length = sizeof body;
	int32_t got = spear_cchat_recv(response, body, &length);
	report("whole_as_told", got == (int32_t)need && length == need);
	report_text("body", body, got);
	length = sizeof body;
	report("again", spear_cchat_recv(response, body, &length) == got);
	length = sizeof body;
	got = spear_cchat_ctl(response, SPEAR_CCHAT_CTL_GET_METRICS, body, &length);
	report_text("metrics", body, got);
	length = sizeof body;
	report("metrics_of_session", spear_cchat_ctl(session, SPEAR_CCHAT_CTL_GET_METRICS, body, &length));
	length = sizeof body;
	report("receive_of_session", spear_cchat_recv(session, body, &length));
	report("receive_length_outside", spear_cchat_recv(response, body, (uint32_t *)-4));
	length = sizeof body;
	report("receive_outside", spear_cchat_recv(response, (char *)-16, &length));
	report("send_of_response", spear_cchat_send(response, 0));

	length = sizeof body;
	got = spear_fd_ctl(response, SPEAR_FD_CTL_GET_KIND, body, &length);
	report_text("kind", body, got);
	length = sizeof body;
	got = spear_fd_ctl(response, SPEAR_FD_CTL_GET_STATUS, body, &length);
	report_text("status", body, got);
	report("close_response", spear_cchat_close(response));
	report("close_session", spear_cchat_close(session));
	report("close_again", spear_cchat_close(session));
	report("close_unknown", spear_cchat_close(77));
	report("send_of_closed", spear_cchat_send(session, 0));
}
