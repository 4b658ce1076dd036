/** The kind in a host, over stand-ins for the models. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Operation } from "../../../../generated/ir/operations.ts";
import { createHost } from "../../../../src/host/create-host.ts";
import { scratch } from "../../../helpers/guest.ts";
import { recordingOf, sound, wav } from "../../protocols/local/asr/stand-in.ts";
import { kindOver, NO_FILES, standInFiles } from "../../protocols/local/models.ts";

const input = { type: "text", text: "One." } as const;
const NO_FORMAT = [{ field: "format", effect: "changed", detail: "the audio is audio/wav instead of the default mp3" }];

const hostOver = (files = NO_FILES, operations?: readonly Operation[]) =>
	createHost({
		kinds: [{ ...kindOver(files), name: "stand-in" }],
		config: {
			host: { log_level: "silent", cache_dir: scratch() },
			backends: {
				here: { kind: "stand-in", ...(operations === undefined ? {} : { operations: [...operations] }) },
				stub: { kind: "stub" },
			},
		},
	});

test("a speech request without a format gets sound under every policy, and one for mp3 is refused", async () => {
	const host = await hostOver(await standInFiles());
	try {
		const client = host.client();
		for (const backend of ["here", "stub"]) {
			for (const degradation of ["strict", "declared", "lenient"] as const) {
				const options = { routing: { backend, allowlist: [], denylist: [], preferred: [] }, degradation };
				const { payload } = await client.call("text_to_speech", { input }, options);
				assert.equal([payload.mime_type, payload.downgrades], ["audio/wav", NO_FORMAT], `${backend}, ${degradation}`);
			}
		}
		const refused = await client.call("text_to_speech", { input, format: "mp3" }).catch((thrown) => thrown);
		assert.match(String(refused), "SpearError [missing_capabilities]");
	} finally {
		await host.close();
	}
});

test("a guest that overloads an engine harms neither another guest nor its own later requests", async () => {
	const host = await createHost({
		kinds: [{ ...kindOver(await standInFiles()), name: "stand-in" }],
		config: {
			host: { log_level: "silent", cache_dir: scratch() },
			router: { max_attempts: 1 },
			backends: { here: { kind: "stand-in", options: { max_pending_requests: 0 } } },
		},
	});
	try {
		const [many, few] = ["many", "few"].map((guest) => host.client({ guest }));
		const say = (client = many) =>
			client?.call("text_to_speech", { input, format: "wav" }).then(
				() => "served",
				(thrown) => thrown.code,
			);
		const flood = Array.from({ length: 20 }, () => say());
		assert.is(await say(few), "served");
		assert.equal((await Promise.all(flood)).toSorted(), [...Array(16).fill("rate_limited"), ...Array(4).fill("served")]);
		assert.equal([await say(), await say(few)], ["served", "served"]);
	} finally {
		await host.close();
	}
});

test("a missing model does not prevent the start: requests fail with the remedy, and the check names each", async () => {
	const host = await hostOver();
	try {
		const [check] = await host.checkBackends({ backends: ["here"] });
		assert.is(check?.status, "failed");
		for (const part of ["text_to_speech: the model flite is not on this machine", "embeddings: the model sentence-encoder-en is not"])
			assert.ok(check?.message.includes(part), check?.message);
	} finally {
		await host.close();
	}
});

test("a backend with some operations is checked for these, and lists their models", async () => {
	const host = await hostOver(NO_FILES, ["text_to_speech", "image_generation"]);
	try {
		const [check] = await host.checkBackends({ backends: ["here"] });
		assert.is(check?.message, "text_to_speech: the model flite is not on this machine; run the command");
		assert.equal(
			host.backends()[0]?.residentModels.map(({ name }) => name),
			["flite"],
		);
	} finally {
		await host.close();
	}
	const painter = await hostOver(NO_FILES, ["image_generation"]);
	try {
		const [check] = await painter.checkBackends({ backends: ["here"] });
		assert.equal([check?.status, painter.backends()[0]?.residentModels], ["ok", []]);
	} finally {
		await painter.close();
	}
});

for (const [model, operations] of [
	["flite", "text_to_speech"],
	["sentence-encoder-en", "embeddings"],
	["silero-vad", "speech_to_text"],
	["moonshine-tiny", "speech_to_text"],
] as const)
	test(`a changed file of ${model} fails ${operations} with the remedy before the engine reads it`, async () => {
		const path = join(scratch(), "weights");
		writeFileSync(path, "changed");
		const checksOf = (name: string) => (name === model ? [{ model, path, sha256: "0".repeat(64) }] : []);
		const host = await hostOver({ ...(await standInFiles()), checksOf });
		try {
			const client = host.client();
			const options = { routing: { backend: "here", allowlist: [], denylist: [], preferred: [] } };
			const calls = {
				text_to_speech: () => client.call("text_to_speech", { input }, options),
				embeddings: () => client.call("embeddings", { input: ["a"] }, options),
				speech_to_text: () => client.call("speech_to_text", { audio: recordingOf(wav(sound(".s."))) }, options),
			};
			const thrown: unknown = await calls[operations]().catch((fault: unknown) => fault);
			assert.match(String(thrown), `the model ${model} is broken: weights has another content; run \`spear models pull ${model}\``);
		} finally {
			await host.close();
		}
	});

test("a host lists the models that run in its process, and those that are loaded", async () => {
	const host = await hostOver(await standInFiles());
	const loaded = () => host.backends()[0]?.residentModels.map(({ name, isLoaded }) => `${name}${isLoaded ? ", loaded" : ""}`);
	try {
		const models = ["silero-vad", "moonshine-tiny", "flite", "sentence-encoder-en"];
		assert.equal(loaded(), models);
		await host.client().call("text_to_speech", { input }, { routing: { backend: "here", allowlist: [], denylist: [], preferred: [] } });
		assert.equal(loaded(), models.with(2, "flite, loaded"));
	} finally {
		await host.close();
	}
});

test.run();
