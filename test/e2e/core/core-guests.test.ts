/** Guests in C that use each import of the module `spear`, through all layers to servers on real sockets and back. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CORE_IMPORTS } from "../../../generated/abi/core/index.ts";
import { readCoreInterface } from "../../../src/abi/binary/core-interface.ts";
import { decodeFrame, encodeFrame, FrameType, GuestError, UserStreams } from "../../../src/index.ts";
import { coreGuest, coreGuestNames } from "../../helpers/core-guests.ts";
import { CORE_KEY, type CoreHost, type CoreRun, startCoreHost } from "../../helpers/core-host.ts";
import { answer, type Behaviour } from "../../helpers/openai-server.ts";
import { greet } from "../../helpers/realtime-server.ts";

const test = suite<{ core: CoreHost }>("guests that are core modules");

test.before(async (context) => {
	context.core = await startCoreHost();
});

test.after(({ core }) => core.close());

const USAGE = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };

function completion(message: object, finish: string): unknown {
	const choice = {
		index: 0,
		message: { role: "assistant", content: null, refusal: null, ...message },
		logprobs: null,
		finish_reason: finish,
	};
	return { id: "chatcmpl-1", object: "chat.completion", created: 1_700_000_000, model: "m1-2026", choices: [choice], usage: USAGE };
}

const says = (content: string): Behaviour => answer.json(completion({ content }, "stop"));

/** An answer that calls tools. */
function calls(...named: readonly (readonly [name: string, args: object])[]): Behaviour {
	const tool_calls = named.map(([name, args], index) => ({
		id: `call_${name}_${index}`,
		type: "function",
		function: { name, arguments: JSON.stringify(args) },
	}));
	return answer.json(completion({ tool_calls }, "tool_calls"));
}

/** Compares values of lines by name. */
function reports(run: CoreRun, expected: Readonly<Record<string, string | number>>): void {
	const found = Object.fromEntries(Object.keys(expected).map((name) => [name, run.value(name)]));
	assert.equal(found, Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, String(value)])));
}

function jsonOf(run: CoreRun, name: string): unknown {
	return JSON.parse(run.value(name) ?? "null");
}

test("the guests import every function of the description", async () => {
	const used = new Set<string>();
	for (const name of coreGuestNames()) {
		for (const item of readCoreInterface(await coreGuest(name)).imports) used.add(`${item.module}.${item.name}`);
	}
	assert.equal([...used].sort(), CORE_IMPORTS.map(({ module, name }) => `${module}.${name}`).sort());
});

test("clocks, random numbers, waiting and log lines", async ({ core }) => {
	const run = await core.run("basics");
	assert.is(run.error, undefined);
	assert.ok(Math.abs(Number(run.value("now_ms")) - Date.now()) < 60_000);
	assert.ok(Math.abs(Number(run.value("now_s")) - Date.now() / 1000) < 60);
	reports(run, { random_differs: 1, log_longest: 0, log_too_long: -22, log_negative_length: -22, log_outside: -14 });
	reports(run, { log_negative_pointer: -14, log_empty: 0, log_not_utf8: 0 });
	assert.ok(Number(run.value("slept_ms")) >= 29, run.value("slept_ms"));
	const levels = run.events.flatMap((event) => (event.type === "log" && event.message === "a line" ? [event.level] : []));
	assert.equal(levels, ["info", "trace", "debug", "info", "warn", "error", "info"]);
	assert.ok(run.lines.includes("bad \ufffd\ufffd text"));
});

test("a chat, an answer beyond the first buffer, metrics, and the errors of each call", async ({ core }) => {
	core.chat.script(says("Paris"));
	const run = await core.run("chat");
	assert.is(run.error, undefined);
	reports(run, { session: 1000, model: 0, temperature: 0, no_key: -5, empty_key: -5, not_json: -5, task_policy: -13, mcp_not_bool: -22 });
	reports(run, { unknown_command: -22, system: 0, user: 0, message_outside: -14, message_negative_length: -14, message_unknown_fd: -9 });
	reports(run, { response_follows: 1, short: -28, short_untouched: 1, whole_as_told: 1, again: 1, metrics_of_session: -9 });
	reports(run, { receive_of_session: -9, receive_length_outside: -14, receive_outside: -14, send_of_response: -9 });
	reports(run, { close_response: 0, close_session: 0, close_again: 0, close_unknown: -9, send_of_closed: -9 });
	assert.equal(jsonOf(run, "metrics"), USAGE);
	assert.equal(jsonOf(run, "kind"), { kind: "ChatResponse" });
	assert.equal(jsonOf(run, "status"), { kind: "ChatResponse", flags: [], poll_mask: ["EPOLLIN"], closed: false });
	const request = core.chat.requests.at(-1);
	assert.is(request?.headers.authorization, `Bearer ${CORE_KEY}`);
	assert.equal(request?.json(), {
		model: "m1",
		messages: [
			{ role: "system", content: "Answer in one word." },
			{ role: "user", content: "What is the capital of France?" },
		],
		temperature: 0.5,
	});
	assert.not.match(run.lines.join("\n"), CORE_KEY);
});

