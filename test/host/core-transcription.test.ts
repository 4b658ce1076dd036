/** Transcription of core modules through the whole host, in its thread and in workers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, GuestError, type HostEvent } from "../../src/index.ts";
import { TRANSCRIPTION_GUEST } from "../helpers/core-transcription-guest.ts";
import { assemble, scratch } from "../helpers/guest.ts";

const guest = await assemble(TRANSCRIPTION_GUEST);

for (const isolation of ["shared", "worker"] as const) {
	test(`a guest's audio is transcribed by a session that connects behind it (${isolation})`, async () => {
		const host = await createHost({
			config: { host: { cache_dir: scratch(), log_level: "silent" }, backends: { voice: { kind: "stub" } } },
			env: {},
		});
		try {
			const agent = await host.load(guest, { isolation });
			const lines: string[] = [];
			await agent.run("", { onEvent: (event: HostEvent) => void (event.type === "log" && lines.push(event.message)) });
			const events = lines.map((line) => JSON.parse(line));
			assert.equal(
				events.map(({ type, delta, transcript }) => [type, delta ?? transcript]),
				[
					["conversation.item.input_audio_transcription.delta", "stub heard 960 bytes"],
					["conversation.item.input_audio_transcription.completed", "stub heard 960 bytes"],
				],
			);
		} finally {
			await host.close();
		}
	});

	test(`a host without a backend for sessions refuses to connect (${isolation})`, async () => {
		const host = await createHost({
			config: {
				host: { cache_dir: scratch(), log_level: "silent" },
				backends: { chat: { kind: "stub", operations: ["chat_completions"] } },
			},
			env: {},
		});
		try {
			const agent = await host.load(guest, { isolation });
			const [result] = await Promise.allSettled([agent.run("")]);
			const thrown: unknown = result?.status === "rejected" ? result.reason : undefined;
			assert.instance(thrown, GuestError);
			assert.match(String(thrown), /status 2|exit.* 2|code 2/);
		} finally {
			await host.close();
		}
	});
}

test.run();
