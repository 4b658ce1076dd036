import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { coreTranscription } from "../../../helpers/core-transcription.ts";
import { settled } from "../../../helpers/fake-clock.ts";

const keys = fc.constantFrom(
	"transport",
	"backend",
	"model",
	"max_send_queue_bytes",
	"max_recv_queue_bytes",
	"stub_event_interval_ms",
	"stub_event_payload_bytes",
	"stub_emit_completed_every",
	"__proto__",
	"",
);
const values = fc.oneof(
	fc.constantFrom("websocket", "websocket", 0, 64, 2_000, -1, 2 ** 53, Number.MAX_VALUE, null, true),
	fc.jsonValue({ maxDepth: 1 }),
) as fc.Arbitrary<JsonValue>;
const events = fc.oneof(
	fc.record({
		type: fc.constantFrom("append", "commit", "clear", "x").map((name) => `input_audio_buffer.${name}`),
		audio: fc.base64String(),
	}),
	fc.jsonValue({ maxDepth: 2 }),
) as fc.Arbitrary<JsonValue>;
const rules = fc.record(
	{
		strategy: fc.constantFrom("manual", "off", "server_vad", "client_commit", "x"),
		client_commit: fc.record(
			{ flush_interval_ms: fc.nat(500), max_buffer_bytes: fc.nat(500), silence_ms: fc.nat(500), min_flush_gap_ms: fc.nat(500) },
			{ requiredKeys: [] },
		),
		enabled: fc.boolean(),
		mode: fc.constantFrom("off", "silence", "bytes"),
	},
	{ requiredKeys: [] },
);
const fd = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 5).map((number) => 1_000 + number);
const steps = fc.oneof(
	fc.record({ do: fc.constant("create" as const) }),
	fc.record({ do: fc.constant("set" as const), fd, key: keys, value: values }),
	fc.record({ do: fc.constant("connect" as const), fd }),
	fc.record({ do: fc.constant("write" as const), fd, bytes: fc.nat(2_000) }),
	fc.record({ do: fc.constant("event" as const), fd, event: events }),
	fc.record({ do: fc.constant("flush" as const), fd }),
	fc.record({ do: fc.constant("clear" as const), fd }),
	fc.record({ do: fc.constant("rules" as const), fd, rules }),
	fc.record({ do: fc.constant("read" as const), fd }),
	fc.record({ do: fc.constant("close" as const), fd }),
	fc.record({ do: fc.constant("pass" as const), ms: fc.nat(1_000) }),
	fc.record({ do: fc.constant("upstream" as const), what: fc.constantFrom("text", "end", "break") }),
	fc.record({ do: fc.constant("turn" as const) }),
);

test("whatever a guest and its upstream do, calls answer a number or an event, HUP and ERR stay, and nothing is held after the end", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(steps, { maxLength: 60 }), fc.integer({ min: 2_000, max: 100_000 }), async (list, maxBytes) => {
			const core = coreTranscription({ maxBytes, limits: { maxHandles: 5, realtimeQueueBytes: 10_000, maxRealtimeSessions: 2 } });
			const { rtasr } = core;
			const ended = new Map<number, number>();
			// Most sequences would reach no connection by chance.
			await core.connected();
			core.open({ stub_event_interval_ms: 10 });
			rtasr.connect(1_001);
			for (const step of list) {
				const answered = ((): number | undefined => {
					switch (step.do) {
						case "create":
							return rtasr.create();
						case "set":
							return rtasr.setParam(step.fd, { key: step.key, value: step.value });
						case "connect":
							return rtasr.connect(step.fd);
						case "write":
							return rtasr.write(step.fd, new Uint8Array(step.bytes));
						case "event":
							return rtasr.sendEvent(step.fd, step.event);
						case "flush":
							return rtasr.flush(step.fd);
						case "clear":
							return rtasr.clear(step.fd);
						case "rules":
							return rtasr.setAutoflush(step.fd, step.rules);
						case "close":
							return rtasr.close(step.fd);
						case "read": {
							const front = rtasr.read(step.fd);
							if (typeof front === "number") return front;
							assert.match(new TextDecoder().decode(front.item), /^\{"type":"/);
							front.remove();
							return 0;
						}
						case "pass":
							core.scope.clock.pass(step.ms);
							return undefined;
						case "upstream":
							core.channels
								.at(-1)
								?.deliver(
									step.what === "end"
										? "end"
										: step.what === "break"
											? new SpearError("backend_error", "broken")
											: { type: "input_transcript", input_transcript: { item_id: "i", text: "x".repeat(300) } },
								);
							return undefined;
						case "turn":
							return undefined;
					}
				})();
				if (step.do === "turn") await settled();
				else if (answered !== undefined) assert.ok(Number.isInteger(answered));
				for (let fd = 1_000; fd < 1_006; fd += 1) {
					const status = rtasr.getStatus(fd);
					if (typeof status === "number") continue;
					assert.ok(status.recv_queue_bytes <= 10_000);
					assert.ok(status.send_queue_bytes <= 10_000);
					const mask = core.fds.entry(fd)?.mask ?? 0;
					const before = ended.get(fd) ?? 0;
					assert.is(mask & before, before);
					ended.set(fd, mask & 24);
				}
			}
			core.fds[Symbol.dispose]();
			core.scope.abort.abort(new SpearError("cancelled", "over"));
			await settled();
			assert.is(core.memory.used, 0);
			assert.is(core.scope.clock.pending, 0);
		}),
		{ numRuns: 300 },
	);
});

test.run();