test("a failure of the upstream is a body with an error", async ({ core }) => {
	core.chat.script(answer.status(404, { error: { message: "no such model", type: "invalid_request_error" } }));
	const run = await core.run("chat");
	assert.is(run.error, undefined);
	assert.match(run.value("body") ?? "", /^\{"error":\{.*"message":"/);
	assert.equal(jsonOf(run, "metrics"), {});
});

test("a tool of the guest is called twice in one send", async ({ core }) => {
	const before = core.chat.requests.length;
	core.chat.script(calls(["sum", { a: 7, b: 35 }]), calls(["sum", { a: 42, b: 8 }]), says("fifty"));
	const run = await core.run("chat-tools");
	assert.is(run.error, undefined);
	assert.ok(run.lines.includes("sum a=7 b=35"));
	assert.ok(run.lines.includes("sum a=42 b=8"));
	reports(run, { arena_ptr: 0, arena_len: 0, function_outside: 0, definition_not_json: 0 });
	assert.match(run.value("body") ?? "", /"content":"fifty"/);
	assert.match(run.value("body") ?? "", /"_spear":\{"backend":"upstream","model":"m1"\}/);
	const results = toolResults(core, before);
	assert.equal(results, ['{"sum":42}', '{"sum":50}']);
});

/** Contents of the tool messages of the last request. */
function toolResults(core: CoreHost, from: number): unknown[] {
	assert.ok(core.chat.requests.length > from);
	const body = core.chat.requests.at(-1)?.json();
	const messages = typeof body === "object" && body !== null && "messages" in body && Array.isArray(body.messages) ? body.messages : [];
	return messages.flatMap((message: { role: string; content: string }) => (message.role === "tool" ? [message.content] : []));
}

test("a tool waits, fails, lies, sends itself, or is no tool: the model learns of it, and the guest goes on", async ({ core }) => {
	const before = core.chat.requests.length;
	core.chat.script(
		calls(
			["waits", {}],
			["fails", {}],
			["lies", {}],
			["not_utf8", {}],
			["wants_more", {}],
			["wrong_type", {}],
			["outside", {}],
			["none", {}],
		),
		calls(["sends", {}]),
		says("inner answer"),
		says("done"),
	);
	const run = await core.run("chat-tools");
	assert.is(run.error, undefined);
	reports(run, { tool_waited: 1, send_within: 1, inner_received: 1 });
	assert.match(run.value("send_of_the_same_session") ?? "", /^\{"error":\{/);
	assert.match(run.value("body") ?? "", /"content":"done"/);
	const results = toolResults(core, before).map((text) => JSON.parse(String(text)));
	const codes = results.map((result) => result.error?.code ?? result);
	const failed = "tool_exec_failed";
	assert.equal(codes, [{ waited: true }, failed, failed, failed, failed, failed, failed, "unknown_tool", { sent: true }]);
});

test("a tool that traps ends or fails alone, and a tool that loops is stopped at the deadline", async ({ core }) => {
	core.chat.script(calls(["traps", {}]), says("after the trap"));
	const trapped = await core.run("chat-tools");
	if (trapped.error === undefined) assert.match(trapped.value("body") ?? "", /after the trap/);
	else assert.instance(trapped.error, GuestError);
	core.chat.script(calls(["loops", {}]));
	const looped = await core.run("chat-tools", { timeoutMs: 300 });
	assert.match(String(looped.error), /deadline|timeout|timed out/i);
});

for (const [name, segment] of [
	["transcribe-server", 0],
	["transcribe-guest", 1],
	["transcribe-host", 2],
] as const) {
	test(`a transcription whose utterances end by the ${["upstream", "guest", "host"][segment]}`, async ({ core }) => {
		const sent: string[] = [];
		let bytes = 0;
		core.voice.script(
			greet(async (peer) => {
				while (bytes < 48_000 || (segment > 0 && !sent.includes("input_audio_buffer.commit"))) {
					const event = await peer.next();
					sent.push(event.type);
					if (event.type === "input_audio_buffer.append") bytes += Buffer.from(String(event.audio), "base64").length;
				}
				const item = { item_id: "item1", content_index: 0 };
				await peer.send(
					{ type: "input_audio_buffer.committed", event_id: "e1", item_id: "item1" },
					{ type: "conversation.item.input_audio_transcription.delta", event_id: "e2", ...item, delta: "Good " },
					{ type: "conversation.item.input_audio_transcription.delta", event_id: "e3", ...item, delta: "day" },
					{ type: "conversation.item.input_audio_transcription.completed", event_id: "e4", ...item, transcript: "Good day" },
				);
			}),
		);
		const run = await core.run(name, { timeoutMs: 20_000 });
		assert.is(run.error, undefined);
		assert.equal(core.voice.faults, []);
		reports(run, { read_before: -11, no_key: -22, transport: 0, model: 0, bad_strategy: -22, segment: 0, write_before: 9600 });
		reports(run, { connect: 0, connect_again: 0, event_unknown: -22, close: 0, write_closed: -9, read_closed: -9 });
		assert.is(bytes, 48_000);
		assert.is(sent.includes("input_audio_buffer.commit"), segment > 0);
		assert.match(run.value("delta") ?? "", /"delta":"Good /);
		assert.match(run.value("completed") ?? "", /"transcript":"Good day"/);
		const autoflush = jsonOf(run, "autoflush");
		const strategy = typeof autoflush === "object" && autoflush !== null && "strategy" in autoflush ? autoflush.strategy : undefined;
		assert.is(strategy, ["server_vad", "manual", "client_commit"][segment]);
	});
}

test("a microphone without a device, then the artificial source", async ({ core }) => {
	const run = await core.run("microphone");
	assert.is(run.error, undefined);
	reports(run, { read_before: -11, not_json: -22, not_base64: -22, unknown_command: -22, device: -5, stub: 0, short: -28 });
	reports(run, { frames: 5, bytes: 4800, sum: 6000, close: 0, read_closed: -9 });
});

test("a microphone of the embedder's sound, to its end", async ({ core }) => {
	const samples = Int16Array.from({ length: 24_000 / 10 }, (_, index) => index % 100);
	const sound = Buffer.from(samples.buffer);
	const audio = (async function* (): AsyncGenerator<Uint8Array> {
		yield sound.subarray(0, 1001);
		yield sound.subarray(1001);
	})();
	const run = await core.run("microphone", { microphone: audio });
	assert.is(run.error, undefined);
	reports(run, { device: 0, short: -28, frames: 5, bytes: 4800 });
	assert.is(run.value("sum"), String(samples.reduce((sum, sample) => sum + sample, 0)));
});

test("an echo of several streams, which waits though it may always write", async ({ core }) => {
	const streams = new UserStreams();
	const running = core.run("echo", { streams });
	const received: string[] = [];
	for (const text of ["one", "two", "x".repeat(200_000)]) {
		for (const streamId of [1, 7]) await streams.send(encodeFrame({ streamId, type: FrameType.data, data: Buffer.from(text) }));
	}
	for await (const frame of streams.frames()) {
		const { streamId, data } = decodeFrame(frame);
		received.push(`${streamId} ${Buffer.from(data).toString().slice(0, 3)} ${data.length}`);
		if (received.length === 6) streams.close();
	}
	const run = await running;
	assert.is(run.error, undefined);
	const of = (streamId: number): string[] => received.filter((line) => line.startsWith(`${streamId} `));
	assert.equal(of(1), ["1 one 3", "1 two 3", "1 xxx 200000"]);
	assert.equal(of(7), ["7 one 3", "7 two 3", "7 xxx 200000"]);
	reports(run, { closed: 1, waits_are_few: 1 });
});

test("the errors of streams, and a stream whose user does not read", async ({ core }) => {
	const streams = new UserStreams();
	const run = await core.run("streams", {
		streams,
		onEvent(event) {
			if (event.type !== "log" || !event.message.startsWith("write_other_stream")) return;
			for (const streamId of [2, 1]) void streams.send(encodeFrame({ streamId, type: FrameType.data, data: Buffer.from("hello") }));
		},
	});
	assert.is(run.error, undefined);
	reports(run, {
		negative: -22,
		direction: -22,
		read_nothing: -11,
		read_of_writer: -22,
		write_of_reader: -22,
		write_too_early: -107,
		write_no_frame: -22,
		write_other_stream: -22,
	});
	reports(run, { wait: 1, ready_fd: 1, read: 37, write_too_large: -22, write_when_full: -11, close: 0, write_of_closed: -9 });
	assert.ok(Number(run.value("written_before_full")) >= 10);
});

test("more descriptors than the host allows, and a user who has gone", async ({ core }) => {
	const streams = new UserStreams();
	const sent = streams.send(encodeFrame({ streamId: 1, type: FrameType.data, data: Buffer.from("hello") }));
	const run = await core.run("bounds", {
		streams,
		onEvent(event) {
			if (event.type === "log" && event.message.startsWith("room_again")) streams.close();
		},
	});
	await sent;
	assert.is(run.error, undefined);
	reports(run, { one_more: -12, one_more_session: -12, one_more_transcription: -12, one_more_epoll: -12, one_more_stream: -12 });
	reports(run, { one_more_control: -12, close: 0, room_again: 1, user_gone: 1, write: -32 });
	assert.ok(Number(run.value("opened")) > 100);
});

test("several epolls of one descriptor, the order of checks, and closed descriptors", async ({ core }) => {
	const run = await core.run("epolls");
	assert.is(run.error, undefined);
	reports(run, { itself: -22, another_epoll: -22, unknown_fd: -9, unknown_epoll: -9, not_an_epoll: -9, unknown_operation: -22 });
	reports(run, { delete_unwatched: 0, add_one: 0, add_two: 0, wait_one: 1, events: 4, wait_two: 0, wait_two_timeout: 0, waited: 1 });
	reports(run, { no_room: -28, wait_unknown: -9, wait_of_session: -9, modify: 0, close: 0, hup_one: 1, events_one: 16, hup_two: 1 });
	reports(run, {
		events_two: 16,
		closed_may_be_added: 0,
		err_and_hup_only_if_asked: 0,
		delete: 0,
		wait_empty: 0,
		close_epoll: 0,
		wait_closed: -9,
	});
});

test("questions to descriptors, and their flags", async ({ core }) => {
	const run = await core.run("flags", { streams: new UserStreams() });
	assert.is(run.error, undefined);
	assert.equal(
		run.lines.filter((line) => line.startsWith("flags=")),
		['flags={"flags":[]}', 'flags={"flags":["O_NONBLOCK"]}', 'flags={"flags":[]}'],
	);
	reports(run, { set: 0, clear: 0, not_json: -22, kind: '{"kind":"Mic"}', metrics: "{}", unknown_command: -22, unknown_fd: -9 });
	reports(run, { short: -28, need: 14, epoll: '{"kind":"Epoll"}', session: '{"kind":"ChatSession"}', stream: '{"kind":"UserStream"}' });
	assert.match(run.value("control") ?? "", /"pending_len":0,"max_pending":1024/);
	assert.is(run.lines.at(-1), 'status={"kind":"Mic","flags":[],"poll_mask":["EPOLLHUP"],"closed":true}');
});

for (const name of ["waits-sleep", "waits-epoll", "waits-chat"] as const) {
	test(`an abort ends a guest in ${name.slice(6)} at once`, async ({ core }) => {
		core.chat.script((response) => void response.socket?.once("close", () => {}));
		const abort = new AbortController();
		let abortedAt = Number.NaN;
		const run = await core.run(name, {
			signal: abort.signal,
			onEvent(event) {
				if (event.type !== "log") return;
				setTimeout(() => {
					abortedAt = performance.now();
					abort.abort(new Error("enough"));
				}, 50);
			},
		});
		const tookMs = performance.now() - abortedAt;
		assert.ok(run.error instanceof Error, "the run was aborted");
		assert.is(run.value("went_on"), undefined);
		assert.ok(tookMs < 500, `${tookMs} ms`);
	});
}

test("a guest that computes, allocates or floods the log is bounded like a component", async ({ core }) => {
	const computes = await core.run("computes", { timeoutMs: 200 });
	assert.match(String(computes.error), /deadline|timeout|timed out/i);
	const busy = await core.run("computes", { cpuMs: 100 });
	assert.instance(busy.error, GuestError);
	const allocates = await core.run("allocates");
	assert.is(allocates.error, undefined);
	assert.ok(Number(allocates.value("pages")) * 65_536 <= 256 * 1024 * 1024);
	const floods = await core.run("floods", { timeoutMs: 300 });
	assert.match(String(floods.error), /deadline|timeout|timed out/i);
	assert.ok(floods.lines.length < 5_000, `${floods.lines.length} lines`);
});

test.run();
