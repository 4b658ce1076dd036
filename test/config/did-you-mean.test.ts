import { test } from "uvu";
import * as assert from "uvu/assert";
import { PRESETS } from "../../src/backends/kinds/openai-compatible/presets/index.ts";
import { closest, didYouMean, plainName } from "../../src/config/did-you-mean.ts";
import {
	KEY_OTHER_NAMES,
	KIND_OTHER_NAMES,
	OPERATION_OTHER_NAMES,
	PRESET_OTHER_NAMES,
	VALUE_OTHER_NAMES,
} from "../../src/config/other-names.ts";
import { OPERATION_NAMES } from "../../src/operations/is-operation.ts";
import { faultsOf } from "../helpers/config.ts";

test("an operation is found by the name of its family, by the vendors' words, and with typing errors", () => {
	const words = {
		chat_completions: ["chat", "cchat", "completions", "chat-completions", "ChatCompletions", "chat/completions", "chta_completions"],
		embeddings: ["emb", "embed", "embedding", "Embeddings", "embedings"],
		image_generation: ["img", "image", "images", "imagegeneration", "image_generations"],
		speech_to_text: ["asr", "stt", "transcription", "audio/transcriptions", "speech2text"],
		text_to_speech: ["tts", "speech", "audio.speech", "text2speech"],
		realtime_voice: ["rt", "realtime", "real-time", "realtimevoice"],
	};
	for (const [operation, names] of Object.entries(words))
		for (const name of names) assert.is(closest(name, OPERATION_NAMES, OPERATION_OTHER_NAMES), operation, name);
	assert.is(didYouMean("quux", OPERATION_NAMES, OPERATION_OTHER_NAMES), "");
});

test("a short name in a file gets the suggestion of the operation in each place", () => {
	const text = (name: string): string => `
[backends.a]
kind = "stub"
operations = ["${name}"]
models = [{ name = "m", operations = ["${name}"] }]
operation_limits.${name} = { batch = 1 }
[routes.${name}]
[guests.g.routes.${name}]
`;
	for (const [name, operation] of Object.entries({ chat: "chat_completions", tts: "text_to_speech", rt: "realtime_voice" })) {
		const found = faultsOf(text(name));
		assert.is(found.length, 5, found.join("\n"));
		for (const fault of found) assert.match(fault, `did you mean '${operation}'?`);
	}
});

test("kinds, policies, levels, features and keys are found by the words of other programs", () => {
	const text = `
[host]
log_level = "warning"
timeoutMs = 5
[backend.x]
kind = "stub"
[backends.a]
kind = "openai"
url = "https://a.example"
features = ["tools", "vision"]
key_policy = "round-robin"
[routes.embeddings]
policy = "least_conn"
first_event_timeout = 5
`;
	const suggested = faultsOf(text).map((fault) => `${fault.split(":")[0]} → ${/did you mean '([^']*)'/.exec(fault)?.[1]}`);
	assert.equal(suggested, [
		"host.log_level → warn",
		"host.timeoutMs → timeout_ms",
		"backend → backends",
		"backends.a.kind → openai-compatible",
		"backends.a.url → base_url",
		"backends.a.features[0] → supports_tools",
		"backends.a.features[1] → supports_vision",
		"backends.a.key_policy → round_robin",
		"routes.embeddings.policy → least_inflight",
		"routes.embeddings.first_event_timeout → first_event_timeout_ms",
	]);
});

test("a key of another table is suggested with its table", () => {
	assert.equal(faultsOf('log_level = "info"'), ["log_level: no such key; did you mean 'host.log_level'?"]);
});

test("a vendor with a preset in the place of a kind gets the lines to write", () => {
	for (const [name, preset] of Object.entries({ mistral: "mistral", LMStudio: "lm-studio", "together.ai": "together" })) {
		const [fault = ""] = faultsOf(`[backends.a]\nkind = "${name}"\n`);
		assert.match(
			fault,
			`no backend kind is named '${name}'; write kind = "openai-compatible" and options = { preset = "${preset}" }; there are: `,
		);
	}
});

test("every preset is found by its name, and every other name leads to a preset", () => {
	const found = new Set(Object.values(PRESET_OTHER_NAMES));
	assert.equal([...found].toSorted(), Object.keys(PRESETS).toSorted());
	for (const name of found) assert.is(PRESET_OTHER_NAMES[plainName(name)], name);
});

test("an option of a kind beside the keys of a backend is sent to the table of options", () => {
	const [fault] = faultsOf('[backends.a]\nkind = "stub"\ndelay_ms = 5\n');
	assert.is(fault, "backends.a.delay_ms: no such key; the options of a kind belong in [backends.a.options]");
});

test("a misspelled option of a kind is reported with the closest option", () => {
	const text = '[backends.a]\nkind = "openai-compatible"\nbase_url = "https://a.example"\noptions = { max_token_field = "max_tokens" }\n';
	assert.match(faultsOf(text)[0] ?? "", /^backends\.a\.options\.max_token_field: .*; did you mean 'max_tokens_field'\?$/);
});

test("every other name is in the spelling that names are compared in", () => {
	for (const names of [OPERATION_OTHER_NAMES, KIND_OTHER_NAMES, PRESET_OTHER_NAMES, VALUE_OTHER_NAMES, KEY_OTHER_NAMES])
		for (const name of Object.keys(names)) assert.match(name, /^[a-z0-9]+$/);
});

test.run();
