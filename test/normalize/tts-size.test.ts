import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateTtsSize } from "../../src/normalize/tts.ts";

test("the size of a synthesis is the characters of its input, including markup", () => {
	assert.equal(estimateTtsSize({ input: { type: "text", text: "Guten Tag, Zoë" } }), { characters: 14 });
	assert.equal(estimateTtsSize({ input: { type: "ssml", ssml: "<speak>Hi</speak>" } }), { characters: 17 });
});

test.run();
