import { test } from "uvu";
import * as assert from "uvu/assert";
import { moonshineTokens } from "../../src/model-store/moonshine-tokens.ts";
import { assertLinear } from "../helpers/growth.ts";
import { refusal } from "./archive/received.ts";

const source = (tokens: readonly string[]): string =>
	`throw 1; const llama_vocab_base64 = "${Buffer.from(tokens.join("\n")).toString("base64")}";\nmore();`;

test("each token of the vocabulary is a line of base64 and number, then come the recogniser's own", () => {
	const lines = moonshineTokens(source(["<unk>", "<0x0A>", "▁the", "é", ""])).split("\n");
	const base64 = (text: string): string => Buffer.from(text).toString("base64");
	assert.equal(lines.slice(0, 6), [
		`${base64("<unk>")} 0`,
		"Cg== 1",
		`${base64(" the")} 2`,
		`${base64("é")} 3`,
		" 4",
		`${base64("<<ST_0>>")} 5`,
	]);
	assert.is(lines.length, 5 + 768 + 1);
	assert.is(lines.at(-2), `${base64("<<ST_767>>")} 772`);
});

test("a source without a vocabulary is refused", async () => {
	for (const text of ["", "llama_vocab_base64 = 1;", 'llama_vocab_base64 = "PHVuaz4K'])
		assert.is(
			await refusal(Promise.resolve(text).then(moonshineTokens)),
			"the package has no vocabulary in the place where this version looks for one",
		);
});

test("a vocabulary is read in linear time", () =>
	assertLinear({
		name: "vocabulary",
		make: (size) => source(Array.from({ length: size }, (_, index) => `▁t${index}`)),
		run: (text: string) => moonshineTokens(text),
	}));

test.run();
