/** Guests that were built against earlier versions of the ABI, on the host of today, with both engines. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../../src/index.ts";
import { scratch } from "../../helpers/guest.ts";
import { isRunnable, KEPT_GUESTS } from "../../helpers/old-guests.ts";

const INPUT = "A red kite";

/** Answers by the name of the guest, with the embedded stub. */
const ANSWERS: Readonly<Record<string, string>> = {
	"all-families": [
		"discovery.operations: true",
		"cchat.complete: stop stub: you said A red kite",
		"cchat.complete-stream: true",
		"cchat.session: system user assistant, 1 request",
		"emb.embed: 2 of 64",
		"img.create: image/png",
		"tts.synthesize: audio/wav, true",
		"tts.list-voices: true",
		"asr.transcribe: true",
		"media.put: 1 2 3",
		"transform.call: 1 of 64",
		"poll.poll: 1",
		"rt.session: true",
		"cchat.complete without messages: invalid-request",
	].join("\n"),
	"chat-stream": "stub: you said A red kite",
	"log-line": INPUT,
};

for (const engine of ["direct", "jco"] as const)
	for (const guest of KEPT_GUESTS) {
		const { version, name, bytes } = guest;
		const fate = isRunnable(guest) ? "runs" : "is refused";
		test(`the guest ${name}, built for spear:ai ${version}, ${fate} on this host with the engine ${engine}`, async () => {
			const host = await createHost({ config: { host: { cache_dir: scratch() } } });
			try {
				const answer = host.load(bytes, { engine }).then((agent) => agent.run(INPUT));
				if (isRunnable(guest)) assert.is(await answer, ANSWERS[name]);
				else assert.match(await answer.catch(String), `\`spear:ai@${version}\``);
			} finally {
				await host.close();
			}
		});
	}

test.run();
